/** Reading integers from octets; the caller has checked the length. */

export function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function uint32(bytes: Uint8Array, at: number): number {
  return int32(bytes, at) >>> 0;
}

/** The same 32 bits as a small integer, for keys and hashes. */
export function int32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) << 24) |
    ((bytes[at + 1] ?? 0) << 16) |
    ((bytes[at + 2] ?? 0) << 8) |
    (bytes[at + 3] ?? 0)
  );
}

export function uint16Little(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

export function uint32Little(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] ?? 0) |
      ((bytes[at + 1] ?? 0) << 8) |
      ((bytes[at + 2] ?? 0) << 16) |
      ((bytes[at + 3] ?? 0) << 24)) >>>
    0
  );
}

/** Readers of one byte order; a capture file's sections choose one. */
export interface ByteOrder {
  readonly name: 'big' | 'little';
  readonly uint16: (bytes: Uint8Array, at: number) => number;
  readonly uint32: (bytes: Uint8Array, at: number) => number;
}

export const BIG_ENDIAN: ByteOrder = { name: 'big', uint16, uint32 };
export const LITTLE_ENDIAN: ByteOrder = { name: 'little', uint16: uint16Little, uint32: uint32Little };

export function concatenate(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Node hands out Buffers, whose `subarray` and text are not those of a Uint8Array: they stay at the edge. */
export function plainOctets(octets: Uint8Array): Uint8Array {
  return octets.constructor === Uint8Array
    ? octets
    : new Uint8Array(octets.buffer, octets.byteOffset, octets.length);
}
