meta:
  id: greenhouse
seq:
  - id: sensor
    type: sensr
  - id: again
    type: u3
types:
  sensor: {}
