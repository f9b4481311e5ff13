meta:
  id: greenhouse
seq:
  - id: humidity
    type: u1
instances:
  humidity:
    value: 1
