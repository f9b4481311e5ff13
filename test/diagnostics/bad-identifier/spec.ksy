meta:
  id: Greenhouse
seq:
  - id: 2nd_sensor
    type: u1
