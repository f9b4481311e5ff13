import type { OctetStream } from './octet-stream.ts';
import { EndOfData } from './stops.ts';

/** Widest bit field whose value a double holds exactly. */
export const MAX_NUMBER_BITS = 53;

/** Takes a bit field of at most 53 bits, first bit = top bit of the octet. */
export function takeBitsBe(io: OctetStream, width: number): number {
  const bit = prepare(io, width, false);
  const octets = io.source.octets();
  let at = io.pos;
  const end = bit + width;
  let value = (octets[at] ?? 0) & (0xff >> bit);
  if (end < 8) {
    io.bit = end;
    return value >> (8 - end);
  }
  let left = end - 8;
  for (at++; left >= 8; left -= 8) value = value * 256 + (octets[at++] ?? 0);
  if (left > 0) value = value * 2 ** left + ((octets[at] ?? 0) >> (8 - left));
  io.pos = at;
  io.bit = left;
  return value;
}

/** Takes a bit field of at most 53 bits, first bit = lowest bit of the octet. */
export function takeBitsLe(io: OctetStream, width: number): number {
  const bit = prepare(io, width, true);
  const octets = io.source.octets();
  let at = io.pos;
  const end = bit + width;
  let value = (octets[at] ?? 0) >> bit;
  if (end < 8) {
    io.bit = end;
    return value & ((1 << width) - 1);
  }
  let weight = 2 ** (8 - bit);
  let left = end - 8;
  for (at++; left >= 8; left -= 8) {
    value += (octets[at++] ?? 0) * weight;
    weight *= 256;
  }
  if (left > 0) value += ((octets[at] ?? 0) & ((1 << left) - 1)) * weight;
  io.pos = at;
  io.bit = left;
  return value;
}

/** The same for 54 to 64 bits: two halves, the earlier bits being the higher ones only in big-endian order. */
export function takeBigBits(io: OctetStream, width: number, lowFirst: boolean): bigint {
  prepare(io, width, lowFirst);
  if (lowFirst) {
    const low = BigInt(takeBitsLe(io, 32));
    return low + (BigInt(takeBitsLe(io, width - 32)) << 32n);
  }
  const high = BigInt(takeBitsBe(io, width - 32));
  return (high << 32n) + BigInt(takeBitsBe(io, 32));
}

/** Checks that the field is there, before anything moves; a change of the bit order begins a new octet. */
function prepare(io: OctetStream, width: number, lowFirst: boolean): number {
  if (io.bit !== 0 && io.lowFirst !== lowFirst) io.align();
  const bit = io.bit;
  const octets = (bit + width + 7) >> 3;
  if (octets > io.end - io.pos) {
    const started = bit === 0 ? 0 : 1;
    throw new EndOfData(io, io.pos + started, BigInt(octets - started));
  }
  io.lowFirst = lowFirst;
  return bit;
}
