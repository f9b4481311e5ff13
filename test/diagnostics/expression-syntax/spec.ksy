meta:
  id: greenhouse
seq:
  - id: humidity
    type: u1
    if: 1 == 1 && 2 == 2
  - id: label
    size: (1 + 2
  - id: sensor
    type: sensor(1,
instances:
  text:
    value: '"\q"'
