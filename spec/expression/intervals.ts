import type { ArithmeticOp } from '../ir/expression.ts';
import type { IntType } from './value-types.ts';

/**
 * Interval arithmetic: where the result of an operator can lie. Results are integers of 64 bits, so an interval that
 * reaches beyond is cut to the unsigned (when it has no negative part) or signed range, into which values wrap.
 */
export function arithmeticInterval(op: ArithmeticOp, left: IntType, right: IntType): IntType {
  switch (op) {
    case 'add':
      return wrapped(left.min + right.min, left.max + right.max);
    case 'sub':
      return wrapped(left.min - right.max, left.max - right.min);
    case 'mul':
      return hull([left.min * right.min, left.min * right.max, left.max * right.min, left.max * right.max]);
    case 'div':
      return quotient(left, right);
    case 'mod':
      return remainder(left, right);
    case 'shl':
      return shiftedLeft(left, right);
    case 'shr':
      return shiftedRight(left, right);
    case 'bit-and':
      return bitAnd(left, right);
    case 'bit-or':
    case 'bit-xor':
      return bitMix(left, right);
  }
}

export function negated(operand: IntType): IntType {
  return wrapped(-operand.max, -operand.min);
}

export function inverted(operand: IntType): IntType {
  return wrapped(~operand.max, ~operand.min);
}

const SIGNED_MIN = -(1n << 63n);
const SIGNED_MAX = (1n << 63n) - 1n;
const UNSIGNED_MAX = (1n << 64n) - 1n;

function wrapped(min: bigint, max: bigint): IntType {
  if (min >= 0n) return max <= UNSIGNED_MAX ? int(min, max) : int(0n, UNSIGNED_MAX);
  return min >= SIGNED_MIN && max <= SIGNED_MAX ? int(min, max) : int(SIGNED_MIN, SIGNED_MAX);
}

function int(min: bigint, max: bigint): IntType {
  return { kind: 'int', min, max };
}

function hull(corners: readonly bigint[]): IntType {
  let [min, max] = [corners[0] ?? 0n, corners[0] ?? 0n];
  for (const corner of corners) {
    if (corner < min) min = corner;
    if (corner > max) max = corner;
  }
  return wrapped(min, max);
}

/** Division rounds down. A divisor of 0 is a problem of the data, and has no result. */
function quotient(left: IntType, right: IntType): IntType {
  const divisors = [right.min, right.max, -1n, 1n].filter(
    (divisor) => divisor !== 0n && divisor >= right.min && divisor <= right.max,
  );
  return hull(
    divisors.flatMap((divisor) => [floorDivide(left.min, divisor), floorDivide(left.max, divisor)]),
  );
}

function floorDivide(left: bigint, right: bigint): bigint {
  const truncated = left / right;
  return left % right !== 0n && left < 0n !== right < 0n ? truncated - 1n : truncated;
}

/** The remainder has the sign of the divisor. */
function remainder(left: IntType, right: IntType): IntType {
  if (right.min > 0n && left.min >= 0n && left.max < right.min) return left;
  const min = right.min < 0n ? right.min + 1n : 0n;
  const max = right.max > 0n ? right.max - 1n : 0n;
  return wrapped(min, left.min >= 0n && right.min >= 0n && left.max < max ? left.max : max);
}

function shiftedLeft(left: IntType, right: IntType): IntType {
  if (right.min < 0n || right.max > 64n) return wrapped(left.min < 0n ? SIGNED_MIN : 0n, UNSIGNED_MAX);
  return hull([left.min << right.min, left.min << right.max, left.max << right.min, left.max << right.max]);
}

function shiftedRight(left: IntType, right: IntType): IntType {
  if (right.min < 0n || right.max > 64n) {
    return int(left.min < 0n ? left.min : 0n, left.max > 0n ? left.max : 0n);
  }
  return hull([left.min >> right.min, left.min >> right.max, left.max >> right.min, left.max >> right.max]);
}

function bitAnd(left: IntType, right: IntType): IntType {
  if (left.min === left.max && right.min === right.max)
    return wrapped(left.min & right.min, left.min & right.min);
  if (left.min >= 0n && right.min >= 0n) return int(0n, left.max < right.max ? left.max : right.max);
  if (left.min >= 0n) return int(0n, left.max);
  if (right.min >= 0n) return int(0n, right.max);
  return bitMix(left, right);
}

/** `|` and `^` need as many bits as the wider operand. */
function bitMix(left: IntType, right: IntType): IntType {
  const bits = BigInt(Math.max(bitLength(left), bitLength(right)));
  if (left.min >= 0n && right.min >= 0n) return wrapped(0n, (1n << bits) - 1n);
  return wrapped(-(1n << bits), (1n << bits) - 1n);
}

/** Bits without the sign. */
function bitLength(type: IntType): number {
  const low = type.min < 0n ? ~type.min : type.min;
  const high = type.max < 0n ? ~type.max : type.max;
  const widest = low > high ? low : high;
  return widest === 0n ? 0 : widest.toString(2).length;
}
