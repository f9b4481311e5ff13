meta:
  id: greenhouse
-wireshark:
  name: WebSocket
  filter: mqtt
  replaces:
    dissector: websocket
    name: WebSocket
seq:
  - id: humidity
    type: u1
