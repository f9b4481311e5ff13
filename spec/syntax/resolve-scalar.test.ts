import { expect, test } from 'vitest';
import { resolveScalar } from './resolve-scalar.ts';

test.each([
  'y',
  'n',
  'yes',
  'no',
  'Yes',
  'on',
  'off',
  'y2',
  '-',
  '1.2.3',
  '0x',
  '0b2',
  '_1',
  '1e',
  '=',
  'TruE',
])('%s stays a text', (text) => {
  expect(resolveScalar(text)).toBe(text);
});

test.each([
  ['0x0253_f2f4', 0x0253_f2f4n],
  ['0b1010_1010', 0b1010_1010n],
  ['0o17', 15n],
  ['1_000', 1000n],
  ['-5', -5n],
  ['+5', 5n],
  ['18446744073709551615', 18446744073709551615n],
  ['0xffffffffffffffffffffffff', 0xffffffffffffffffffffffffn],
])('%s is the integer %d', (text, value) => {
  expect(resolveScalar(text)).toBe(value);
});

test.each([
  ['', null],
  ['~', null],
  ['null', null],
  ['true', true],
  ['FALSE', false],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['1e3', 1000],
  ['-.inf', -Infinity],
  ['.nan', NaN],
])('%j is %j', (text, value) => {
  expect(resolveScalar(text)).toBe(value);
});
