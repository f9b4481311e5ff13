/** Sequence numbers are 32 bits and wrap (RFC 9293 3.4). */

/** Signed distance from `from` to `to`; positive when `to` is later. */
export function distance(from: number, to: number): number {
  return (to - from) | 0;
}

export function advance(sequence: number, octets: number): number {
  return (sequence + octets) >>> 0;
}
