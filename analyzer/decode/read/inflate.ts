/** How inflating ended. */
export type InflateResult =
  | { readonly kind: 'inflated'; readonly bytes: Uint8Array }
  | { readonly kind: 'corrupt'; readonly message: string }
  | { readonly kind: 'too-big' };

/** Inflates zlib data (RFC 1950) to at most `maxOctets`. */
export type Inflate = (bytes: Uint8Array, maxOctets: number) => InflateResult;

/**
 * Inflate of RFC 1950 and 1951, plain and bounded; a runtime that has a faster one passes it in the decoder's options.
 * The output buffer grows by doubling up to the cap, so a small bomb costs no more than its output up to there.
 */
export const inflateZlib: Inflate = (bytes, maxOctets) => {
  const [method = 0, flags = 0] = bytes;
  if (bytes.length < 2 || (method & 0x0f) !== 8 || ((method << 8) | flags) % 31 !== 0) {
    return { kind: 'corrupt', message: 'no zlib header' };
  }
  if ((flags & 0x20) !== 0) return { kind: 'corrupt', message: 'a preset dictionary is asked for' };
  return inflateBlocks(bytes, 2, maxOctets);
};

export interface RawInflateOptions {
  /** What earlier data was inflated to: it can be looked back at. */
  readonly dictionary: Uint8Array;
  readonly maxOctets: number;
  /** Looking back further is corrupt. */
  readonly maxDistance: number;
}

/**
 * Inflates raw DEFLATE data (RFC 1951) up to its last octet; several streams may follow one another. Its use is the
 * bound on how far it looks back, which common libraries do not hold to.
 */
export function inflateRaw(bytes: Uint8Array, options: RawInflateOptions): InflateResult {
  const { dictionary, maxOctets, maxDistance } = options;
  const bits = new BitReader(bytes, 0);
  const output = new Output(dictionary.length + maxOctets, maxDistance);
  for (const octet of dictionary) output.put(octet);
  try {
    // Each round takes at least three bits, and running out of them throws.
    while (!bits.atEnd()) {
      const last = bits.take(1) === 1;
      inflateBlock(bits, output);
      if (last) bits.align();
    }
  } catch (error) {
    if (error instanceof TooBig) return { kind: 'too-big' };
    if (error instanceof Corrupt) return { kind: 'corrupt', message: error.message };
    throw error;
  }
  return { kind: 'inflated', bytes: output.bytes().subarray(dictionary.length) };
}

class Corrupt extends Error {}
class TooBig extends Error {}

function inflateBlocks(bytes: Uint8Array, start: number, maxOctets: number): InflateResult {
  const bits = new BitReader(bytes, start);
  const output = new Output(maxOctets);
  try {
    let last = false;
    // Each round takes at least three bits, and running out of them throws.
    while (!last) {
      last = bits.take(1) === 1;
      inflateBlock(bits, output);
    }
    checkAdler(bits, output.bytes());
  } catch (error) {
    if (error instanceof TooBig) return { kind: 'too-big' };
    if (error instanceof Corrupt) return { kind: 'corrupt', message: error.message };
    throw error;
  }
  return { kind: 'inflated', bytes: output.bytes() };
}

function inflateBlock(bits: BitReader, output: Output): void {
  const type = bits.take(2);
  if (type === 0) copyStored(bits, output);
  else if (type === 1) inflateCodes(bits, output, fixedTables());
  else if (type === 2) inflateCodes(bits, output, readTables(bits));
  else throw new Corrupt('a block of the reserved type');
}

function copyStored(bits: BitReader, output: Output): void {
  bits.align();
  const length = bits.take(16);
  if ((bits.take(16) ^ length) !== 0xffff) throw new Corrupt('lengths of a stored block do not match');
  for (let i = 0; i < length; i++) output.put(bits.take(8));
}

interface Tables {
  readonly lengths: Huffman;
  readonly distances: Huffman;
}

/** RFC 1951 3.2.5 */
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195,
  227, 258,
];
const LENGTH_BITS = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
  6145, 8193, 12289, 16385, 24577,
];
/** RFC 1951 3.2.7 */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const END_OF_BLOCK = 256;

function inflateCodes(bits: BitReader, output: Output, tables: Tables): void {
  for (;;) {
    const symbol = tables.lengths.read(bits);
    if (symbol === END_OF_BLOCK) return;
    if (symbol < END_OF_BLOCK) {
      output.put(symbol);
      continue;
    }
    const base = LENGTH_BASE[symbol - 257];
    if (base === undefined) throw new Corrupt('a length code that does not exist');
    const length = base + bits.take(LENGTH_BITS[symbol - 257] ?? 0);
    const code = tables.distances.read(bits);
    const distanceBase = DISTANCE_BASE[code];
    if (distanceBase === undefined) throw new Corrupt('a distance code that does not exist');
    output.repeat(distanceBase + bits.take(code < 2 ? 0 : (code >> 1) - 1), length);
  }
}

let fixed: Tables | null = null;

function fixedTables(): Tables {
  if (fixed !== null) return fixed;
  const lengths = [...fill(144, 8), ...fill(112, 9), ...fill(24, 7), ...fill(8, 8)];
  fixed = { lengths: new Huffman(lengths), distances: new Huffman(fill(30, 5)) };
  return fixed;
}

function fill(count: number, value: number): number[] {
  return Array.from({ length: count }, () => value);
}

/** RFC 1951 3.2.7: code lengths, themselves Huffman coded. */
function readTables(bits: BitReader): Tables {
  const literals = bits.take(5) + 257;
  const distances = bits.take(5) + 1;
  const given = bits.take(4) + 4;
  const lengths = fill(19, 0);
  for (let i = 0; i < given; i++) lengths[CODE_LENGTH_ORDER[i] ?? 0] = bits.take(3);
  const codes = readCodeLengths(bits, new Huffman(lengths), literals + distances);
  return {
    lengths: new Huffman(codes.slice(0, literals)),
    distances: new Huffman(codes.slice(literals)),
  };
}

function readCodeLengths(bits: BitReader, code: Huffman, count: number): number[] {
  const lengths: number[] = [];
  while (lengths.length < count) {
    const symbol = code.read(bits);
    if (symbol < 16) lengths.push(symbol);
    else if (symbol === 16) lengths.push(...fill(3 + bits.take(2), previous(lengths)));
    else if (symbol === 17) lengths.push(...fill(3 + bits.take(3), 0));
    else lengths.push(...fill(11 + bits.take(7), 0));
  }
  if (lengths.length > count) throw new Corrupt('too many code lengths');
  return lengths;
}

function previous(lengths: readonly number[]): number {
  const last = lengths.at(-1);
  if (last === undefined) throw new Corrupt('a repeated code length without one before it');
  return last;
}

const MAX_CODE_BITS = 15;

/** A canonical Huffman code (RFC 1951 3.2.2), decoded bit by bit over the counts per length. */
class Huffman {
  private readonly counts: readonly number[];
  private readonly symbols: readonly number[];

  constructor(lengths: readonly number[]) {
    const counts = fill(MAX_CODE_BITS + 1, 0);
    for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
    this.counts = counts;
    this.symbols = Array.from(lengths.keys())
      .filter((symbol) => lengths[symbol] !== 0)
      .sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b);
    let left = 1;
    for (let bits = 1; bits <= MAX_CODE_BITS; bits++) {
      left = left * 2 - (counts[bits] ?? 0);
      if (left < 0) throw new Corrupt('an over-subscribed code');
    }
  }

  read(bits: BitReader): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= MAX_CODE_BITS; length++) {
      code |= bits.take(1);
      const count = this.counts[length] ?? 0;
      if (code - count < first) return this.symbols[index + code - first] ?? END_OF_BLOCK;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Corrupt('a code that does not exist');
  }
}

/** Bits from the low end of each octet. */
class BitReader {
  private readonly bytes: Uint8Array;
  private at: number;
  private held = 0;
  private count = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  take(width: number): number {
    while (this.count < width) {
      const octet = this.bytes[this.at];
      if (octet === undefined) throw new Corrupt('the data ends early');
      this.held |= octet << this.count;
      this.count += 8;
      this.at += 1;
    }
    const value = this.held & ((1 << width) - 1);
    this.held >>>= width;
    this.count -= width;
    return value;
  }

  /** At most padding is left. */
  atEnd(): boolean {
    return this.at >= this.bytes.length && this.count < 3;
  }

  align(): void {
    this.held = 0;
    this.count = 0;
  }
}

class Output {
  private buffer: Uint8Array;
  private length = 0;
  private readonly max: number;
  private readonly maxDistance: number;

  constructor(max: number, maxDistance = Number.POSITIVE_INFINITY) {
    this.max = max;
    this.maxDistance = maxDistance;
    this.buffer = new Uint8Array(Math.min(1024, max));
  }

  put(octet: number): void {
    if (this.length >= this.buffer.length) this.grow();
    this.buffer[this.length++] = octet;
  }

  repeat(distance: number, length: number): void {
    if (distance > this.length) throw new Corrupt('a distance beyond the beginning');
    if (distance > this.maxDistance) throw new Corrupt(`a distance of ${distance.toString()}`);
    for (let i = 0; i < length; i++) this.put(this.buffer[this.length - distance] ?? 0);
  }

  bytes(): Uint8Array {
    return this.buffer.subarray(0, this.length);
  }

  private grow(): void {
    if (this.length >= this.max) throw new TooBig();
    const larger = new Uint8Array(Math.min(this.max, this.buffer.length * 2));
    larger.set(this.buffer);
    this.buffer = larger;
  }
}

/** Adler-32 of RFC 1950 section 8, over what was inflated. */
function checkAdler(bits: BitReader, bytes: Uint8Array): void {
  let a = 1;
  let b = 0;
  for (const octet of bytes) {
    a = (a + octet) % 65521;
    b = (b + a) % 65521;
  }
  bits.align();
  const given = [bits.take(8), bits.take(8), bits.take(8), bits.take(8)];
  const expected = [b >> 8, b & 0xff, a >> 8, a & 0xff];
  if (given.some((octet, i) => octet !== expected[i])) throw new Corrupt('the checksum is wrong');
}
