import { plainSlot, type Slot } from '../slot.ts';
import { ByteSlice } from '../source.ts';

const FIRST_SURROGATE = 0xd800;

/**
 * Order of the UTF-8 octets, which is the order of the code points. UTF-16 units have it too, except that surrogates
 * (code points from U+10000) sort below U+E000.
 */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rank(x) - rank(y);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  if (unit < FIRST_SURROGATE) return unit;
  return unit < 0xe000 ? unit + 0x10000 : unit;
}

export function compareBytes(a: ByteSlice, b: ByteSlice): number {
  const x = a.view();
  const y = b.view();
  const length = Math.min(x.length, y.length);
  for (let i = 0; i < length; i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

export function sameSlot(left: Slot, right: Slot): boolean {
  const a = plainSlot(left);
  const b = plainSlot(right);
  if (a instanceof ByteSlice && b instanceof ByteSlice) return compareBytes(a, b) === 0;
  if (isInt(a) && isInt(b)) return a == b;
  return a === b;
}

function isInt(value: Slot): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Order of two values of one kind (ints, floats, texts, bytes, bools are false < true). */
export function compareSlots(left: Slot, right: Slot): number {
  const a = plainSlot(left);
  const b = plainSlot(right);
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (a instanceof ByteSlice && b instanceof ByteSlice) return compareBytes(a, b);
  if (isInt(a) && isInt(b)) return a < b ? -1 : a > b ? 1 : 0;
  return 0;
}
