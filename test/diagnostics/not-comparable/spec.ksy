meta:
  id: greenhouse
seq:
  - id: plant
    type: u1
    enum: plant
    valid: 1
  - id: ripe
    type: u1
    if: plant == "tomato"
enums:
  plant:
    1: tomato
