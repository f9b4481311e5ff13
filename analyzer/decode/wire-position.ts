import type { BitRange } from './decoded.ts';

/**
 * The bits on the wire that a range comes from, counted from the PDU's first octet. Behind xor and rotate octets keep
 * their places, so the answer is exact; behind zlib and custom processes it is all of the processed octets.
 */
export function wirePosition(range: BitRange): {
  readonly start: number;
  readonly length: number;
  readonly exact: boolean;
} {
  const { derived } = range.source;
  if (derived === null) return { start: range.start, length: range.length, exact: true };
  const outer = wirePosition(derived.from);
  if (derived.by === 'zlib' || derived.by === 'custom') return { ...outer, exact: false };
  return { start: outer.start + range.start, length: range.length, exact: outer.exact };
}
