import { fill, type Starter } from './starter.ts';

/** NAME.tests.yaml: one of each thing that a tests file can say and most need. */
export function testsText(starter: Starter): string {
  const cut = starter.transport === 'tcp' ? CUT_ON_A_STREAM : '';
  return fill(TESTS, starter, { cut });
}

const TESTS = `# The tests of @name@.ksy:
#   npx wiretwin test @name@.tests.yaml
# Each vector goes through our decoder and, in captures made of it, through every Wireshark that is found.
# All that can stand here: docs/testing.md of WireTwin.
spec: ./@name@.ksy

vectors:
  # Octets in hex (blanks as you like), and what the fields must be. What is not named may be anything.
  - name: hello
    from: client                       # the other side is "server"; client is what it is without this line
    hex: 01 01 0102 0005 706c 616e 74
    expect: { version: 1, kind: hello, number: 258, len_body: 5, body.sensor_name: 'plant' }
    info: Hello plant                  # the Info column of Wireshark

  # The same as values: lengths and conditions follow from them.
  - name: hello, by its values
    frame: { version: 1, kind: hello, number: 258, body: { sensor_name: plant } }
    expect: { len_body: 5, body.sensor_name: 'plant' }

  - name: a reading below zero
    hex: 01 02 8001 0003 00 ff85
    expect: { kind: reading, number: 32769, body.is_alarm: false, body.unit: celsius, body.value: -123 }
    info: Reading -123
  - name: an alarm
    hex: 01 02 0003 0003 81 0102
    expect: { body.is_alarm: true, body.unit: percent, body.value: 258 }
    info: Reading 258

  - name: an ack
    from: server
    hex: 01 03 0003 0001 00
    expect: { kind: ack, number: 3, body.status: taken, body.sensor_name: } # nothing behind the colon: it is not there
    info: Ack
  - name: a refusal, by its values
    from: server
    frame: { version: 1, kind: ack, number: 4, body: { status: unknown_sensor } }
    expect: { body.status: 1 }

  # What both sides say, in turn.
  - name: a conversation
    steps:
      - { from: client, frame: { version: 1, kind: hello, number: 1, body: { sensor_name: door } } }
      - { from: server, frame: { version: 1, kind: ack, number: 1, body: { status: taken } } }
      - { from: client, after: 1000, hex: 01 02 0002 0003 00 00d7 }   # a second later
      - { from: server, hex: 01 03 0002 0001 00 }
    expect:
      - { kind: hello, number: 1, body.sensor_name: door }
      - { kind: ack, number: 1 }
      - { kind: reading, number: 2, body.value: 215 }
      - { kind: ack, number: 2 }

  # Rules: those that are broken are named, all others must hold.
  - name: another version
    hex: 02 03 0001 0001 00
    expect_findings: @STEM@-VERSION
  - name: a kind that does not exist
    hex: 01 04 0001 0002 abcd
    expect: { kind: 4, body: abcd }
    expect_findings: @STEM@-KIND
    info: Kind 4
  - name: kind 0
    hex: 01 00 0001 0000
    expect_findings: @STEM@-KIND
  - name: the most that percent can be
    frame: { version: 1, kind: reading, body: { unit: percent, value: 1000 } }
  - name: more than 100 percent
    frame: { version: 1, kind: reading, body: { unit: percent, value: 1001 } }
    expect_findings: @STEM@-VALUE
  - name: less than nothing
    frame: { version: 1, kind: reading, body: { unit: percent, value: -1 } }
    expect_findings: @STEM@-VALUE

@cut@  # Octets that contradict the spec.
  - name: a reading that is too short
    hex: 01 02 0001 0002 00 00
    expect: { len_body: 2, body.unit: celsius }
    problem: malformed

  # Lengths at their ends; in hex, 78*258 is the octet 78 so many times.
  - name: an empty name
    hex: 01 01 0001 0000
    expect: { body.sensor_name: '' }
  - name: a long name
    frame: { version: 1, kind: hello, body: { sensor_name: { repeat: x, n: 258 } } }
    expect: { len_body: 258 }

# Frames made up from the spec in addition: our decoder and every Wireshark must agree on them.
properties: { runs: 30, seed: 1 }

# Percent of the spec (fields, values, kinds, rules held and broken) that the vectors must exercise.
coverage: { min: 100 }
`;

/** A datagram is whole or not there. */
const CUT_ON_A_STREAM = `  # Octets that end early.
  - name: cut inside the body
    hex: 01 01 0001 0005 706c
    expect: { len_body: 5, body: }
    problem: truncated
`;
