meta:
  id: greenhouse
seq:
  - id: len_label
    type: u1
  - id: label
    size: len_lable
  - id: sensor
    type: sensor
types:
  sensor:
    seq:
      - id: humidity
        type: u1
        if: _root.humidity > 3
      - id: again
        type: u1
        repeat: expr
        repeat-expr: _index
