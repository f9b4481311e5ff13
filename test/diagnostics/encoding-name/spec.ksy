meta:
  id: greenhouse
  encoding: utf8
seq:
  - id: label
    type: strz
