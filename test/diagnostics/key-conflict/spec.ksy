meta:
  id: greenhouse
seq:
  - id: label
    size: 4
    size-eos: true
  - id: humidity
    type: u1
    valid:
      min: 1
      any-of: [1, 2]
