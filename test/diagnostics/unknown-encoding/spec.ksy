meta:
  id: greenhouse
seq:
  - id: label
    type: strz
    encoding: UTF-16
  - id: note
    type: strz
    encoding: UTF-88
