meta:
  id: greenhouse
seq:
  - id: heating
    type: b3be
  - id: lamp
    type: b5le
