import type { ValueType } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import type { Slot } from '../slot.ts';

/** Changes a value from the representation of one type to that of another; null: they are the same. */
export function convertSlot(c: Compiler, from: ValueType, to: ValueType): ((value: Slot) => Slot) | null {
  if (to.kind === 'array') {
    if (from.kind === 'any') return convertArray(convertSlot(c, from, to.element));
    return from.kind === 'array' ? convertArray(convertSlot(c, from.element, to.element)) : null;
  }
  if (to.kind === 'float') return from.kind === 'int' && c.isBig(from) ? bigToNumber : null;
  if (to.kind !== 'int' && to.kind !== 'enum') return null;
  if (from.kind === 'any') return c.isBig(to) ? numberToBig : bigToNumber;
  if (c.isBig(from) === c.isBig(to)) return null;
  return c.isBig(to) ? numberToBig : bigToNumber;
}

function convertArray(convert: ((value: Slot) => Slot) | null): ((value: Slot) => Slot) | null {
  if (convert === null) return null;
  return (value) => (Array.isArray(value) ? (value as readonly Slot[]).map(convert) : value);
}

function numberToBig(value: Slot): Slot {
  return typeof value === 'number' ? BigInt(value) : value;
}

function bigToNumber(value: Slot): Slot {
  return typeof value === 'bigint' ? Number(value) : value;
}
