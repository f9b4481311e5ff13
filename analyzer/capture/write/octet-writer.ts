import { concatenate } from '../octets.ts';

/** Octets of an integer, the highest first or last. */
export function integer(value: number | bigint, length: number, bigEndian = true): Uint8Array {
  const octets = new Uint8Array(length);
  if (typeof value === 'number' && length <= 4) {
    for (let index = 0; index < length; index += 1) {
      octets[bigEndian ? length - 1 - index : index] = value >>> (8 * index);
    }
    return octets;
  }
  let left = BigInt.asUintN(length * 8, BigInt(value));
  for (let index = 0; index < length; index += 1) {
    octets[bigEndian ? length - 1 - index : index] = Number(left & 0xffn);
    left >>= 8n;
  }
  return octets;
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  return concatenate(
    parts,
    parts.reduce((sum, part) => sum + part.length, 0),
  );
}

export function zeros(length: number): Uint8Array {
  return new Uint8Array(length);
}
