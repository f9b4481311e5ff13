import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BIG_OPS, NUMBER_OPS, wrap64 } from './arithmetic.ts';

test('floors division and gives the remainder the sign of the divisor', () => {
  const cases = [
    [7, 2, 3, 1],
    [-7, 2, -4, 1],
    [7, -2, -4, -1],
    [-7, -2, 3, -1],
    [-6, 3, -2, 0],
    [-7018564606388103, 3509282303194051, -3, 3509282303194050],
    [9007199254740991, 2, 4503599627370495, 1],
    [9007199254740991, 9007199254740990, 1, 1],
  ] as const;
  for (const [a, b, quotient, rest] of cases) {
    expect([a, b, NUMBER_OPS.div(a, b), NUMBER_OPS.mod(a, b)]).toEqual([a, b, quotient, rest]);
    const [x, y] = [BigInt(a), BigInt(b)];
    expect([BIG_OPS.div(x, y), BIG_OPS.mod(x, y)]).toEqual([BigInt(quotient), BigInt(rest)]);
  }
});

test('knows no negative zero', () => {
  expect(Object.is(NUMBER_OPS.mul(0, -5), 0)).toBe(true);
  expect(Object.is(NUMBER_OPS.div(0, -5), 0)).toBe(true);
  expect(Object.is(NUMBER_OPS.mod(-4, 2), 0)).toBe(true);
});

const SAFE = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });

test('computes alike with doubles and with bigints, wherever the result fits a double', () => {
  const ops = ['add', 'sub', 'mul', 'div', 'mod', 'bit-and', 'bit-or', 'bit-xor'] as const;
  fc.assert(
    fc.property(fc.constantFrom(...ops), SAFE, SAFE, (op, a, b) => {
      fc.pre(b !== 0);
      const exact = BIG_OPS[op](BigInt(a), BigInt(b));
      fc.pre(exact >= Number.MIN_SAFE_INTEGER && exact <= Number.MAX_SAFE_INTEGER);
      expect(BigInt(NUMBER_OPS[op](a, b))).toBe(exact);
    }),
    { numRuns: 2000 },
  );
});

test('shifts right with the sign, and moves every bit out by 64 and more', () => {
  expect(NUMBER_OPS.shr(-8, 1)).toBe(-4);
  expect(NUMBER_OPS.shr(-1, 70)).toBe(-1);
  expect(NUMBER_OPS.shr(255, 64)).toBe(0);
  expect(BIG_OPS.shl(1n, 1000n)).toBe(0n);
  expect(wrap64(BIG_OPS.shl(3n, 63n), false)).toBe(1n << 63n);
  expect(BIG_OPS.shr(-1n, 1000n)).toBe(-1n);
});

test('wraps modulo 2^64, signed or unsigned', () => {
  expect(wrap64(1n << 64n, false)).toBe(0n);
  expect(wrap64(-1n, false)).toBe((1n << 64n) - 1n);
  expect(wrap64(1n << 63n, true)).toBe(-(1n << 63n));
});

test('refuses to divide by zero or to shift by a negative count', () => {
  expect(() => NUMBER_OPS.div(1, 0)).toThrow('division by zero');
  expect(() => BIG_OPS.mod(1n, 0n)).toThrow('division by zero');
  expect(() => NUMBER_OPS.shl(1, -1)).toThrow('shift by -1');
});
