import { expect, test } from 'vitest';
import { leaves, toJsonFields } from './index.ts';
import { hex, pduOf } from './testing/frames.ts';
import { decoderOf } from './testing/spec.ts';

test('writes every kind of value as the contract says', () => {
  const decoder = decoderOf(`
meta: {id: kinds, endian: be}
-wireshark: {filter: kinds}
seq:
  - {id: on, type: b1}
  - {id: low, type: b7}
  - {id: pet, type: u1, enum: animal}
  - {id: exact, type: u8}
  - {id: large, type: u8}
  - {id: below, type: s8}
  - {id: half, type: f4}
  - {id: nan, type: f4}
  - {id: endless, type: f4}
  - {id: octets, size: 2}
  - {id: word, type: str, size: 2, encoding: ASCII}
  - {id: missing, type: u1, if: low == 0}
  - {id: none, type: u1, repeat: expr, repeat-expr: 0}
  - {id: tags, type: tag, repeat: expr, repeat-expr: 2}
  - {id: secret, type: u1, -wireshark: {hidden: true}}
  - {size: 1}
instances:
  twice: {value: low * 2}
  quiet: {value: low * 3, -wireshark: {hidden: true}}
  first: {value: 'tags[0]'}
types:
  tag: {params: [], seq: [{id: value, type: u1}]}
enums:
  animal: {4: cat}
`);
  const bytes = hex(
    '85 04 00000000000000ff ffffffffffffffff ffffffffffffff9c 3f000000 7fc00000 ff800000 beef 4869 01 02 07 08',
  );
  expect(toJsonFields(pduOf(decoder, bytes))).toEqual({
    on: true,
    low: 5,
    pet: 4,
    exact: 255,
    large: '18446744073709551615',
    below: -100,
    half: 0.5,
    nan: 'NaN',
    endless: '-Infinity',
    octets: 'beef',
    word: 'Hi',
    none: [],
    tags: [{ value: 1 }, { value: 2 }],
    _unnamed15: '08',
    twice: 10,
  });
});

const LARGE = decoderOf(`
meta: {id: large, endian: be}
seq:
  - {id: inner, type: inner, size: 1000000}
  - {id: text, type: str, size: 2000000, encoding: UTF-8}
types:
  inner: {seq: [{id: data, size-eos: true}]}
`);

test('cuts hex and text above 1 MiB and says so in the object that holds them', () => {
  const bytes = new Uint8Array(3_000_000).fill(0x41);
  const pdu = pduOf(LARGE, bytes);
  const fields = toJsonFields(pdu);
  expect(fields).toEqual({
    inner: { data: '41'.repeat(524288), cut: true },
    text: 'A'.repeat(1048576),
    cut: true,
  });
  expect(toJsonFields(pdu, { full: true })).toEqual({
    inner: { data: '41'.repeat(1_000_000) },
    text: 'A'.repeat(2_000_000),
  });
});

test('cuts no character in two', () => {
  const bytes = new Uint8Array(3_000_000).fill(0x41);
  bytes.set(hex('f0 9f 98 80'), 1_000_000 + 1_048_575);
  expect(toJsonFields(pduOf(LARGE, bytes))).toMatchObject({ text: 'A'.repeat(1_048_575) });
});

test('lists what is shown in tree order, groups before what they hold', () => {
  const decoder = decoderOf(`
meta: {id: tree}
seq:
  - {id: n, type: u1}
  - {id: boxes, type: box(n), repeat: expr, repeat-expr: 2}
instances:
  total: {value: n + 1}
  tail: {pos: 3, type: u1}
  alias: {value: 'boxes[1]'}
types:
  box:
    params: [{id: kind, type: u1}]
    seq:
      - {id: value, type: {switch-on: kind, cases: {1: u1, 2: leaf}}}
  leaf: {seq: [{id: x, type: u1}]}
`);
  const lines = Array.from(leaves(pduOf(decoder, hex('02 0a 0b 0c'))), ({ path, group, value, range }) => {
    const shown = typeof value === 'number' ? value.toString() : group ? 'group' : 'other';
    return `${path} ${shown} ${range === null ? 'generated' : range.start.toString()}`;
  });
  expect(lines).toEqual([
    'n 2 0',
    'boxes[0] group 8',
    'boxes[0].kind 2 generated',
    'boxes[0].value group 8',
    'boxes[0].value.x 10 8',
    'boxes[1] group 16',
    'boxes[1].kind 2 generated',
    'boxes[1].value group 16',
    'boxes[1].value.x 11 16',
    'total 3 generated',
    'tail 12 24',
  ]);
});

test('names the field of the arm that was read', () => {
  const decoder = decoderOf(`
meta: {id: arms, endian: be}
seq:
  - {id: kind, type: u1}
  - {id: value, type: {switch-on: kind, cases: {1: u1, 2: f4}}, repeat: expr, repeat-expr: 1}
`);
  const nameOf = (bytes: string): string | undefined => {
    const leaf = Array.from(leaves(pduOf(decoder, hex(bytes)))).find(({ path }) => path === 'value[0]');
    return leaf && decoder.protocol.protocolFields[leaf.field]?.type.kind;
  };
  expect(nameOf('01 05')).toBe('uint');
  expect(nameOf('02 3f000000')).toBe('float');
});

test('gives a root param the zero of its type, a preference its initial value, and what is handed in', () => {
  const decoder = decoderOf(`
meta: {id: given}
params:
  - {id: plain, type: u4}
  - {id: offset, type: u4, -wireshark: {source: pref, name: offset, init: '3'}}
seq: [{id: n, type: u1}]
instances:
  sum: {value: plain + offset + n}
`);
  const sumOf = (params: Parameters<typeof pduOf>[2]): unknown =>
    toJsonFields(pduOf(decoder, hex('01'), params))['sum'];
  expect(sumOf({})).toBe(4);
  expect(sumOf({ plain: 10, offset: 20n })).toBe(31);
});
