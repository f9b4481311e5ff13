import { expect, test } from 'vitest';
import { formatDiagnostic, locate } from '../../spec/index.ts';
import { BEACON, readSuiteFrom, suiteFrom } from '../testing/suite-from.ts';

test('reads a vector with all it may have', () => {
  const { vectors } = suiteFrom(
    BEACON,
    `
spec: ./beacon.ksy
vectors:
  - name: two readings
    from: server
    hex: [0008 07 02, 1f4142 204344]
    expect:
      len: 8
      body: {station: 0x07, kind: soil, 'readings[1].label': CD}
      body.readings: [{moisture: 31}, {label: "CD"}]
    expect_findings: [STATION, VALID]
    info: Beacon 7
    problem: malformed
    requires: {tshark: '>=4.0'}
`,
  );
  const [vector] = vectors;
  expect(vector).toMatchObject({ name: 'two readings', line: 4, side: 's2c', info: 'Beacon 7' });
  expect(vector?.parts.map(({ octets }) => octets.length)).toEqual([4, 6]);
  expect([...(vector?.findings ?? [])]).toEqual(['STATION', 'VALID']);
  expect(vector).toMatchObject({ problem: 'malformed', requires: { text: '>=4.0' } });
  expect(vector?.expect?.[0]?.map(({ path, wanted }) => [path, wanted])).toEqual([
    ['len', { kind: 'literal', text: '8', quoted: false }],
    ['body.station', { kind: 'literal', text: '0x07', quoted: false }],
    ['body.kind', { kind: 'literal', text: 'soil', quoted: false }],
    ['body.readings[1].label', { kind: 'literal', text: 'CD', quoted: false }],
    ['body.readings', { kind: 'count', count: 2 }],
    ['body.readings[0].moisture', { kind: 'literal', text: '31', quoted: false }],
    ['body.readings[1].label', { kind: 'literal', text: 'CD', quoted: true }],
  ]);
});

test('adds the ports of the tests file to the spec', () => {
  const { protocol } = suiteFrom(
    'meta: {id: beacon}\nseq: [{id: kind, type: u1}]',
    'spec: x\ntransport: {udp: [7001, 7002]}\nvectors: [{name: a, hex: 00}]',
  );
  expect(protocol.binds).toEqual([{ kind: 'udp', ports: [7001, 7002] }]);
});

const FAULTY = `
specs: ./beacon.ksy
spec: ./beacon.ksy
transport: {tcp: 70000}
vectors:
  - name: a
    hex: 00 0g
    expect: {bdy: 1, body: {kind: water, station: 1, readings: {moisture: 1}}, len: [1]}
    expect_findings: [STATIONS]
    problem: broken
    from: gardener
    requires: {tshark: new}
  - name: a
    hex: ''
    info: [x]
    expect: {'body..kind': 1, body.station.x: 1}
    remark: none
  - hex: 00
  - soil
`;

test('locates every fault of a tests file', () => {
  const { suite, diagnostics } = readSuiteFrom(BEACON, FAULTY);
  expect(suite).toBeUndefined();
  expect(
    diagnostics.map(({ span, message, help }) => [
      Object.values(locate(span)).join(':'),
      message,
      help ?? '',
    ]),
  ).toEqual([
    ['2:1', 'A tests file has no key "specs".', 'Did you mean "spec"?'],
    ['4:18', '"tcp" must be an integer from 1 to 65535, found 70000.', ''],
    ['7:13', '"hex" must be pairs of hex digits, or PAIRS*COUNT, found "0g".', ''],
    ['8:14', 'The type "beacon" has no member "bdy".', 'Did you mean "body"?'],
    ['8:35', '"body.kind" must be an integer or one of air, soil, found "water".', ''],
    [
      '8:65',
      '"body.readings" must be a list, or one of its elements as in body.readings[0], found a member of all of them.',
      '',
    ],
    ['8:85', '"len" must be one value, for it is not repeated, found a list.', ''],
    [
      '9:23',
      expect.stringContaining('A rule in "expect_findings" must be') as string,
      'Did you mean "STATION"?',
    ],
    ['10:14', expect.stringContaining('"problem" must be') as string, ''],
    ['11:11', expect.stringContaining('"from" must be') as string, ''],
    ['12:24', '"tshark" must be versions such as ">=4.0" or ">=4.0 <4.6", found "new".', ''],
    ['13:11', 'There already is a vector named "a".', ''],
    ['14:10', '"hex" must be at least one octet, found none.', ''],
    ['15:12', '"info" must be text, but this is a list.', ''],
    ['16:14', 'A field must be ids with dots between them, as in payload.code, found "body..kind".', ''],
    ['16:31', 'What stands before it has no member "x".', ''],
    ['17:5', 'A vector has no key "remark".', expect.stringContaining('Keys allowed here') as string],
    ['18:5', 'A vector needs the key "name".', ''],
    ['19:5', 'A vector must be a map, but this is the text "soil".', ''],
  ]);
});

test('prints a fault as those of a spec are printed', () => {
  const { diagnostics } = readSuiteFrom(
    BEACON,
    'spec: x\nvectors:\n  - {name: a, hex: 00, expect: {lem: 1}}\n',
  );
  expect(diagnostics.map(formatDiagnostic).join(''))
    .toBe(`error[spec/unknown-member]: The type "beacon" has no member "lem".
 --> beacon.tests.yaml:3:33
   |
 3 |   - {name: a, hex: 00, expect: {lem: 1}}
   |                                 ^^^
help: Did you mean "len"?
`);
});

test.each([
  '',
  '[]',
  'vectors: []',
  'spec: x',
  'spec: x\nvectors: {}',
  '{',
  'spec: x\nvectors: []',
  '- &a [*a]',
])('says what is wrong with %j and does not throw', (text) => {
  const { suite, diagnostics } = readSuiteFrom(BEACON, text);
  expect(suite).toBeUndefined();
  expect(diagnostics.length).toBeGreaterThan(0);
});
