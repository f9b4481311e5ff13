meta:
  id: greenhouse
seq:
  - id: label
    size: '"four"'
  - id: humidity
    type: u1
    if: 1
  - id: sensor
    size: 3
    process: xor(true)
