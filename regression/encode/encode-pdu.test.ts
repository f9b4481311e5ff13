import { expect, test } from 'vitest';
import { BEACON, readSuiteFrom, suiteFrom } from '../testing/suite-from.ts';
import { encodePdu } from './encode-pdu.ts';
import { protocolOf } from './testing/there-and-back.ts';
import { textOctets } from './text-octets.ts';

/** The octets of a frame in a spec whose fields are given. */
function octetsOf(seq: string, frame: string): string {
  const [head, body] = seq.split('---');
  const ksy = `meta: {id: made, endian: be}\n-wireshark: {filter: wtmade, bind: [{tcp: 7003}]}\nseq:\n${head}${body ?? ''}`;
  const { vectors } = suiteFrom(ksy, `spec: x\nvectors: [{name: one, frame: ${frame}}]`);
  return Buffer.from(vectors[0]?.parts[0]?.octets ?? []).toString('hex');
}

test.each([
  ['the length of a body is derived', 'body: {station: 7, kind: soil}', '00020702'],
  [
    'elements are written one after another, text filled by nothing',
    'body: {station: 7, kind: 2, readings: [{moisture: 31, label: AB}, {moisture: 32, label: CD}]}',
    '000807021f4142204344',
  ],
  ['a length that is given is filled up', 'len: 4, body: {station: 7, kind: air}', '000407010000'],
])('in a beacon, %s', (_name, frame, hex) => {
  const { suite, diagnostics } = readSuiteFrom(BEACON, `spec: x\nvectors: [{name: one, frame: {${frame}}}]`);
  // The station's readings take whatever is left of the body, two zeros included.
  expect(diagnostics).toEqual([]);
  expect(Buffer.from(suite?.vectors[0]?.parts[0]?.octets ?? []).toString('hex')).toBe(hex);
});

test.each([
  [
    'numbers of both orders',
    '  - {id: a, type: u2le}\n  - {id: b, type: s4be}',
    '{a: 0x0102, b: -2}',
    '0201fffffffe',
  ],
  ['floats', '  - {id: a, type: f4le}\n  - {id: b, type: f8}', '{a: 1.5, b: -2}', '0000c03fc000000000000000'],
  [
    'bits across octets',
    '  - {id: a, type: b3}\n  - {id: b, type: b10}\n  - {id: c, type: u1}',
    '{a: 5, b: 0x201, c: 9}',
    'b00809',
  ],
  ['bits from the bottom', '  - {id: a, type: b3le}\n  - {id: b, type: b10le}', '{a: 5, b: 0x201}', '0d10'],
  [
    'a terminator',
    '  - {id: a, type: strz, encoding: UTF-8}\n  - {id: b, type: u1}',
    '{a: "é", b: 1}',
    'c3a90001',
  ],
  ['padding', '  - {id: a, type: str, size: 4, pad-right: 0x20, encoding: ASCII}', '{a: ab}', '61622020'],
  [
    'a count',
    '  - {id: n, type: u1}\n  - {id: a, type: u2, repeat: expr, repeat-expr: n}',
    '{a: [1, 2, 3]}',
    '03000100020003',
  ],
  [
    'a length less its own octets',
    '  - {id: n, type: u2}\n  - {id: a, size: n - 2}',
    '{a: 010203}',
    '0005010203',
  ],
  [
    'a length in words',
    '  - {id: n, type: u1}\n  - {id: a, size: n * 4}',
    '{a: 0102030405060708}',
    '020102030405060708',
  ],
  [
    'contents and what is valid',
    '  - {id: m, contents: [1, 2]}\n  - {id: v, type: u1, valid: 4}',
    '{}',
    '010204',
  ],
  ['a rotation', '  - {id: a, size: 2, process: rol(4)}', '{a: 1234}', '2143'],
  [
    'a condition',
    '  - {id: f, type: b1}\n  - {id: g, type: b7}\n  - {id: a, type: u1, if: f}',
    '{a: 5}',
    '8005',
  ],
])('writes %s', (_name, seq, frame, hex) => {
  expect(octetsOf(seq, frame)).toBe(hex);
});

test.each([
  ['{a: 256}', 'a: u1', 'a', 'must fit into 8 bits'],
  ['{b: 1}', 'a: u1', 'b', 'is no field that is written'],
  ['{a: [1]}', 'a: u1', 'a', 'must be an integer'],
])('says where %s cannot be written', (frame, seq, field, message) => {
  const [id, type] = seq.split(': ');
  const ksy = `meta: {id: made}\n-wireshark: {filter: wtmade, bind: [{tcp: 7003}]}\nseq: [{id: ${id}, type: ${type}}]`;
  const { vectors } = suiteFrom(ksy, `spec: x\nvectors:\n  - {name: one, frame: ${frame}}\n`);
  const [wrong] = vectors[0]?.unwritable ?? [];
  expect(wrong).toMatchObject({ line: 3, field });
  expect(wrong?.message).toContain(message);
});

test('a size that contradicts its value is an error, not an invalid frame', () => {
  const ksy = `meta: {id: made}\n-wireshark: {filter: wtmade, bind: [{tcp: 7003}]}\nseq: [{id: n, type: u1}, {id: a, size: n}]`;
  const { vectors } = suiteFrom(ksy, 'spec: x\nvectors: [{name: one, frame: {n: 3, a: 0102}}]');
  expect(vectors[0]?.unwritable).toEqual([
    { line: 2, column: 40, field: 'a', message: 'takes 2 octets, and its size is 3' },
  ]);
});

test('text that an encoding has no octets for is refused', () => {
  expect(textOctets('é', 'ASCII')).toBeUndefined();
  expect(textOctets('é', 'ISO-8859-1')).toEqual(Uint8Array.of(0xe9));
  expect(textOctets('é', 'UTF-16BE')).toEqual(Uint8Array.of(0, 0xe9));
  expect(textOctets('😀', 'UTF-32LE')).toEqual(Uint8Array.of(0, 0xf6, 1, 0));
});

test('a tests file says octets in all their forms', () => {
  const seq = '  - {id: n, type: u1}\n  - {id: a, size: n}';
  expect(octetsOf(seq, '{a: {hex: 01 02}}')).toBe('020102');
  expect(octetsOf(seq, '{a: {hex: "hi"}}')).toBe('026869');
  expect(octetsOf(seq, '{a: {repeat: "x", n: 3}}')).toBe('03787878');
  expect(octetsOf(seq, '{a: {deflate: "Hello"}}')).toBe('0bf248cdc9c907000000ffff');
  expect(octetsOf(seq, '{a: {deflate: {repeat: "a", n: 500}, window: 9, part: [0, 4]}}')).toBe('044a4c1c05');
  expect(octetsOf(seq, '{a: {deflate: "Hello", after: ["Hel", "lo"]}}')).toMatch(/^0[0-9a-f]f200/);
});

test('ten thousand elements with lengths of their own are written in a moment', () => {
  const spec =
    'meta: {id: made, endian: be}\nseq: [{id: n, type: u2}, {id: rows, type: row, repeat: expr, repeat-expr: n}]\n';
  const protocol = protocolOf(`${spec}types:\n  row: {seq: [{id: len, type: u1}, {id: v, size: len - 1}]}\n`);
  const rows = Array.from({ length: 10_000 }, (_, index) => ({ v: new Uint8Array(index % 50) }));
  const octets = encodePdu(protocol, { rows }, 'c2s');
  expect(octets).toHaveLength(2 + rows.reduce((sum, { v }) => sum + 1 + v.length, 0));
  expect(octets.subarray(0, 5)).toEqual(Uint8Array.of(0x27, 0x10, 1, 2, 0));
});
