meta:
  id: greenhouse
seq:
  humidity: u1
types:
  - sensor
