meta:
  id: greenhouse
params:
  - id: version
    type: u1
seq:
  - id: humidity
    type: u1
