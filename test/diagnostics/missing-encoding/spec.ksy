meta:
  id: greenhouse
seq:
  - id: label
    type: strz
