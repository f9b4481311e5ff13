meta:
  id: greenhouse
-wireshark:
  filter: Green House
seq:
  - id: humidity
    type: u1
    -wireshark:
      filter: humidity_raw
