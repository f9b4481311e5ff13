import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ArithmeticOp } from '../ir/expression.ts';
import { arithmeticInterval, inverted, negated } from './intervals.ts';
import type { IntType } from './value-types.ts';

const OPERATORS: readonly ArithmeticOp[] = [
  'add',
  'sub',
  'mul',
  'div',
  'mod',
  'shl',
  'shr',
  'bit-and',
  'bit-or',
  'bit-xor',
];

/** The operators as the language defines them, without any limit of width. undefined: no result. */
function apply(op: ArithmeticOp, left: bigint, right: bigint): bigint | undefined {
  const floored = (): bigint => {
    const quotient = left / right;
    return left % right !== 0n && left < 0n !== right < 0n ? quotient - 1n : quotient;
  };
  switch (op) {
    case 'add':
      return left + right;
    case 'sub':
      return left - right;
    case 'mul':
      return left * right;
    case 'div':
      return right === 0n ? undefined : floored();
    case 'mod':
      return right === 0n ? undefined : left - floored() * right;
    case 'shl':
      return right < 0n || right > 64n ? undefined : left << right;
    case 'shr':
      return right < 0n || right > 64n ? undefined : left >> right;
    case 'bit-and':
      return left & right;
    case 'bit-or':
      return left | right;
    case 'bit-xor':
      return left ^ right;
  }
}

/** Into the range that a result of that type has: unsigned when it has no negative part. */
function wrapped(value: bigint, type: IntType): bigint {
  if (value >= type.min && value <= type.max) return value;
  return type.min >= 0n ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value);
}

const bound = fc.oneof(
  fc.bigInt({ min: -20n, max: 20n }),
  fc.bigInt({ min: -(1n << 33n), max: 1n << 33n }),
  fc.bigInt({ min: -(1n << 63n), max: (1n << 64n) - 1n }),
);
/** An interval with a value in it. */
const operand = fc.array(bound, { minLength: 3, maxLength: 3 }).map((bounds) => {
  const [min = 0n, value = 0n, max = 0n] = bounds.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const signed = min < 0n && max >= 1n << 63n;
  const top = signed ? (1n << 63n) - 1n : max;
  return { type: { kind: 'int', min, max: top } as const, value: value > top ? top : value };
});

test.each(OPERATORS)('the result of %s lies in the interval of its type', (op) => {
  fc.assert(
    fc.property(operand, operand, (left, right) => {
      const type = arithmeticInterval(op, left.type, right.type);
      const exact = apply(op, left.value, right.value);
      if (exact === undefined) return;
      const value = wrapped(exact, type);
      expect(value >= type.min && value <= type.max).toBe(true);
    }),
    { numRuns: 2000, seed: 7 },
  );
});

test.each(OPERATORS)('the interval of %s fits into 64 bits', (op) => {
  fc.assert(
    fc.property(operand, operand, (left, right) => {
      const { min, max } = arithmeticInterval(op, left.type, right.type);
      expect(min <= max).toBe(true);
      expect(min >= 0n ? max < 1n << 64n : min >= -(1n << 63n) && max < 1n << 63n).toBe(true);
    }),
    { numRuns: 500, seed: 11 },
  );
});

const OCTET: IntType = { kind: 'int', min: 0n, max: 255n };

test('intervals stay as narrow as people expect', () => {
  expect(arithmeticInterval('add', OCTET, OCTET)).toMatchObject({ min: 0n, max: 510n });
  expect(arithmeticInterval('sub', OCTET, OCTET)).toMatchObject({ min: -255n, max: 255n });
  expect(arithmeticInterval('mod', OCTET, { kind: 'int', min: 8n, max: 8n })).toMatchObject({
    min: 0n,
    max: 7n,
  });
  expect(arithmeticInterval('bit-and', OCTET, { kind: 'int', min: 15n, max: 15n })).toMatchObject({
    max: 15n,
  });
  expect(arithmeticInterval('shl', OCTET, { kind: 'int', min: 8n, max: 8n })).toMatchObject({ max: 65280n });
  expect(arithmeticInterval('div', OCTET, { kind: 'int', min: 2n, max: 4n })).toMatchObject({
    min: 0n,
    max: 127n,
  });
  expect(negated(OCTET)).toMatchObject({ min: -255n, max: 0n });
  expect(inverted(OCTET)).toMatchObject({ min: -256n, max: -1n });
});
