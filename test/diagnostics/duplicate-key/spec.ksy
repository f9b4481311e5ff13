meta:
  id: greenhouse
seq:
  - id: humidity
    type: u1
    type: u2
