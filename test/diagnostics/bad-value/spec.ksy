meta:
  id: greenhouse
  endian: big
seq:
  - id: label
    size: 8
    pad-right: 256
-wireshark:
  bind:
    - tcp: [70000]
