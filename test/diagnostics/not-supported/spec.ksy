meta:
  id: greenhouse
-wireshark:
  session:
    version: {type: u1, init: '0'}
  bind:
    - heuristic: udp
  checks:
    - id: ANSWERED
      expect: 'true'
      scope: connection
      message: Every question has an answer
seq:
  - id: body
    size: 4
    -wireshark:
      dissector: json
