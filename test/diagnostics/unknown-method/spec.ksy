meta:
  id: greenhouse
seq:
  - id: label
    size: 4
instances:
  upper:
    value: label.to_upper
  valid:
    value: label.is_utf8
