meta:
  id: greenhouse
seq:
  - id: sensor
    type: sensor
types:
  sensor:
    params:
      - id: unit
        type: u1
