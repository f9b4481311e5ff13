import { expect, test } from 'vitest';
import type { Expr } from '../ir/expression.ts';
import { expressionOf, faultsOf } from '../testing/compile-text.ts';

function typeOf(expression: string): Expr['type'] {
  return expressionOf(expression).type;
}

test.each([
  ['small', 0n, 255n],
  ['signed', -128n, 127n],
  ['large', 0n, 18446744073709551615n],
  ['small + 1', 1n, 256n],
  ['list[0]', 0n, 65535n],
  ['data[0]', 0n, 255n],
  ['list.max', 0n, 65535n],
  ['flag.to_i', 0n, 1n],
  ['plant.to_i', 0n, 255n],
  ['plant::basil.to_i', 2n, 2n],
  ['flag ? small : 1000', 0n, 1000n],
  ['(flag ? plant : plant::basil).to_i', 0n, 255n],
  ['part.inner', 0n, 65535n],
  ['_root.part.inner', 0n, 65535n],
  ['small.as<u4>', 0n, 255n],
  ['_sizeof', 32n, 32n],
  ['list._sizeof', 6n, 6n],
  ['sizeof<part>', 2n, 2n],
  ['bitsizeof<b13>', 13n, 13n],
  ['sizeof<b13>', 2n, 2n],
])('%s is an integer from %d to %d', (expression, min, max) => {
  expect(typeOf(expression)).toEqual({ kind: 'int', min, max });
});

test.each([
  ['real', 'float'],
  ['small * 1.5', 'float'],
  ['label', 'string'],
  ['label + "x"', 'string'],
  ['small.to_s', 'string'],
  ['data.to_s("ASCII")', 'string'],
  ['label.to_b("UTF-8")', 'bytes'],
  ['f"{small}: {label}"', 'string'],
  ['data', 'bytes'],
  ['[1, 2, 255]', 'bytes'],
  ['[small, 0]', 'bytes'],
  ['[1, 256]', 'array'],
  ['[1, 2].as<u1[]>', 'array'],
  ['[256].as<bytes>', 'bytes'],
  ['[].as<bytes>', 'bytes'],
  ['_io', 'io'],
  ['_io.eof', 'bool'],
  ['data == [1, 2]', 'bool'],
  ['small == 1.5', 'bool'],
  ['"a" < "b"', 'bool'],
  ['part', 'struct'],
])('%s is of the kind %s', (expression, kind) => {
  expect(typeOf(expression).kind).toBe(kind);
});

test('operators on texts and on numbers are told apart', () => {
  expect(expressionOf('"a" + label').kind).toBe('concat');
  expect(expressionOf('small + 1')).toMatchObject({ kind: 'arithmetic', op: 'add' });
});

test('constant octets are bytes, computed ones a list of octets', () => {
  expect(expressionOf('[0x81, -1]')).toMatchObject({ kind: 'bytes', value: Uint8Array.of(0x81, 0xff) });
  expect(expressionOf('[small, 1]')).toMatchObject({ kind: 'byte-list' });
});

test('the name of an encoding is made canonical', () => {
  expect(expressionOf('data.to_s("utf8")')).toMatchObject({ args: [{ value: 'UTF-8' }] });
});

test('a wrong part is reported once, and what depends on it is not', () => {
  const text = `
meta: {id: sensors}
instances:
  broken: {value: nope + 1}
  above: {value: broken * 2}
  far: {value: above == "x" and not above}
`;
  expect(faultsOf(text)).toEqual(['spec/unknown-member /instances/broken/value']);
});

test('our own methods are known inside -wireshark only', () => {
  const text = (wire: string, value: string): string => `
meta: {id: sensors}
-wireshark: {checks: [{id: A, expect: '${wire}', message: m}]}
seq: [{id: data, size: 2}]
instances: {v: {value: '${value}'}}
`;
  expect(faultsOf(text('data.is_utf8', 'true'))).toEqual([]);
  expect(faultsOf(text('true', 'data.is_utf8'))).toEqual(['spec/unknown-method /instances/v/value']);
});
