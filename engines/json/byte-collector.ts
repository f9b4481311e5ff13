/** Kept between texts; a bigger buffer is given back once its text is done. */
const KEPT = 1 << 16;

/** Puts a string together that came in several chunks. */
export class ByteCollector {
  #buffer = Buffer.alloc(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** The octets so far; valid until the next call of anything here. */
  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  add(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#buffer.length) {
      const grown = Buffer.alloc(Math.max(needed, this.#buffer.length * 2));
      grown.set(this.bytes);
      this.#buffer = grown;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = needed;
  }

  clear(): void {
    this.#length = 0;
    if (this.#buffer.length > KEPT) this.#buffer = Buffer.alloc(KEPT);
  }
}
