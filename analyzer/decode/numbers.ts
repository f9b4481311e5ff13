/** Fixed-width numbers at an index whose octets are known to be there. */
export type ReadNumber = (octets: Uint8Array, at: number) => number;
export type ReadBig = (octets: Uint8Array, at: number) => bigint;

const SCRATCH = new DataView(new ArrayBuffer(8));

export function unsigned8(octets: Uint8Array, at: number): number {
  return octets[at] ?? 0;
}

function unsigned16Be(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}

function unsigned16Le(octets: Uint8Array, at: number): number {
  return (octets[at] ?? 0) | ((octets[at + 1] ?? 0) << 8);
}

function unsigned32Be(octets: Uint8Array, at: number): number {
  return ((unsigned16Be(octets, at) << 16) | unsigned16Be(octets, at + 2)) >>> 0;
}

function unsigned32Le(octets: Uint8Array, at: number): number {
  return (unsigned16Le(octets, at) | (unsigned16Le(octets, at + 2) << 16)) >>> 0;
}

/** Reader of a 1, 2 or 4 octet integer. */
export function smallInteger(octets: 1 | 2 | 4, signed: boolean, order: 'le' | 'be'): ReadNumber {
  if (octets === 1) return signed ? (data, at) => ((data[at] ?? 0) << 24) >> 24 : unsigned8;
  if (octets === 2) {
    const read = order === 'le' ? unsigned16Le : unsigned16Be;
    return signed ? (data, at) => (read(data, at) << 16) >> 16 : read;
  }
  const read = order === 'le' ? unsigned32Le : unsigned32Be;
  return signed ? (data, at) => read(data, at) | 0 : read;
}

/** Reader of an 8 octet integer, exact. */
export function bigInteger(signed: boolean, order: 'le' | 'be'): ReadBig {
  const little = order === 'le';
  return (data, at) => {
    const low = little ? unsigned32Le(data, at) : unsigned32Be(data, at + 4);
    const high = little ? unsigned32Le(data, at + 4) : unsigned32Be(data, at);
    return (BigInt(signed ? high | 0 : high) << 32n) | BigInt(low);
  };
}

/** Reader of an IEEE 754 number. */
export function float(octets: 4 | 8, order: 'le' | 'be'): ReadNumber {
  const little = order === 'le';
  return (data, at) => {
    for (let i = 0; i < octets; i++) SCRATCH.setUint8(i, data[at + i] ?? 0);
    return octets === 4 ? SCRATCH.getFloat32(0, little) : SCRATCH.getFloat64(0, little);
  };
}
