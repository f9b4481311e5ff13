import type { RawRange } from '../dissected.ts';
import { INCOMPLETE, type OctetReader } from './octet-reader.ts';
import * as octets from './octets.ts';

const ZERO = 0x30;
const NINE = 0x39;
/** Numbers behind the hex: position, length, bitmask, type, and from 4.6 on the data source. */
const POSITION = 0;
const LENGTH = 1;
const BITMASK = 2;
const SOURCE = 4;

/**
 * Whether the array that comes next is what `-x` says of an item, and not the values of a field whose name ends in
 * `_raw` (`tcp.seq_raw` stands beside the octets of `tcp.seq` under the same key): those are texts only.
 */
export function isRangeNext(reader: OctetReader): boolean {
  const begin = reader.at;
  reader.peek();
  reader.at++;
  let octet = reader.peek();
  if (octet === octets.QUOTE) {
    reader.string();
    octet = reader.peek();
    reader.at++;
    if (octet === octets.COMMA) octet = reader.peek();
  }
  reader.at = begin;
  return octet === octets.OPEN_BRACKET || (octet >= ZERO && octet <= NINE);
}

/** The ranges of one key: one array, or one for each item that the key stands for (`--no-duplicate-keys`). */
export function readRanges(reader: OctetReader): readonly (RawRange | null)[] {
  const begin = reader.at;
  if (!reader.enter(octets.CLOSE_BRACKET)) return [];
  if (reader.peek() !== octets.OPEN_BRACKET) {
    reader.at = begin;
    return [readRange(reader)];
  }
  const ranges: (RawRange | null)[] = [];
  do {
    if (reader.peek() === octets.OPEN_BRACKET) ranges.push(readRange(reader));
    else reader.skip();
  } while (reader.another(octets.CLOSE_BRACKET));
  return ranges;
}

/**
 * `[hex, position, length, bitmask, type]`, from 4.6 on with the number of the data source behind it.
 * Where no octets stand behind an item, its hex is left out altogether.
 */
function readRange(reader: OctetReader): RawRange | null {
  if (!reader.enter(octets.CLOSE_BRACKET)) return null;
  let hex: string | null = null;
  let bitmask = 0n;
  const numbers = [Number.NaN, Number.NaN, 0, 0, Number.NaN];
  let count = 0;
  do {
    if (reader.peek() === octets.QUOTE) {
      reader.string();
      hex = reader.text();
      continue;
    }
    const value = integer(reader);
    if (count === BITMASK && value !== 0) bitmask = mask(reader.text());
    if (count <= SOURCE) numbers[count] = value;
    count++;
  } while (reader.another(octets.CLOSE_BRACKET));
  const [position, length] = [numbers[POSITION] as number, numbers[LENGTH] as number];
  const source = numbers[SOURCE] as number;
  if (!(position >= 0 && length >= 0)) return null;
  const isMasked = bitmask !== 0n;
  return {
    hex: isMasked ? null : hex,
    position,
    length,
    bitmask,
    masked: isMasked ? hex : null,
    dataSource: source >= 0 ? source : null,
  };
}

/** NaN: something else than a count. */
function integer(reader: OctetReader): number {
  const { bytes } = reader;
  let at = reader.at;
  let value = 0;
  for (;;) {
    if (at >= bytes.length) throw INCOMPLETE;
    const digit = (bytes[at] as number) - ZERO;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    at++;
  }
  if (at === reader.at || !octets.endsLiteral(bytes[at])) {
    reader.skip();
    return Number.NaN;
  }
  reader.start = reader.at;
  reader.end = at;
  reader.at = at;
  return value;
}

/** Masks of 64 bits exceed what a number can hold. */
function mask(text: string): bigint {
  return /^\d+$/.test(text) ? BigInt(text) : 0n;
}
