meta:
  id: greenhouse
seq:
  - id: label_size
    type: u1
  - id: label
    size: label_size
