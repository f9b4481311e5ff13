meta:
  id: greenhouse
-wireshark:
  bind:
    - udp: 6000
  session:
    version: {type: u1}
  set:
    versoin: body[0]
params:
  - id: revision
    type: u1
    -wireshark: {source: session}
seq:
  - id: body
    size: 4
