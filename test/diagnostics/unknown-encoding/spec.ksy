meta:
  id: greenhouse
seq:
  - id: label
    type: strz
    encoding: UTF-16
  - id: note
    type: strz
    encoding: UTF-88
  - id: data
    size: 4
instances:
  text:
    value: data.to_s("UTF-7")
