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
    message-octets: 268435456
    # Nobody who looks at a capture wants the hundreds of megabytes that some kilobytes can be made to inflate to.
    inflated-octets: 16777216
  session:
    deflate:
      type: bool
      from: {header: Sec-WebSocket-Extensions, in: response, has: permessage-deflate}
      # Without the handshake RSV1 is believed: whoever sets it has negotiated it.
      unseen: true
      doc: permessage-deflate was accepted (RFC 7692 section 5).
    other_extension:
      type: bool
      from: {header: Sec-WebSocket-Extensions, in: response, besides: [permessage-deflate]}
      doc: An extension was accepted that may give reserved bits a meaning (RFC 6455 section 9).
    subprotocol:
      type: str
      from: {header: Sec-WebSocket-Protocol, in: response}
      doc: The subprotocol that the server chose (RFC 6455 section 1.9).
    client_no_context_takeover:
      type: bool
      from:
        {header: Sec-WebSocket-Extensions, in: response, of: permessage-deflate, parameter: client_no_context_takeover}
      doc: The client begins each message with an empty window (RFC 7692 section 7.1.1.2).
    server_no_context_takeover:
      type: bool
      from:
        {header: Sec-WebSocket-Extensions, in: response, of: permessage-deflate, parameter: server_no_context_takeover}
      doc: The server begins each message with an empty window (RFC 7692 section 7.1.1.1).
    client_max_window_bits:
      type: u1
      init: 15
      from: {header: Sec-WebSocket-Extensions, in: response, of: permessage-deflate, parameter: client_max_window_bits}
      doc: How far the client looks back, as a power of two (RFC 7692 section 7.1.2.2).
    server_max_window_bits:
      type: u1
      init: 15
      from: {header: Sec-WebSocket-Extensions, in: response, of: permessage-deflate, parameter: server_max_window_bits}
      doc: How far the server looks back, as a power of two (RFC 7692 section 7.1.2.1).
    in_message:
      type: bool
      per: direction
      doc: A fragmented message has begun and not ended (RFC 6455 section 5.4).
    closed:
      type: bool
      per: direction
      doc: This side has sent a Close frame (RFC 6455 section 5.5.1).
    last_key:
      type: bytes
      per: direction
      doc: The masking key of the frame before.
  set:
    in_message: 'is_data ? not fin and (opcode != opcode::continuation or in_message) : in_message'
    closed: opcode == opcode::close or closed
    last_key: 'is_masked ? masking_key : last_key'
  process:
    pmd_inflate:
      algorithm: deflate-raw
      # RFC 7692 section 7.2.2: the sender leaves these octets out.
      append: [0x00, 0x00, 0xff, 0xff]
      window: direction
      reset: 'from_client ? client_no_context_takeover : server_no_context_takeover'
      window-bits: 'from_client ? client_max_window_bits : server_max_window_bits'
  reassemble:
    part: is_data
    first: opcode != opcode::continuation
    last: fin
    data: payload.as<data_body>.data
    per: direction
    type: message(opcode, is_compressed)
  recover:
    from-client: is_masked
    # What no endpoint of today sends is no evidence of WebSocket.
    accept: >-
      not rsv2 and not rsv3 and (not rsv1 or opcode == opcode::text or opcode == opcode::binary)
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
      expect: other_extension or (not rsv2 and not rsv3 and (not rsv1 or deflate))
      severity: error
      message: A reserved bit is set that no negotiated extension gives a meaning
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
    - id: PMD-RSV1
      expect: not (deflate and rsv1 and opcode == opcode::continuation)
      severity: error
      message: RSV1 marks a compressed message on its first frame only
      reference: RFC 7692 6.1
    - id: PMD-CTL
      expect: not (deflate and rsv1 and is_control)
      severity: error
      message: Control frames are never compressed
      reference: RFC 7692 6.1
    - id: FRAG-ORPHAN
      expect: opcode != opcode::continuation or in_message
      severity: error
      message: A continuation frame continues nothing
      reference: RFC 6455 5.4
      doc: The fragments before it are missing, or another frame ended the message. The peer must fail the connection.
    - id: FRAG-NEST
      expect: not (opcode == opcode::text or opcode == opcode::binary) or not in_message
      severity: error
      message: A new message begins before the fragmented one has ended
      reference: RFC 6455 5.4
      doc: Two messages cannot be interleaved. A server that writes from several tasks without a lock does this.
    - id: AFTER-CLOSE
      expect: not closed or opcode == opcode::ping or opcode == opcode::pong
      severity: error
      message: Nothing but Ping and Pong may follow a side's own Close frame
      reference: RFC 6455 5.5.1
      doc: The peer ignores what comes after Close. Data sent there is lost.
    - id: MASK-ZERO
      expect: not is_masked or masking_key != [0x00, 0x00, 0x00, 0x00]
      severity: info
      message: The masking key is zero, so the payload is in clear
      reference: RFC 6455 5.3
      doc: It is legal, and no random choice. Some clients do it to save time, debugging tools to be readable.
    - id: MASK-REUSE
      expect: not is_masked or masking_key != last_key
      severity: info
      message: The masking key is the same as that of the frame before
      reference: RFC 6455 5.3
      doc: A client must choose each key anew and at random. One repetition may be chance, a constant key is none.
  rules:
    - id: HS-METHOD
      rule: upgrade-method
      scope: handshake
      message: The upgrade is asked for with GET and HTTP/1.1 or later
      reference: RFC 6455 4.1
      doc: A proxy or a hand-written client sent something else. Servers answer it with 400 or 405.
    - id: HS-KEY
      rule: upgrade-key
      scope: handshake
      message: Sec-WebSocket-Key is 16 octets in base64
      reference: RFC 6455 4.1
      doc: The key is missing or malformed. A server must answer 400.
    - id: HS-ACCEPT
      rule: upgrade-accept
      scope: handshake
      message: Sec-WebSocket-Accept is not what the key demands
      reference: RFC 6455 4.2.2
      doc: The client must fail the connection. A cache, a proxy or a mistake in the server answered for another key.
    - id: HS-VERSION
      rule: upgrade-version
      scope: handshake
      message: Sec-WebSocket-Version is 13
      reference: RFC 6455 4.1
      doc: Other versions are drafts of the protocol. A server answers 426 and names the versions it knows.
    - id: HS-UPGRADE
      rule: upgrade-token
      scope: handshake
      message: The Upgrade header names websocket
      reference: RFC 6455 4.1
      doc: Upgrade is a hop-by-hop header. A proxy that is not told to pass it on removes it.
    - id: HS-CONN
      rule: upgrade-connection
      scope: handshake
      message: The Connection header names Upgrade
      reference: RFC 6455 4.1
      doc: Connection is a hop-by-hop header. A proxy that is not told to set it sends "close" or "keep-alive".
    - id: HS-EXT
      rule: upgrade-extensions
      scope: handshake
      message: The extensions accepted were offered
      reference: RFC 6455 9.1
      doc: The client must fail the connection when the server accepts what it did not offer.
    - id: HS-SUBPROTO
      rule: upgrade-subprotocol
      scope: handshake
      message: The subprotocol chosen was offered
      reference: RFC 6455 4.1
      doc: The client must fail the connection when the server chooses what it did not offer.
    - id: HS-DUP
      rule: upgrade-duplicate
      scope: handshake
      message: A header that may stand once stands several times
      reference: RFC 6455 11.3
      doc: Two values can be read differently by a proxy and by the server behind it.
    - id: PMD-INFLATE
      rule: inflate-data
      scope: message
      message: The compressed message cannot be inflated
      reference: RFC 7692 7.2.2
      doc: The octets are no DEFLATE data, or look back at data that was never sent.
    - id: PMD-CTX
      rule: inflate-reset
      scope: message
      message: The message looks back at an earlier one, though no context takeover was negotiated
      reference: RFC 7692 7.1.1
      doc: A peer that keeps its promise has forgotten the earlier message and cannot inflate this one.
    - id: PMD-WBITS
      rule: inflate-window
      scope: message
      message: The message looks back further than the window that was negotiated
      reference: RFC 7692 7.1.2
      doc: A peer that keeps only the negotiated window cannot inflate this message.
    - id: PMD-LIMIT
      rule: inflate-limit
      scope: message
      severity: warning
      message: The message inflates to more than the limit; what is beyond it was not looked at
      reference: RFC 7692 8
      doc: A few kilobytes can inflate to gigabytes. A server needs a limit of its own (SetReadLimit in Go, maxPayload in ws).
    - id: PONG-MISSING
      rule: pong-missing
      scope: connection
      message: A Ping was never answered
      reference: RFC 6455 5.5.2
      doc: A library answers only while the application reads. In gorilla/websocket a goroutine must keep calling ReadMessage.
    - id: PONG-DATA
      rule: pong-data
      scope: connection
      message: A Pong carries other data than the Ping it answers
      reference: RFC 6455 5.5.3
      doc: The sender of the Ping cannot tell which one was answered, and may give up.
    - id: PONG-UNSOL
      rule: pong-unsol
      scope: connection
      severity: info
      message: A Pong answers no Ping
      reference: RFC 6455 5.5.3
      doc: It is a legal heartbeat in one direction, and needs no answer.
    - id: CLOSE-ECHO
      rule: close-echo
      scope: connection
      message: A Close frame was never answered
      reference: RFC 6455 5.5.1
      doc: The side that sent Close waits for the answer. Browsers report 1006 instead of the code when it does not come.
    - id: TCP-FIRST
      rule: tcp-first
      scope: connection
      severity: warning
      message: The client ended the TCP connection before the server
      reference: RFC 6455 7.1.1
      doc: The server should close first, so that the wait for late segments is its own.
    - id: FRAG-OPEN
      rule: frag-open
      scope: connection
      severity: warning
      message: A fragmented message was never finished
      reference: RFC 6455 5.4
      doc: The application at the other end never sees it. In gorilla/websocket, NextWriter without Close leaves it open.
    - id: REACTION
      rule: reaction
      scope: connection
      severity: warning
      message: The peer went on after a violation that it must fail the connection for
      reference: RFC 6455 7.1.7
      doc: What one endpoint tolerates, the next one breaks off for.
    - id: UNANSWERED
      rule: unanswered
      scope: connection
      severity: warning
      message: A message got no answer
      reference: ''
      doc: >-
        TCP delivered it, so the application dropped it or failed to answer. In gorilla/websocket, calling NextReader
        again discards what was not read of the message before.

params:
  - id: from_client
    type: bool
    doc: True when the frame goes from the client to the server (RFC 6455 section 5.1 demands masking of these only).
    -wireshark:
      source: direction
  - id: deflate
    type: bool
    doc: permessage-deflate was negotiated (RFC 7692).
    -wireshark: {source: session}
  - id: other_extension
    type: bool
    doc: Another extension was negotiated (RFC 6455 section 9).
    -wireshark: {source: session}
  - id: in_message
    type: bool
    doc: The sender has begun a fragmented message and not ended it (RFC 6455 section 5.4).
    -wireshark: {source: session}
  - id: closed
    type: bool
    doc: The sender has sent Close (RFC 6455 section 5.5.1).
    -wireshark: {source: session}
  - id: last_key
    type: bytes
    doc: The masking key of the sender's frame before this one.
    -wireshark: {source: session}
  - id: client_no_context_takeover
    type: bool
    -wireshark: {source: session}
  - id: server_no_context_takeover
    type: bool
    -wireshark: {source: session}
  - id: client_max_window_bits
    type: u1
    -wireshark: {source: session}
  - id: server_max_window_bits
    type: u1
    -wireshark: {source: session}
  - id: subprotocol
    type: str
    doc: The subprotocol that was negotiated; empty when none was (RFC 6455 section 1.9).
    -wireshark: {source: session}
  - id: server_port
    type: u2
    -wireshark: {source: server-port}

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
  is_data:
    value: opcode.to_i <= 2
    doc: Text, Binary and Continuation make up messages (RFC 6455 section 5.4).
    -wireshark:
      hidden: true
  is_compressed:
    value: deflate and rsv1
    doc: The message that begins here is compressed (RFC 7692 section 6).
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

  message:
    doc: |
      The data of one frame, or of all fragments joined (RFC 6455 section 5.4), inflated when it is compressed
      (RFC 7692 section 6.2).
    params:
      - id: opcode
        type: u1
        enum: opcode
        doc: Text or Binary, from the first frame of the message.
        -wireshark: {hidden: true}
      - id: compressed
        type: bool
        doc: The message was sent compressed (RFC 7692 section 6).
    seq:
      - id: inflated
        size-eos: true
        process: pmd_inflate
        type: message_data(opcode)
        if: compressed
      - id: plain
        size-eos: true
        type: message_data(opcode)
        if: not compressed

  message_data:
    doc: What the application sent.
    -wireshark:
      checks:
        - id: UTF8
          expect: opcode != opcode::text or octets.is_utf8
          severity: error
          message: A text message must be UTF-8
          reference: RFC 6455 5.6
          doc: The peer must fail the connection with 1007. Send octets that are no text as a binary message.
    params:
      - id: opcode
        type: u1
        enum: opcode
        -wireshark: {hidden: true}
    seq:
      - id: text
        type: str
        size-eos: true
        encoding: UTF-8
        if: opcode == opcode::text
        doc: The text of the message (RFC 6455 section 5.6).
        -wireshark:
          filter: message.text
          alias:
            filter: websocket.payload.text
            label: Text
            type: string
            when: _io.size != 0
          tables:
            ws.protocol: _root.subprotocol
            ws.port: _root.server_port
            media_type: json
          heuristics: [ws]
      - id: data
        size-eos: true
        if: opcode != opcode::text
        doc: The octets of the message (RFC 6455 section 5.6).
        -wireshark:
          filter: message.data
          tables:
            ws.protocol: _root.subprotocol
            ws.port: _root.server_port
          heuristics: [ws]
    instances:
      octets:
        pos: 0
        size-eos: true
        doc: The octets of the message, text or not.
        -wireshark: {hidden: true}
      len:
        value: _io.size
        doc: The length of the message in octets, after inflating.
        -wireshark: {filter: message.length, name: Length}
      # JSON is told by how it begins: the dissector of Wireshark for it is asked for then.
      json:
        value: >-
          opcode == opcode::text and _io.size >= 2 and (octets[0] == 0x7b or octets[0] == 0x5b) ? "application/json" : ""
        -wireshark: {hidden: true}

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
