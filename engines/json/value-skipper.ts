import { CLOSE_BRACE, CLOSE_BRACKET, COLON, isSpace, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './octets.ts';
import { afterString, endsInEscape } from './text-octets.ts';

const UNDERSCORE = 0x5f;
const EXPERT = Buffer.from('_ws.expert');
/** Expert infos that say Wireshark itself failed, not the traffic. */
const ERRORS = [Buffer.from('_ws.lua.error'), Buffer.from('_ws.dissector_bug.expert')];
const LONGEST = 24;

/**
 * Passes over one value, however long and wherever the chunks end, in a few words of memory.
 *
 * Brackets are counted, not matched, so faults of syntax inside go unseen; what must not go unseen are Lua errors and
 * dissector bugs deep in a layer that nobody asked for: an object `_ws.expert` that has one of their keys.
 */
export class ValueSkipper {
  /** Failures of Wireshark passed over since `begin`. */
  errors = 0;
  done = true;
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The first octets of a string that began in an earlier chunk. */
  readonly #head = Buffer.alloc(LONGEST + 1);
  #headLength = 0;
  /** Depth of the object whose latest key is `_ws.expert`; -1: none. */
  #expertDepth = -1;
  /** A string that names an error has ended: a colon makes it a key. */
  #errorNamed = false;

  /** The value is a text or a container. */
  begin(): void {
    this.#depth = 0;
    this.#inString = false;
    this.#expertDepth = -1;
    this.#errorNamed = false;
    this.errors = 0;
    this.done = false;
  }

  /** Where it ended, or the end of the chunk while not `done`. */
  run(bytes: Buffer, position: number): number {
    let at = position;
    if (this.#inString) at = this.#resumeString(bytes, at);
    if (this.#errorNamed) at = this.#resolveName(bytes, at);
    let depth = this.#depth;
    const end = bytes.length;
    while (at < end && !this.done) {
      const octet = bytes[at++] as number;
      if (octet === QUOTE) {
        this.#depth = depth;
        at = this.#string(bytes, at);
      } else if (octet >= OPEN_BRACKET) {
        if (octet === OPEN_BRACE || octet === OPEN_BRACKET) depth++;
        else if (octet === CLOSE_BRACE || octet === CLOSE_BRACKET) {
          depth--;
          if (depth === 0) this.done = true;
          if (depth === this.#expertDepth) this.#expertDepth = -1;
        }
      }
    }
    this.#depth = depth;
    return at;
  }

  /** A string whose first octet is at `start`. */
  #string(bytes: Buffer, start: number): number {
    const after = afterString(bytes, start);
    if (after < 0) return this.#suspend(bytes, start, start);
    if (bytes[start] === UNDERSCORE) this.#named(bytes, start, after - 1);
    if (this.#depth === 0) this.done = true;
    return this.#errorNamed ? this.#resolveName(bytes, after) : after;
  }

  #suspend(bytes: Buffer, start: number, plain: number): number {
    if (!this.#inString) this.#headLength = 0;
    this.#inString = true;
    this.#headLength += bytes.copy(this.#head, this.#headLength, start);
    this.#escaped = endsInEscape(bytes, plain);
    return bytes.length;
  }

  #resumeString(bytes: Buffer, start: number): number {
    const plain = this.#escaped ? start + 1 : start;
    const after = afterString(bytes, plain);
    if (after < 0) return this.#suspend(bytes, start, plain);
    this.#inString = false;
    this.#headLength += bytes.copy(this.#head, this.#headLength, start, after - 1);
    if (this.#head[0] === UNDERSCORE) this.#named(this.#head, 0, this.#headLength);
    if (this.#depth === 0) this.done = true;
    return after;
  }

  #named(bytes: Buffer, start: number, end: number): void {
    if (end - start > LONGEST) return;
    if (isAt(EXPERT, bytes, start, end)) {
      if (this.#expertDepth < 0) this.#expertDepth = this.#depth;
    } else if (this.#expertDepth >= 0 && this.#depth > this.#expertDepth) {
      this.#errorNamed = ERRORS.some((name) => isAt(name, bytes, start, end));
    }
  }

  #resolveName(bytes: Buffer, position: number): number {
    let at = position;
    while (isSpace(bytes[at])) at++;
    if (at >= bytes.length) return at;
    if (bytes[at] === COLON) this.errors++;
    this.#errorNamed = false;
    return at;
  }
}

function isAt(name: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (end - start !== name.length) return false;
  for (let at = 0; at < name.length; at++) if (bytes[start + at] !== name[at]) return false;
  return true;
}
