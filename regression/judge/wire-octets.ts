import { leaves, type OctetRange, toHex, type Value, wirePosition } from '../../analyzer/index.ts';
import type { DirectPdu } from '../run/decode-vector.ts';
import { literalAs } from '../suite/literal.ts';
import type { Wanted } from '../suite/suite.ts';

/** Octets of the vector that a member was read from; null: computed, or absent. */
export function wireOctets({ decoded, offset }: DirectPdu, path: string): OctetRange | null {
  for (const leaf of leaves(decoded)) {
    if (leaf.path !== path || leaf.range === null) continue;
    const { start, length } = wirePosition(leaf.range);
    return { start: offset + Math.floor(start / 8), end: offset + Math.ceil((start + length) / 8) };
  }
  return null;
}

/** The first octet in which a value differs from the octets expected; null: they are no octets, or equal. */
export function firstDifference(wanted: Wanted, value: Value): number | null {
  if (wanted.kind !== 'literal' || !(value instanceof Uint8Array)) return null;
  const expected = literalAs('bytes', wanted, []);
  return expected === undefined ? null : firstDifferentOctet(expected, toHex(value));
}

export function firstDifferentOctet(a: string, b: string): number | null {
  if (a === b) return null;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) if (a[index] !== b[index]) return index >> 1;
  return length >> 1;
}

/** From the member's own octets to the one that differs, where it is one of them. */
export function narrowed(octets: OctetRange | null, at: number | null): OctetRange | null {
  if (octets === null || at === null || at >= octets.end - octets.start) return octets;
  return { start: octets.start + at, end: octets.start + at + 1 };
}
