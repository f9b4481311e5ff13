import { MAX_VECTOR_OCTETS } from '../suite/octets.ts';
import { EncodeError } from './encode-error.ts';

/** Octets of one stream. Bits not yet used of an octet stay for the next bit field, whatever its order. */
export class BitWriter {
  #octets = new Uint8Array(64);
  #length = 0;
  /** Bits [low, high) of the last octet are free. */
  #low = 0;
  #high = 0;

  /** Octets begun. */
  get length(): number {
    return this.#length;
  }

  octets(): Uint8Array {
    return this.#octets.slice(0, this.#length);
  }

  /** Begins at the next octet. */
  write(octets: Uint8Array): void {
    this.align();
    this.#reserve(octets.length);
    this.#octets.set(octets, this.#length);
    this.#length += octets.length;
  }

  align(): void {
    this.#low = 0;
    this.#high = 0;
  }

  /** `be` fills from the top of what is free, its top bits first; `le` from the bottom, its lowest bits first. */
  bits(value: bigint, width: number, order: 'be' | 'le'): void {
    for (let left = width; left > 0;) {
      if (this.#low === this.#high) this.#nextOctet();
      const size = Math.min(left, this.#high - this.#low);
      const skipped = order === 'be' ? left - size : width - left;
      const chunk = Number((value >> BigInt(skipped)) & ((1n << BigInt(size)) - 1n));
      const at = order === 'be' ? this.#high - size : this.#low;
      this.#octets[this.#length - 1] = (this.#octets[this.#length - 1] ?? 0) | (chunk << at);
      if (order === 'be') this.#high -= size;
      else this.#low += size;
      left -= size;
    }
  }

  #nextOctet(): void {
    this.#reserve(1);
    this.#octets[this.#length] = 0;
    this.#length += 1;
    this.#low = 0;
    this.#high = 8;
  }

  #reserve(more: number): void {
    const wanted = this.#length + more;
    if (wanted > MAX_VECTOR_OCTETS) throw new EncodeError([], `has more than ${MAX_VECTOR_OCTETS} octets`);
    if (wanted <= this.#octets.length) return;
    const grown = new Uint8Array(Math.max(wanted, this.#octets.length * 2));
    grown.set(this.#octets.subarray(0, this.#length));
    this.#octets = grown;
  }
}
