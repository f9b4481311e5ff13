import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rotateOctets, xorOctets } from './xor.ts';

test('xors as octet by octet, for every key length, offset and size', () => {
  const key = fc.uint8Array({ minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), key, fc.nat(5), (data, mask, start) => {
      const from = Math.min(start, data.length);
      const expected = Array.from(data.subarray(from), (octet, i) => octet ^ (mask[i % mask.length] ?? 0));
      expect(Array.from(xorOctets(data, from, data.length, mask))).toEqual(expected);
    }),
  );
});

test('leaves the masked octets as they are', () => {
  const data = new Uint8Array(100).fill(1);
  xorOctets(data, 0, 100, Uint8Array.of(1, 2, 3, 4));
  expect(data.every((octet) => octet === 1)).toBe(true);
});

test('rotates left', () => {
  expect(Array.from(rotateOctets(Uint8Array.of(0, 0b1000_0001), 1, 2, 1))).toEqual([0b0000_0011]);
  expect(Array.from(rotateOctets(Uint8Array.of(0xa5), 0, 1, 0))).toEqual([0xa5]);
});

test('the octets of a Buffer stay as they are', () => {
  const data = Buffer.from([1, 2, 3]);
  expect(xorOctets(data, 0, 3, Uint8Array.of(0xff))).toEqual(Uint8Array.of(254, 253, 252));
  expect(rotateOctets(data, 0, 3, 1)).toEqual(Uint8Array.of(2, 4, 6));
  expect([...data]).toEqual([1, 2, 3]);
});
