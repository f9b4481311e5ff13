import { MAX_VECTOR_OCTETS } from '../suite/octets.ts';
import type { PathStep } from '../suite/suite.ts';
import { EncodeError } from './encode-error.ts';

/** Which member wrote octets `[start, end)`. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly steps: readonly PathStep[];
}

/** Octets of a stream. A bit of `said` is 1 where a value decides the bit; elsewhere it is filling. */
export interface Image {
  readonly octets: Uint8Array;
  readonly said: Uint8Array;
  readonly spans: readonly Span[];
}

/** Octets of which each bit is decided. */
export function saying(octets: Uint8Array): Pick<Image, 'octets' | 'said'> {
  return { octets, said: new Uint8Array(octets.length).fill(0xff) };
}

/** Octets of one stream, from position `base` on. Bits not yet used of an octet stay for the next bit field, whatever its order. */
export class OctetWriter {
  readonly base: number;
  #octets = new Uint8Array(64);
  #said = new Uint8Array(64);
  #length = 0;
  /** Bits [low, high) of the last octet are free. */
  #low = 0;
  #high = 0;
  readonly #spans: Span[] = [];
  /** Octets at the end that reading does without where the data end: the terminator that may be missing. */
  #spare: { readonly at: number; readonly octets: number } | undefined;

  constructor(base = 0) {
    this.base = base;
  }

  /** Octets begun. */
  get length(): number {
    return this.#length;
  }

  /** `_io.pos`: an octet that is partly used counts. */
  get position(): number {
    return this.base + this.#length;
  }

  get bitPosition(): number {
    return this.position * 8 - (this.#high - this.#low);
  }

  /** Whole octets used: where there are bits left, the stream is not at its end. */
  get used(): number {
    return this.position - (this.#high > this.#low ? 1 : 0);
  }

  /** Octets at the end that may be left out. */
  get spare(): number {
    return this.#spare?.at === this.#length ? this.#spare.octets : 0;
  }

  image(): Image {
    return {
      octets: this.#octets.slice(0, this.#length),
      said: this.#said.slice(0, this.#length),
      spans: this.#spans,
    };
  }

  /** Begins at the next octet. */
  write({ octets, said }: Pick<Image, 'octets' | 'said'>, steps: readonly PathStep[]): void {
    this.align();
    this.#reserve(octets.length);
    this.#octets.set(octets, this.#length);
    this.#said.set(said, this.#length);
    this.#spans.push({ start: this.#length, end: this.#length + octets.length, steps });
    this.#length += octets.length;
  }

  /** The octets written last are a terminator that need not be there at the end of the data. */
  maySpare(octets: number): void {
    this.#spare = { at: this.#length, octets };
  }

  align(): void {
    this.#low = 0;
    this.#high = 0;
  }

  /** `be` fills from the top of what is free, its top bits first; `le` from the bottom, its lowest bits first. */
  bits(value: bigint, width: number, { order, steps }: BitsAt): void {
    const start = this.used - this.base;
    for (let left = width; left > 0;) {
      if (this.#low === this.#high) this.#nextOctet();
      const size = Math.min(left, this.#high - this.#low);
      const skipped = order === 'be' ? left - size : width - left;
      const chunk = Number((value >> BigInt(skipped)) & ((1n << BigInt(size)) - 1n));
      const at = order === 'be' ? this.#high - size : this.#low;
      const last = this.#length - 1;
      this.#octets[last] = (this.#octets[last] ?? 0) | (chunk << at);
      this.#said[last] = (this.#said[last] ?? 0) | (((1 << size) - 1) << at);
      if (order === 'be') this.#high -= size;
      else this.#low += size;
      left -= size;
    }
    this.#spans.push({ start, end: this.#length, steps });
  }

  #nextOctet(): void {
    this.#reserve(1);
    this.#octets[this.#length] = 0;
    this.#said[this.#length] = 0;
    this.#length += 1;
    this.#low = 0;
    this.#high = 8;
  }

  #reserve(more: number): void {
    const wanted = this.position + more;
    if (wanted > MAX_VECTOR_OCTETS) throw new EncodeError([], `has more than ${MAX_VECTOR_OCTETS} octets`);
    if (this.#length + more <= this.#octets.length) return;
    const size = Math.max(this.#length + more, this.#octets.length * 2);
    this.#octets = grown(this.#octets, size);
    this.#said = grown(this.#said, size);
  }
}

export interface BitsAt {
  readonly order: 'be' | 'le';
  readonly steps: readonly PathStep[];
}

function grown(octets: Uint8Array, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(size);
  larger.set(octets);
  return larger;
}
