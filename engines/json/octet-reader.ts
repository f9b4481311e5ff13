import { unexpected } from './broken-json.ts';
import * as octets from './octets.ts';
import type { TextCache } from './text-cache.ts';
import { afterString } from './text-octets.ts';
import type { ValueSkipper } from './value-skipper.ts';

/** Thrown where the octets end before the value does; one object, for it is thrown often and its place says nothing. */
export class Incomplete extends Error {}
export const INCOMPLETE = new Incomplete('the value does not end in these octets');

/** tshark writes numbers of up to 20 digits. */
const MAX_LITERAL = 64;

/**
 * Reads a value that lies in one piece, member by member.
 *
 * What was read last, a text or a literal, lies at `[start, end)` of `bytes`.
 */
export class OctetReader {
  readonly #texts: TextCache;
  readonly #skipper: ValueSkipper;
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  start = 0;
  end = 0;
  /** Failures of Wireshark in values passed over. */
  errors = 0;

  constructor(texts: TextCache, skipper: ValueSkipper) {
    this.#texts = texts;
    this.#skipper = skipper;
  }

  begin(bytes: Buffer, at: number): void {
    this.bytes = bytes;
    this.at = at;
    this.errors = 0;
  }

  /** The next octet that is no space; it stays unread. */
  peek(): number {
    const { bytes } = this;
    let at = this.at;
    for (;;) {
      if (at >= bytes.length) throw INCOMPLETE;
      const octet = bytes[at] as number;
      if (octet > octets.SPACE) {
        this.at = at;
        return octet;
      }
      if (!octets.isSpace(octet)) throw unexpected(octet, 'a space');
      at++;
    }
  }

  /** Reads a container's first bracket; false: it is empty, and read to its end. */
  enter(closing: number): boolean {
    this.peek();
    this.at++;
    if (this.peek() !== closing) return true;
    this.at++;
    return false;
  }

  /** After a value: whether another follows. Reads the comma, or the closing bracket. */
  another(closing: number): boolean {
    const octet = this.peek();
    this.at++;
    if (octet === octets.COMMA) return true;
    if (octet === closing) return false;
    throw unexpected(octet, closing === octets.CLOSE_BRACE ? '"," or "}"' : '"," or "]"');
  }

  /** A member's key and its colon. */
  key(): void {
    if (this.peek() !== octets.QUOTE) throw unexpected(this.bytes[this.at], 'a key in quotes');
    this.string();
    const { start, end } = this;
    if (this.peek() !== octets.COLON) throw unexpected(this.bytes[this.at], '":" after a key');
    this.at++;
    this.start = start;
    this.end = end;
  }

  /** A text; the next octet is its quote. */
  string(): void {
    const after = afterString(this.bytes, this.at + 1);
    if (after < 0) throw INCOMPLETE;
    this.start = this.at + 1;
    this.end = after - 1;
    this.at = after;
  }

  /** The text or literal read last. */
  text(): string {
    return this.#texts.text(this.bytes, this.start, this.end);
  }

  /** A number or word. */
  literal(): void {
    const { bytes } = this;
    const start = this.at;
    let at = start;
    while (!octets.endsLiteral(bytes[at])) {
      if (at >= bytes.length) throw INCOMPLETE;
      at++;
    }
    if (at === start || at - start > MAX_LITERAL) throw unexpected(bytes[start], 'a value');
    if (!isLiteral(bytes.toString('latin1', start, at))) throw unexpected(bytes[start], 'a value');
    this.start = start;
    this.end = at;
    this.at = at;
  }

  /** Passes over a value. */
  skip(): void {
    const octet = this.peek();
    if (octet === octets.QUOTE) {
      const after = afterString(this.bytes, this.at + 1);
      if (after < 0) throw INCOMPLETE;
      this.at = after;
    } else if (octet === octets.OPEN_BRACE || octet === octets.OPEN_BRACKET) {
      this.#skipper.begin();
      this.at = this.#skipper.run(this.bytes, this.at);
      if (!this.#skipper.done) throw INCOMPLETE;
      this.errors += this.#skipper.errors;
    } else {
      this.literal();
    }
  }
}

export function isLiteral(text: string): boolean {
  return /^(?:-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)$/.test(text);
}
