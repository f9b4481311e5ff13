meta:
  id: greenhouse
  encoding: UTF-8
seq:
  - id: label
    type: str
  - id: data
    process: zlib
