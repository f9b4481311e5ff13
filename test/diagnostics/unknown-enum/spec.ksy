meta:
  id: greenhouse
seq:
  - id: plant
    type: u1
    enum: plants
enums:
  plant:
    1: tomato
