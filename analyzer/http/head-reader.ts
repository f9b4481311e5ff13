import { MAXIMUM_HEAD_OCTETS, MAXIMUM_START_LINE_OCTETS } from './limits.ts';

const CR = 0x0d;
const LF = 0x0a;

export type HeadProgress =
  /** The head ends before index `next` of the octets given. */
  | { readonly kind: 'whole'; readonly octets: Uint8Array; readonly next: number }
  | { readonly kind: 'partial' }
  | { readonly kind: 'too-long' };

/**
 * Collects the octets of a head up to its blank line; empty lines before it are passed over (RFC 9112 2.2).
 * Every octet is looked at once, however the stream is cut.
 */
export class HeadReader {
  #octets = new Uint8Array(1024);
  #length = 0;
  /** Octets of the line being read, CR and LF not counted. */
  #lineLength = 0;
  #lines = 0;
  #startLineLength = 0;

  /** Octets of the head read so far. */
  get octets(): Uint8Array {
    return this.#octets.subarray(0, this.#length);
  }

  /** The first line without its end, once it is all there. */
  get startLine(): Uint8Array | undefined {
    return this.#lines === 0 ? undefined : this.#octets.subarray(0, this.#startLineLength);
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  read(bytes: Uint8Array, from: number): HeadProgress {
    for (let at = from; at < bytes.length; at += 1) {
      const octet = bytes[at] ?? 0;
      if (octet === LF && this.#lineLength === 0) {
        if (this.#lines === 0) {
          this.#length = 0;
          continue;
        }
        this.#append(octet);
        return { kind: 'whole', octets: this.#take(), next: at + 1 };
      }
      this.#append(octet);
      if (octet === LF) {
        if (this.#lines === 0) this.#startLineLength = this.#length - 1;
        this.#lines += 1;
        this.#lineLength = 0;
      } else if (octet !== CR) {
        this.#lineLength += 1;
      }
      if (this.#isTooLong()) return { kind: 'too-long' };
    }
    return { kind: 'partial' };
  }

  clear(): void {
    this.#length = 0;
    this.#lineLength = 0;
    this.#lines = 0;
  }

  #isTooLong(): boolean {
    return this.#length > (this.#lines === 0 ? MAXIMUM_START_LINE_OCTETS : MAXIMUM_HEAD_OCTETS);
  }

  #append(octet: number): void {
    if (this.#length === this.#octets.length) {
      const larger = new Uint8Array(this.#octets.length * 2);
      larger.set(this.#octets);
      this.#octets = larger;
    }
    this.#octets[this.#length] = octet;
    this.#length += 1;
  }

  #take(): Uint8Array {
    const octets = this.#octets.slice(0, this.#length);
    this.clear();
    return octets;
  }
}
