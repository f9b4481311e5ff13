import { fill, type Starter } from './starter.ts';

/** NAME.ksy: a small protocol with what most have: a head, a length, kinds with bodies of their own, rules. */
export function specText(starter: Starter): string {
  const framing = starter.transport === 'tcp' ? ON_A_STREAM : IN_DATAGRAMS;
  return fill(SPEC, starter, { framing });
}

const ON_A_STREAM =
  '# On a stream somebody has to know where a PDU ends: here "len_body" says so, and both decoders wait for all of it.';
const IN_DATAGRAMS = '# A datagram is one PDU.';

const SPEC = `# What is on the wire. From this one file come the Wireshark plugin and WireTwin's own decoder.
# All but the key "-wireshark" is plain Kaitai Struct: https://doc.kaitai.io/user_guide.html
meta:
  id: @name@
  title: @name@
  ks-version: '0.11'
  endian: be                     # most significant octet first; "le" is the other way round
doc: |
  Sensors say hello, then send readings; whoever gets one answers with an ack of the same number.

-wireshark:
  filter: @name@                # display filters begin with it: @name@.kind == 2
  bind:
    - {@transport@: @port@}               # whose octets these are; several ports are allowed
  # The Info column. An expression over the fields below; enums have names, numbers have .to_s
  info: >-
    kind == kind::hello ? "Hello " + body.as<hello>.sensor_name :
    kind == kind::reading ? "Reading " + body.as<reading>.value.to_s :
    kind == kind::ack ? "Ack" : "Kind " + kind.to_i.to_s
  # Rules: what must hold of every PDU. Each is an expert info in Wireshark and a finding of "wiretwin analyze".
  checks:
    - id: @STEM@-VERSION
      expect: version == 1
      severity: error
      message: The version is 1
    - id: @STEM@-KIND
      expect: kind.to_i >= 1 and kind.to_i <= 3
      severity: warning
      message: The kind is hello, reading or ack

@framing@
seq:
  - id: version
    type: u1                     # one octet; u2, u4, u8 are longer, s1 to s8 have a sign
    doc: Of the protocol; 1.
  - id: kind
    type: u1
    enum: kind                   # its values have the names given at the end of this file
    doc: What the PDU is.
  - id: number
    type: u2
    doc: Counts the PDUs of a sender; an ack has the number of what it answers.
  - id: len_body
    type: u2
    doc: Octets of the body.
  - id: body
    size: len_body
    type:
      switch-on: kind            # another type for each kind; octets of an unknown kind stay octets
      cases:
        'kind::hello': hello
        'kind::reading': reading
        'kind::ack': ack
    doc: What the kind needs.

types:
  hello:
    seq:
      - id: sensor_name
        type: str
        size-eos: true           # all that is left of the body
        encoding: UTF-8
        doc: Who is there.
  reading:
    seq:
      - id: is_alarm
        type: b1                 # the highest bit of an octet; the next 7 bits follow
        doc: Whether somebody should look.
      - id: unit
        type: b7
        enum: unit
        doc: What the value is in.
      - id: value
        type: s2
        doc: In tenths.
    -wireshark:
      checks:
        - id: @STEM@-VALUE
          expect: unit != unit::percent or (value >= 0 and value <= 1000)
          severity: error
          message: Percent are from 0 to 100
  ack:
    seq:
      - id: status
        type: u1
        enum: status
        doc: What became of it.

enums:
  kind:
    1: hello
    2: reading
    3: ack
  unit:
    0: celsius
    1: percent
  status:
    0: taken
    1: unknown_sensor
`;
