import { leaves, type OctetRange, wirePosition } from '../../analyzer/index.ts';
import type { DirectPdu } from '../run/decode-vector.ts';

/** Octets of the vector that a member was read from; null: computed, or absent. */
export function wireOctets({ decoded, offset }: DirectPdu, path: string): OctetRange | null {
  for (const leaf of leaves(decoded)) {
    if (leaf.path !== path || leaf.range === null) continue;
    const { start, length } = wirePosition(leaf.range);
    return { start: offset + Math.floor(start / 8), end: offset + Math.ceil((start + length) / 8) };
  }
  return null;
}
