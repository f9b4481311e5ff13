meta:
  id: greenhouse
seq:
  - id: len_label
    type: u1
  - id: label
    size: len_label
instances:
  size_in_all:
    value: _sizeof
