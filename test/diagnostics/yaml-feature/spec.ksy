meta:
  id: greenhouse
seq:
  - id: humidity
    type: !!float u1
