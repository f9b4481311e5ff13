meta:
  id: greenhouse
seq:
  - id: temperature
    type: s2
