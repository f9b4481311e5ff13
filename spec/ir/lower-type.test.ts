import { expect, test } from 'vitest';
import { compileText, faultsOf, typeNamed } from '../testing/compile-text.ts';

function offsets(body: string): unknown {
  const type = compileText(`meta: {id: sensors, endian: be}\n${body}`).types[0];
  return type?.fields.map(({ id, staticOffsetBits, content }) => [
    id,
    staticOffsetBits,
    content.kind === 'bits' ? content.shift : undefined,
  ]);
}

test('fields begin where those before them end, bit fields in the middle of an octet', () => {
  const body = `
seq:
  - {id: a, type: b3}
  - {id: b, type: b7}
  - {id: c, type: u2}
  - {id: d, type: b1}
  - {id: e, size: 4}
  - {id: f, type: u1, repeat: expr, repeat-expr: 3}
  - {id: g, type: b4}`;
  expect(offsets(body)).toEqual([
    ['a', 0, 0],
    ['b', 3, 3],
    ['c', 16, undefined],
    ['d', 32, 0],
    ['e', 40, undefined],
    ['f', 72, undefined],
    ['g', 96, 0],
  ]);
});

test('what follows something of no fixed size has no fixed place, but bits keep theirs in the octet', () => {
  const body = `
seq:
  - {id: a, type: u1}
  - {id: b, size: a}
  - {id: c, type: b3}
  - {id: d, type: b1, if: c == 1}
  - {id: e, type: b4}
  - {id: f, type: u1}
  - {id: g, type: b4}`;
  expect(offsets(body)).toEqual([
    ['a', 0, undefined],
    ['b', 8, undefined],
    ['c', null, 0],
    ['d', null, 3],
    ['e', null, null],
    ['f', null, undefined],
    ['g', null, 0],
  ]);
});

test('a type has a fixed size when all its parts have', () => {
  const bits = (seq: string): unknown =>
    typeNamed(
      compileText(`meta: {id: s, endian: le}\nseq: [{id: t, type: t}]\ntypes: {t: {seq: ${seq}}}`),
      't',
    ).staticBits;
  expect(bits('[{id: a, type: u4}, {id: b, type: b3}]')).toBe(35);
  expect(bits('[{id: a, size: 2 + 2}]')).toBe(32);
  expect(bits('[{id: a, contents: abc}]')).toBe(24);
  expect(bits('[{id: a, type: u1}, {id: b, size: a}]')).toBeNull();
  expect(bits('[{id: a, type: u1, if: "true"}]')).toBeNull();
  expect(bits('[{id: a, size-eos: true}]')).toBeNull();
});

test('numbers have the order of their type, of meta, or of the object', () => {
  const protocol = compileText(`
meta: {id: sensors, endian: le}
seq:
  - {id: a, type: u2}
  - {id: b, type: u2be}
  - {id: c, type: mixed}
types:
  mixed:
    meta: {endian: {switch-on: _root.a, cases: {1: le, _: be}}}
    seq: [{id: a, type: u2}, {id: b, type: inner}]
    types:
      inner: {seq: [{id: a, type: u2}]}
`);
  const orders = (name: string): unknown =>
    typeNamed(protocol, name).fields.map(({ content }) =>
      content.kind === 'integer' ? content.endian : '-',
    );
  expect(orders('sensors')).toEqual(['le', 'be', '-']);
  expect(orders('mixed')).toEqual(['type', '-']);
  expect(orders('inner')).toEqual(['type']);
  expect(typeNamed(protocol, 'sensors').endian.kind).toBe('fixed');
  expect(typeNamed(protocol, 'mixed').endian).toMatchObject({ kind: 'calculated', fallback: 'be' });
  expect(typeNamed(protocol, 'inner').endian.kind).toBe('inherited');
});

test('the parent of a type is the one type that uses it', () => {
  const protocol = compileText(`
meta: {id: sensors}
seq:
  - {id: a, type: once}
  - {id: b, type: twice}
  - {id: c, type: free, parent: false}
  - {id: d, type: deep}
types:
  once: {seq: [{id: b, type: twice}]}
  twice: {seq: [{id: x, type: u1}]}
  free: {seq: [{id: x, type: u1}]}
  deep: {seq: [{id: e, type: child, parent: _parent}]}
  child: {seq: [{id: x, type: u1, if: _parent.a.b.x == 1}]}
`);
  const sensors = typeNamed(protocol, 'sensors').id;
  expect(typeNamed(protocol, 'once').parent).toEqual({ kind: 'struct', type: sensors });
  expect(typeNamed(protocol, 'child').parent).toEqual({ kind: 'struct', type: sensors });
  expect(typeNamed(protocol, 'twice').parent).toEqual({ kind: 'struct', type: null });
  expect(typeNamed(protocol, 'free').parent).toEqual({ kind: 'struct', type: null });
});

test('types that cannot occur are checked, but not told to Wireshark', () => {
  const text = `meta: {id: sensors}\nseq: [{id: a, type: u1}]\ntypes: {unused: {seq: [{id: b, size: SIZE}]}}`;
  const protocol = compileText(text.replace('SIZE', '1'));
  expect(protocol.types.map((type) => type.path.join('::'))).toEqual(['sensors']);
  expect(protocol.protocolFields.map(({ filter }) => filter)).toEqual(['sensors.a']);
  expect(faultsOf(text.replace('SIZE', 'nope'))).toEqual(['spec/unknown-member /types/unused/seq/0/size']);
});

test('where the order of bits changes within an octet, a bit field is no run of bits with a place', () => {
  const body = `
seq:
  - {id: a, type: b5be}
  - {id: b, type: b2le}
  - {id: c, type: b1be}
  - {id: d, type: u1}
  - {id: e, type: b8le}
  - {id: f, type: b4be}`;
  expect(offsets(body)).toEqual([
    ['a', 0, 0],
    ['b', null, null],
    ['c', null, null],
    ['d', 8, undefined],
    ['e', 16, 0],
    ['f', 24, 0],
  ]);
});
