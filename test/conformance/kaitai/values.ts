import type { Value } from '../../../analyzer/decode/index.ts';

/** Ints are compared as 64 bits, floats to six digits, bytes like lists of their octets: as the suite's own runners do. */
export function isSame(actual: Value, expected: Value): boolean {
  if (isInt(actual) && isInt(expected))
    return BigInt.asUintN(64, BigInt(actual)) === BigInt.asUintN(64, BigInt(expected));
  if (isNumeric(actual) && isNumeric(expected)) {
    const [a, b] = [Number(actual), Number(expected)];
    return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(b)) || Object.is(a, b);
  }
  const [left, right] = [listOf(actual), listOf(expected)];
  if (left !== null && right !== null) {
    return left.length === right.length && left.every((element, i) => isSame(element, right[i]));
  }
  return actual === expected;
}

export function show(value: Value): string {
  const list = listOf(value);
  if (list !== null) return `[${list.map(show).join(', ')}]`;
  if (value === undefined) return 'absent';
  return typeof value === 'string'
    ? JSON.stringify(value)
    : typeof value === 'object'
      ? 'an object'
      : String(value);
}

function isNumeric(value: Value): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function isInt(value: Value): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

function listOf(value: Value): readonly Value[] | null {
  if (value instanceof Uint8Array) return Array.from(value);
  return Array.isArray(value) ? (value as readonly Value[]) : null;
}
