meta:
  id: greenhouse
seq:
  - id: plant
    type: u1
    enum: plant
  - id: ripe
    type: u1
    if: plant == plant::tomatoe
enums:
  plant:
    1: tomato
