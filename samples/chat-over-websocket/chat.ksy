# A small binary protocol inside WebSocket messages, subprotocol chat.v1. A message holds one PDU or several in a row.
meta:
  id: chat
  title: Chat inside WebSocket
  license: MIT
  ks-version: '0.11'
  endian: be
doc: |
  What a chat client and its server say to each other: the client joins rooms, says something in them and leaves, and
  the server answers each request with an Ack of the same number.

-wireshark:
  name: Chat (WireTwin sample)
  filter: chat
  bind:
    # Wireshark's table of WebSocket subprotocols: what Sec-WebSocket-Protocol agreed on.
    - {table: ws.protocol, keys: [chat.v1]}
  info: >-
    (kind == kind::join ? "Join " + body.as<join>.room : kind == kind::say ? "Say " + body.as<say>.text :
    kind == kind::ack ? "Ack" : kind == kind::leave ? "Leave " + body.as<leave>.room : "Kind " + kind.to_i.to_s) + " #" + number.to_s
  pair:
    key: number
    request: kind != kind::ack
    response: kind == kind::ack
  checks:
    - id: CHAT-VERSION
      expect: version == 1
      severity: error
      message: chat.v1 has version 1
    - id: CHAT-KIND
      expect: kind.to_i >= 1 and kind.to_i <= 4
      severity: error
      message: The kind is Join, Say, Ack or Leave
    - id: CHAT-ACK
      expect: from_client or kind == kind::ack
      severity: error
      message: A server sends nothing but Ack

params:
  - id: from_client
    type: bool
    doc: Whether the client sent it.
    -wireshark: {source: direction}

seq:
  - id: version
    type: u1
    doc: Of the protocol; 1.
  - id: kind
    type: u1
    enum: kind
    doc: What the PDU is.
  - id: number
    type: u2
    doc: Counts the client's requests; an Ack has the number of the request it answers.
  - id: len_body
    type: u2
    doc: Length of the body in octets.
  - id: body
    size: len_body
    type:
      switch-on: kind
      cases:
        'kind::join': join
        'kind::say': say
        'kind::ack': ack
        'kind::leave': leave
    doc: What the kind needs.

types:
  join:
    seq:
      - id: room
        type: str
        size-eos: true
        encoding: UTF-8
        doc: The room to enter.
    -wireshark:
      checks:
        - id: CHAT-ROOM
          expect: _io.size > 0
          severity: error
          message: A room has a name
  say:
    seq:
      - id: len_room
        type: u1
      - id: room
        type: str
        size: len_room
        encoding: UTF-8
        doc: The room it is said in.
      - id: text
        type: str
        size-eos: true
        encoding: UTF-8
        doc: What is said.
  ack:
    seq:
      - id: status
        type: u1
        enum: status
        doc: What became of the request.
  leave:
    seq:
      - id: room
        type: str
        size-eos: true
        encoding: UTF-8
        doc: The room to leave.

enums:
  kind:
    1:
      id: join
      -wireshark: {name: Join}
    2:
      id: say
      -wireshark: {name: Say}
    3:
      id: ack
      -wireshark: {name: Ack}
    4:
      id: leave
      -wireshark: {name: Leave}
  status:
    0:
      id: done
      -wireshark: {name: Done}
    1:
      id: no_such_room
      -wireshark: {name: No such room}
