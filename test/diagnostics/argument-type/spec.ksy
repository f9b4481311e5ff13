meta:
  id: greenhouse
seq:
  - id: sensor
    type: sensor(true)
types:
  sensor:
    params:
      - id: unit
        type: u1
