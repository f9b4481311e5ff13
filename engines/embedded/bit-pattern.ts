/** Bits of a value as Wireshark draws them in a label: `.... 1010 = Level: 10`. */
export interface BitPattern {
  readonly bitmask: bigint;
  /** The bits of the mask, shifted down, in hex as tshark's `-x` has them: upper case, no padding. */
  readonly masked: string;
}

const PATTERN = /^([.01]{4}(?: [.01]{4})*|[.01]{1,3}) = /;

/** null: the label draws no bits, so the field has no mask. */
export function readBitPattern(label: string): BitPattern | null {
  const drawn = PATTERN.exec(label)?.[1]?.replaceAll(' ', '');
  if (drawn === undefined) return null;
  const bitmask = BigInt(`0b${drawn.replaceAll(/[01]/g, '1').replaceAll('.', '0')}`);
  const digits = drawn.replaceAll('.', '');
  if (bitmask === 0n) return null;
  return { bitmask, masked: BigInt(`0b${digits}`).toString(16).toUpperCase() };
}
