/** tshark may repeat a warning for every packet of a capture. */
const MAX_CHARACTERS = 32_768;

/** Keeps the beginning and the end of a text of any length. */
export class HeadAndTail {
  #head = '';
  #tail = '';
  #isCut = false;

  add(chunk: Uint8Array): void {
    const text = Buffer.from(chunk).toString('utf8');
    const room = MAX_CHARACTERS - this.#head.length;
    this.#head += text.slice(0, Math.max(room, 0));
    this.#tail += text.slice(Math.max(room, 0));
    if (this.#tail.length > MAX_CHARACTERS) {
      this.#tail = this.#tail.slice(-MAX_CHARACTERS);
      this.#isCut = true;
    }
  }

  text(): string {
    return this.#isCut ? `${this.#head}\n[...]\n${this.#tail}` : this.#head + this.#tail;
  }
}
