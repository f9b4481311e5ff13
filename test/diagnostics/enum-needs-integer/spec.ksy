meta:
  id: greenhouse
  encoding: UTF-8
  endian: le
seq:
  - id: plant
    type: f4
    enum: plant
enums:
  plant:
    1: tomato
