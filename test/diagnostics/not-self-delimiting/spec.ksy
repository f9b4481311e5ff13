meta:
  id: greenhouse
-wireshark:
  bind:
    - tcp: [7070]
    - udp: [7070]
seq:
  - id: len_label
    type: u1
  - id: label
    size: len_label
  - id: readings
    size-eos: true
