import type { ArithmeticOp, CompareOp, ValueType } from '../../spec/index.ts';
import type { EncValue } from './built.ts';
import { NotKnown } from './encode-error.ts';

/** Integers have 64 bits: what would reach beyond them is taken modulo 2^64 into the type's interval. */
export function wrapped(value: EncValue, type: ValueType): EncValue {
  if (typeof value === 'number' && type.kind === 'int') return BigInt(Math.trunc(value));
  if (typeof value === 'bigint' && type.kind === 'float') return Number(value);
  if (typeof value !== 'bigint' || type.kind !== 'int') return value;
  const [min, max] = type.min < 0n ? [-(1n << 63n), (1n << 63n) - 1n] : [0n, (1n << 64n) - 1n];
  if (value >= min && value <= max) return value;
  return type.min < 0n ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value);
}

export function arithmetic(op: ArithmeticOp, left: EncValue, right: EncValue): EncValue {
  if (typeof left === 'bigint' && typeof right === 'bigint') return integers(op, left, right);
  const [a, b] = [left, right].map((value) => (typeof value === 'bigint' ? Number(value) : value));
  if (typeof a !== 'number' || typeof b !== 'number') throw new NotKnown();
  if (op === 'add') return a + b;
  if (op === 'sub') return a - b;
  if (op === 'mul') return a * b;
  if (op === 'div') return a / b;
  if (op === 'mod') return a - b * Math.floor(a / b);
  throw new NotKnown();
}

function integers(op: ArithmeticOp, a: bigint, b: bigint): bigint {
  switch (op) {
    case 'add':
      return a + b;
    case 'sub':
      return a - b;
    case 'mul':
      return a * b;
    case 'div':
      return floored(a, b);
    case 'mod':
      return a - b * floored(a, b);
    case 'shl':
      return a << shift(b);
    case 'shr':
      return a >> shift(b);
    case 'bit-and':
      return a & b;
    case 'bit-or':
      return a | b;
    case 'bit-xor':
      return a ^ b;
  }
}

function floored(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new NotKnown();
  const quotient = a / b;
  return a % b !== 0n && a < 0n !== b < 0n ? quotient - 1n : quotient;
}

function shift(by: bigint): bigint {
  if (by < 0n || by > 63n) throw new NotKnown();
  return by;
}

export function compare(op: CompareOp, left: EncValue, right: EncValue): boolean {
  const order = ordered(left, right);
  switch (op) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'lt':
      return order < 0;
    case 'le':
      return order <= 0;
    case 'gt':
      return order > 0;
    case 'ge':
      return order >= 0;
  }
}

function ordered(left: EncValue, right: EncValue): number {
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right);
  if (typeof left === 'string' && typeof right === 'string')
    return Buffer.compare(Buffer.from(left), Buffer.from(right));
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  const isNumber = (value: EncValue): value is bigint | number =>
    typeof value === 'bigint' || typeof value === 'number';
  if (!isNumber(left) || !isNumber(right)) throw new NotKnown();
  if (left < right) return -1;
  return left > right ? 1 : left === right || Number(left) === Number(right) ? 0 : Number.NaN;
}
