meta:
  id: greenhouse
  endain: le
seq:
  - id: humidity
    type: u1
    repeat-until: _ == 0
  - id: label
    szie: 4
