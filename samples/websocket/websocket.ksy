# One WebSocket frame as RFC 6455 section 5.2 draws it. The .ksy part runs in every Kaitai Struct compiler;
# the -wireshark key says the rest: where the protocol is found, what it is called, and which rules must hold.
meta:
  id: websocket
  title: WebSocket frame
  file-extension: ws
  license: MIT
  ks-version: '0.11'
  endian: be
  bit-endian: be
  xref:
    rfc: 6455
doc: |
  A WebSocket frame: two octets of header, up to eight octets of length, four octets of masking key when the frame is
  masked, and the payload. A message is one frame, or several (fragments) of which the last one has FIN set.
doc-ref: https://www.rfc-editor.org/rfc/rfc6455#section-5.2

-wireshark:
  name: WebSocket (WireTwin)
  filter: ws
  bind:
    - http-upgrade: websocket
  replaces:
    dissector: websocket
    name: WebSocket
  limits:
    # A frame's length is the sender's claim: beyond this it is reported and not waited for.
    pdu-octets: 268435456
  info: >-
    (opcode == opcode::text ? "Text" : opcode == opcode::binary ? "Binary" : opcode == opcode::continuation ?
    "Continuation" : opcode == opcode::close ? "Close" : opcode == opcode::ping ? "Ping" : opcode == opcode::pong ?
    "Pong" : "Opcode " + opcode.to_i.to_s) + (opcode == opcode::continuation ? (fin ? " [last]" : "") : fin ? "" :
    " [first]") + (opcode != opcode::close ? " " + len_payload.to_s : payload.as<close_body>.has_code ? " " +
    payload.as<close_body>.code.to_i.to_s : "")
  checks:
    - id: MASK-C2S
      expect: is_masked or not from_client
      severity: error
      message: A client must mask its frames
      reference: RFC 6455 5.1
    - id: MASK-S2C
      expect: from_client or not is_masked
      severity: error
      message: A server must not mask its frames
      reference: RFC 6455 5.1
    - id: RSV
      expect: not rsv2 and not rsv3 and not (rsv1 and is_control)
      severity: error
      message: A reserved bit is set for which no extension is known; control frames never have one
      reference: RFC 6455 5.2
    - id: OPCODE
      expect: opcode.to_i <= 2 or (opcode.to_i >= 8 and opcode.to_i <= 10)
      severity: error
      message: Opcodes 3 to 7 and 11 to 15 are reserved
      reference: RFC 6455 5.2
    - id: LEN-MIN
      expect: (len_payload_7 != 126 or len_payload_16 >= 126) and (len_payload_7 != 127 or len_payload_64 >= 65536)
      severity: error
      message: The payload length must be written in the shortest of its three forms
      reference: RFC 6455 5.2
    - id: LEN-MSB
      expect: len_payload_7 != 127 or len_payload_64 <= 0x7fff_ffff_ffff_ffff
      severity: error
      message: The most significant bit of the 64-bit payload length must be 0
      reference: RFC 6455 5.2
    - id: CTL-LEN
      expect: not is_control or len_payload_7 <= 125
      severity: error
      message: The payload of a control frame has at most 125 octets
      reference: RFC 6455 5.5
    - id: CTL-FRAG
      expect: not is_control or fin
      severity: error
      message: A control frame must not be fragmented
      reference: RFC 6455 5.5

params:
  - id: from_client
    type: bool
    doc: True when the frame goes from the client to the server (RFC 6455 section 5.1 demands masking of these only).
    -wireshark:
      source: direction

seq:
  - id: fin
    -orig-id: FIN
    type: b1
    doc: This is the last fragment of a message, or the only one (RFC 6455 section 5.2).
    -wireshark:
      alias:
        filter: websocket.fin
        label: Fin
        type: bool
        mask: 0x80
  - id: rsv1
    -orig-id: RSV1
    type: b1
    doc: Reserved (RFC 6455 section 5.2). With permessage-deflate, the message is compressed (RFC 7692 section 6).
    -wireshark:
      alias:
        filter: websocket.rsv
        label: Reserved
        type: uint8
        mask: 0x70
  - id: rsv2
    -orig-id: RSV2
    type: b1
    doc: Reserved, 0 unless an extension gives it a meaning (RFC 6455 section 5.2).
  - id: rsv3
    -orig-id: RSV3
    type: b1
    doc: Reserved, 0 unless an extension gives it a meaning (RFC 6455 section 5.2).
  - id: opcode
    type: b4
    enum: opcode
    doc: What the payload is (RFC 6455 sections 5.2 and 11.8).
    -wireshark:
      alias:
        filter: websocket.opcode
        label: Opcode
        type: uint8
        mask: 0x0f
  - id: is_masked
    -orig-id: MASK
    type: b1
    doc: The payload is masked; frames from the client always are (RFC 6455 sections 5.1 and 5.3).
    -wireshark:
      alias:
        filter: websocket.mask
        label: Mask
        type: bool
        mask: 0x80
  - id: len_payload_7
    -orig-id: Payload len
    type: b7
    doc: Length of the payload up to 125; 126 and 127 say that a longer form follows (RFC 6455 section 5.2).
    -wireshark:
      alias:
        filter: websocket.payload_length
        label: Payload length
        type: uint8
        mask: 0x7f
  - id: len_payload_16
    -orig-id: Extended payload length (16 bits)
    type: u2
    if: len_payload_7 == 126
    doc: Length of the payload from 126 to 65535 (RFC 6455 section 5.2).
    -wireshark:
      alias:
        filter: websocket.payload_length_ext_16
        label: Extended Payload length (16 bits)
        type: uint16
  - id: len_payload_64
    -orig-id: Extended payload length (64 bits)
    type: u8
    if: len_payload_7 == 127
    doc: Length of the payload from 65536; the most significant bit must be 0 (RFC 6455 section 5.2).
    -wireshark:
      alias:
        filter: websocket.payload_length_ext_64
        label: Extended Payload length (64 bits)
        type: uint64
  - id: masking_key
    -orig-id: Masking-key
    size: 4
    if: is_masked
    doc: Octet i of the payload is XORed with octet i modulo 4 of this key (RFC 6455 section 5.3).
    -wireshark:
      alias:
        filter: websocket.masking_key
        label: Masking-Key
        type: bytes
  - id: payload
    -orig-id: Payload
    size: len_payload
    process: xor(mask)
    type:
      switch-on: opcode
      cases:
        'opcode::close': close_body
        _: data_body
    doc: The payload after unmasking (RFC 6455 sections 5.2 and 5.3).
    -wireshark:
      alias:
        - filter: websocket.payload
          label: Payload
          types: {'': none, '4.6': bytes}
          when: len_payload != 0
        - filter: websocket.masked_payload
          label: Masked payload
          types: {'': none, '4.6': bytes}
          when: is_masked and len_payload != 0
        - filter: websocket.payload.close
          label: Close
          types: {'': none, '4.6': bytes}
          when: opcode == opcode::close and len_payload != 0

instances:
  len_payload:
    value: 'len_payload_7 < 126 ? len_payload_7 : len_payload_7 == 126 ? len_payload_16 : len_payload_64'
    doc: The length of the payload in octets, whichever of the three forms gives it (RFC 6455 section 5.2).
    -wireshark:
      name: Payload length
  mask:
    value: 'is_masked ? masking_key : [0x00]'
    doc: What the payload is XORed with; a key of one zero octet changes nothing.
    -wireshark:
      hidden: true
  is_control:
    value: opcode.to_i >= 8
    doc: Control frames have opcodes from 8 (RFC 6455 section 5.5).
    -wireshark:
      hidden: true

types:
  data_body:
    doc: The payload of every frame but Close.
    seq:
      - id: data
        -orig-id: Data
        size-eos: true
        doc: |
          Application data of a data frame (RFC 6455 section 5.6), or the body of a Ping or Pong (sections 5.5.2 and
          5.5.3). Compressed when RSV1 is set on the first frame of the message (RFC 7692).
        -wireshark:
          filter: payload.data
          alias:
            - filter: websocket.payload.text
              label: Text
              type: string
              when: _root.opcode == opcode::text and _root.fin and _io.size != 0
            - filter: websocket.payload.continue
              label: Continue
              type: bytes
              when: _root.opcode == opcode::continuation and not _root.fin and _io.size != 0
            - filter: websocket.payload.ping
              label: Ping
              type: bytes
              when: _root.opcode == opcode::ping and _io.size != 0
            - filter: websocket.payload.pong
              label: Pong
              type: bytes
              when: _root.opcode == opcode::pong and _io.size != 0
            - filter: websocket.payload.unknown
              label: Unknown
              type: bytes
              when: >-
                ((_root.opcode.to_i >= 3 and _root.opcode.to_i <= 7) or _root.opcode.to_i >= 11) and _io.size != 0
    instances:
      text:
        -orig-id: Text
        pos: 0
        type: str
        size-eos: true
        encoding: UTF-8
        if: _root.opcode == opcode::text and _root.fin and not _root.rsv1 and _io.size != 0
        doc: The same as text, where the frame is a whole, uncompressed text message (RFC 6455 section 5.6).
        -wireshark:
          filter: payload.text

  close_body:
    doc: The payload of a Close frame, empty or a status code and a reason (RFC 6455 section 5.5.1).
    -wireshark:
      checks:
        - id: CLOSE-LEN
          expect: _io.size != 1
          severity: error
          message: The body of a Close frame is empty or begins with a status code of two octets
          reference: RFC 6455 5.5.1
        - id: CLOSE-CODE
          expect: >-
            not has_code or (code.to_i >= 1000 and code.to_i <= 1003) or (code.to_i >= 1007 and code.to_i <= 1014) or
            (code.to_i >= 3000 and code.to_i <= 4999)
          severity: error
          message: The status code must not be sent in a Close frame
          reference: RFC 6455 7.4.1
        - id: UTF8-CLOSE
          expect: _io.size <= 2 or reason_octets.is_utf8
          severity: error
          message: The reason of a Close frame must be UTF-8
          reference: RFC 6455 5.5.1
    seq:
      - id: code
        -orig-id: Status code
        type: u2
        enum: close_code
        if: has_code
        doc: Why the connection is closed (RFC 6455 section 7.4).
        -wireshark:
          filter: close.code
          alias:
            filter: websocket.payload.close.status_code
            label: Status code
            type: uint16
      - id: reason
        -orig-id: Reason
        type: str
        size-eos: true
        encoding: UTF-8
        doc: The same in words, for people who search for errors (RFC 6455 section 5.5.1).
        -wireshark:
          filter: close.reason
          alias:
            filter: websocket.payload.close.reason
            label: Reason
            type: string
            when: _io.size > 2
    instances:
      has_code:
        value: _io.size >= 2
        doc: A body of one octet is an error, and no status code.
        -wireshark:
          hidden: true
      reason_octets:
        pos: 2
        size-eos: true
        if: _io.size > 2
        doc: The reason as it was sent, UTF-8 or not.
        -wireshark:
          hidden: true

enums:
  opcode:
    0:
      id: continuation
      doc: A further fragment of a message (RFC 6455 section 5.4).
      -wireshark: {name: Continuation}
    1:
      id: text
      doc: Text in UTF-8 (RFC 6455 section 5.6).
      -wireshark: {name: Text}
    2:
      id: binary
      doc: Octets that only the application understands (RFC 6455 section 5.6).
      -wireshark: {name: Binary}
    8:
      id: close
      doc: The last frame a side sends (RFC 6455 section 5.5.1).
      -wireshark: {name: Close}
    9:
      id: ping
      doc: Asks for a Pong with the same body (RFC 6455 section 5.5.2).
      -wireshark: {name: Ping}
    10:
      id: pong
      doc: Answers a Ping, or is sent unasked (RFC 6455 section 5.5.3).
      -wireshark: {name: Pong}
  close_code:
    1000: {id: normal_closure, -wireshark: {name: Normal Closure}}
    1001: {id: going_away, -wireshark: {name: Going Away}}
    1002: {id: protocol_error, -wireshark: {name: Protocol error}}
    1003: {id: unsupported_data, -wireshark: {name: Unsupported Data}}
    1005: {id: no_status_received, -wireshark: {name: No Status Rcvd (never sent)}}
    1006: {id: abnormal_closure, -wireshark: {name: Abnormal Closure (never sent)}}
    1007: {id: invalid_payload, -wireshark: {name: Invalid frame payload data}}
    1008: {id: policy_violation, -wireshark: {name: Policy Violation}}
    1009: {id: message_too_big, -wireshark: {name: Message Too Big}}
    1010: {id: mandatory_extension, -wireshark: {name: Mandatory Ext.}}
    1011: {id: internal_error, -wireshark: {name: Internal Error}}
    1012: {id: service_restart, -wireshark: {name: Service Restart}}
    1013: {id: try_again_later, -wireshark: {name: Try Again Later}}
    1014: {id: bad_gateway, -wireshark: {name: Bad Gateway}}
    1015: {id: tls_handshake, -wireshark: {name: TLS handshake (never sent)}}
