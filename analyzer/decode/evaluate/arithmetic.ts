import type { ArithmeticOp } from '../../../spec/index.ts';
import { BadData } from '../stops.ts';

/**
 * The written arithmetic, for each representation. Division and modulo are floored: the remainder has the sign of
 * the divisor. Ints have 64 bits: a result is taken modulo 2^64, as a signed number when the interval of the
 * expression's type has negative values, else as an unsigned one. Bit operators work on the two's complement; a shift
 * by 64 or more moves every bit out, a shift by less than 0 is a fault of the data.
 */
export const NUMBER_OPS: Readonly<Record<ArithmeticOp, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  // `+ 0` turns -0, which ints do not have, into 0.
  mul: (a, b) => a * b + 0,
  div: divide,
  mod: modulo,
  shl: (a, b) => a * 2 ** shiftCount(b),
  shr: (a, b) => Math.floor(a / 2 ** shiftCount(b)),
  'bit-and': (a, b) => (isInt32(a, b) ? a & b : Number(BigInt(a) & BigInt(b))),
  'bit-or': (a, b) => (isInt32(a, b) ? a | b : Number(BigInt(a) | BigInt(b))),
  'bit-xor': (a, b) => (isInt32(a, b) ? a ^ b : Number(BigInt(a) ^ BigInt(b))),
};

/** Floats: true division; the other operators do not exist for them. */
export const FLOAT_OPS: Readonly<Partial<Record<ArithmeticOp, (a: number, b: number) => number>>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  mod: (a, b) => a - b * Math.floor(a / b),
};

export const BIG_OPS: Readonly<Record<ArithmeticOp, (a: bigint, b: bigint) => bigint>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => (a - bigModulo(a, b)) / b,
  mod: bigModulo,
  shl: (a, b) => (shiftCount(b) > 64 ? 0n : a << b),
  shr: (a, b) => a >> BigInt(shiftCount(b)),
  'bit-and': (a, b) => a & b,
  'bit-or': (a, b) => a | b,
  'bit-xor': (a, b) => a ^ b,
};

/** Brings a result into 64 bits. */
export function wrap64(value: bigint, signed: boolean): bigint {
  return signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
}

/** Taking the truncated remainder off keeps the dividend no larger than it was, so every step is exact. */
function divide(a: number, b: number): number {
  if (b === 0) throw divisionByZero();
  const rest = a % b;
  const truncated = (a - rest) / b;
  return rest !== 0 && rest < 0 !== b < 0 ? truncated - 1 : truncated + 0;
}

function modulo(a: number, b: number): number {
  if (b === 0) throw divisionByZero();
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest + 0;
}

function bigModulo(a: bigint, b: bigint): bigint {
  if (b === 0n) throw divisionByZero();
  const rest = a % b;
  return rest !== 0n && rest < 0n !== b < 0n ? rest + b : rest;
}

function shiftCount(count: number | bigint): number {
  if (count < 0) throw new BadData('out-of-range', `a shift by ${count.toString()} bits`);
  return count > 65 ? 65 : Number(count);
}

function isInt32(a: number, b: number): boolean {
  return (a | 0) === a && (b | 0) === b;
}

function divisionByZero(): BadData {
  return new BadData('division-by-zero', 'division by zero');
}
