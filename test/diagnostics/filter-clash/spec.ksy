meta:
  id: greenhouse
-wireshark:
  filter: gh
seq:
  - id: humidity
    type: u1
  - id: moisture
    type: u1
    -wireshark:
      filter: humidity
