meta:
  id: greenhouse
seq:
  - id: label
    size: 4
    process: xor(1, 2)
instances:
  text:
    value: label.to_s
  part:
    value: '"tomato".substring(1)'
