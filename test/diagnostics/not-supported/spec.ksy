meta:
  id: greenhouse
-wireshark:
  sync: [0x47, 0x48]
  bind:
    - heuristic: udp
seq:
  - id: body
    size: 4
    -wireshark:
      checksum: crc32
