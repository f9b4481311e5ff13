import { BrokenJson, unexpected } from './broken-json.ts';
import { ByteCollector } from './byte-collector.ts';
import { Incomplete, isLiteral } from './octet-reader.ts';
import * as octets from './octets.ts';
import { afterString, endsInEscape } from './text-octets.ts';
import { ValueSkipper } from './value-skipper.ts';

/**
 * What becomes of a value: its pieces are told one by one, or it is passed over, or it is handed on in one piece.
 */
export type Verdict = 'take' | 'skip' | 'whole';

/** Hears of JSON piece by piece. Octets are valid only during the call. */
export interface JsonSink {
  /** The key's octets lie at `[start, end)`, without quotes. */
  key(bytes: Buffer, start: number, end: number): Verdict;
  /** A container opens in a value taken; `whole` is no answer to that. */
  open(isObject: boolean): Verdict;
  close(): void;
  /** A text, number or word in a value taken. */
  scalar(): void;
  /**
   * The value at `at`; returns where it ends.
   * @throws Incomplete when `bytes` end first: the call is made again when the value is all there
   */
  whole(bytes: Buffer, at: number): number;
  /** A value that was to be handed on in one piece is above the limit. */
  tooLong(length: number): void;
  /** A value was passed over, in which Wireshark says so many times that it failed. */
  skipped(errors: number): void;
}

/**
 * The JSON of one layer. The `ws` layer of a message of 16 MiB takes about 100 MiB: its payload in hex with colons, and
 * as text. Only layers that the end of a chunk cuts are kept together at all.
 */
const MAX_WHOLE = 256 << 20;
const MAX_KEY = 1 << 16;
const MAX_LITERAL = 64;

// Where in the grammar the next octet stands.
const AT_VALUE = 0;
const AT_FIRST_ITEM = 1;
const AT_FIRST_KEY = 2;
const AT_KEY = 3;
const AT_COLON = 4;
const AFTER_VALUE = 5;
const AFTER_ROOT = 6;
const IN_KEY = 7;
const IN_LITERAL = 8;
const IN_SKIPPED = 9;
const IN_WHOLE = 10;

/**
 * A JSON grammar over octets that may be fed in any pieces. At the root stands one array, or objects one after the
 * other (`jq -c '.[]'`).
 */
export class JsonTokenizer {
  readonly #sink: JsonSink;
  readonly #collector = new ByteCollector();
  readonly #skipper = new ValueSkipper();
  /** Open containers, outermost first; true: an object. */
  readonly #open: boolean[] = [];
  #state = AT_VALUE;
  #verdict: Verdict = 'take';
  #escaped = false;
  #rootIsArray = false;
  /** Octets of a whole value that are not kept: it is too long. */
  #dropped = 0;
  /** Where in the chunk the tokenizer stands. */
  position = 0;

  constructor(sink: JsonSink) {
    this.#sink = sink;
  }

  get depth(): number {
    return this.#open.length;
  }

  /** Whether the octets so far could be all. */
  get isWhole(): boolean {
    return this.#state === AFTER_ROOT;
  }

  /** @throws BrokenJson */
  push(bytes: Buffer): void {
    this.position = 0;
    while (this.position < bytes.length) this.position = this.#step(bytes, this.position);
  }

  #step(bytes: Buffer, position: number): number {
    switch (this.#state) {
      case IN_SKIPPED:
        return this.#skip(bytes, position);
      case IN_WHOLE:
        return this.#collectWhole(bytes, position);
      case IN_KEY:
        return this.#resumeKey(bytes, position);
      case IN_LITERAL:
        return this.#literal(bytes, position);
      default: {
        let at = position;
        while (octets.isSpace(bytes[at])) at++;
        if (at >= bytes.length) return at;
        this.position = at;
        return this.#structure(bytes, at);
      }
    }
  }

  #structure(bytes: Buffer, at: number): number {
    const octet = bytes[at] as number;
    switch (this.#state) {
      case AT_FIRST_KEY:
        return octet === octets.CLOSE_BRACE ? this.#close(at) : this.#key(bytes, at);
      case AT_KEY:
        return this.#key(bytes, at);
      case AT_COLON:
        if (octet !== octets.COLON) throw unexpected(octet, '":" after a key');
        this.#state = AT_VALUE;
        return at + 1;
      case AT_FIRST_ITEM:
        return octet === octets.CLOSE_BRACKET ? this.#close(at) : this.#value(bytes, at);
      case AFTER_VALUE:
        return this.#afterValue(octet, at);
      case AFTER_ROOT:
        if (this.#rootIsArray) throw new BrokenJson('there is more after the end of the JSON array');
        return this.#value(bytes, at);
      default:
        return this.#value(bytes, at);
    }
  }

  #key(bytes: Buffer, at: number): number {
    if (bytes[at] !== octets.QUOTE) throw unexpected(bytes[at], 'a key in quotes');
    const after = afterString(bytes, at + 1);
    if (after >= 0) return this.#keyEnded(bytes, at + 1, after - 1, after);
    this.#state = IN_KEY;
    this.#collector.add(bytes.subarray(at + 1));
    this.#escaped = endsInEscape(bytes, at + 1);
    return bytes.length;
  }

  #resumeKey(bytes: Buffer, start: number): number {
    const plain = this.#escaped ? start + 1 : start;
    const after = afterString(bytes, plain);
    this.#collector.add(bytes.subarray(start, after < 0 ? bytes.length : after - 1));
    if (this.#collector.length > MAX_KEY) throw new BrokenJson('a key longer than any that tshark writes');
    if (after < 0) {
      this.#escaped = endsInEscape(bytes, plain);
      return bytes.length;
    }
    const key = this.#collector.bytes;
    this.#keyEnded(key, 0, key.length, after);
    this.#collector.clear();
    return after;
  }

  #keyEnded(bytes: Buffer, start: number, end: number, after: number): number {
    this.#verdict = this.#sink.key(bytes, start, end);
    this.#state = AT_COLON;
    return after;
  }

  #value(bytes: Buffer, at: number): number {
    const octet = bytes[at] as number;
    const opens = octet === octets.OPEN_BRACE || octet === octets.OPEN_BRACKET;
    if (!opens && this.#open.length === 0) throw unexpected(octet, '"[" or "{"');
    if (!opens && octet !== octets.QUOTE) return this.#literal(bytes, at);
    if (this.#verdict === 'whole') return this.#whole(bytes, at);
    if (this.#verdict === 'take') {
      if (!opens) this.#sink.scalar();
      else if (this.#opens(octet === octets.OPEN_BRACE)) return at + 1;
    }
    this.#skipper.begin();
    return this.#skip(bytes, at);
  }

  /** Whether the sink takes the container that opens. */
  #opens(isObject: boolean): boolean {
    if (this.#open.length === 0) this.#rootIsArray = !isObject;
    if (this.#sink.open(isObject) !== 'take') return false;
    this.#open.push(isObject);
    this.#state = isObject ? AT_FIRST_KEY : AT_FIRST_ITEM;
    return true;
  }

  #afterValue(octet: number, at: number): number {
    const inObject = this.#open.at(-1) === true;
    if (octet === octets.COMMA) {
      this.#state = inObject ? AT_KEY : AT_VALUE;
      return at + 1;
    }
    if (octet === (inObject ? octets.CLOSE_BRACE : octets.CLOSE_BRACKET)) return this.#close(at);
    throw unexpected(octet, inObject ? '"," or "}"' : '"," or "]"');
  }

  #close(at: number): number {
    this.#open.pop();
    this.#valueEnded();
    this.#sink.close();
    return at + 1;
  }

  /** Items of an array that is taken are taken. */
  #valueEnded(): void {
    this.#verdict = 'take';
    this.#state = this.#open.length === 0 ? AFTER_ROOT : AFTER_VALUE;
  }

  #skip(bytes: Buffer, position: number): number {
    const after = this.#skipper.run(bytes, position);
    this.#state = IN_SKIPPED;
    if (!this.#skipper.done) return after;
    this.#valueEnded();
    this.#sink.skipped(this.#skipper.errors);
    return after;
  }

  /** Nearly always the value lies in the chunk; else it is put together, and its end looked for meanwhile. */
  #whole(bytes: Buffer, at: number): number {
    try {
      const after = this.#sink.whole(bytes, at);
      this.#valueEnded();
      return after;
    } catch (error) {
      if (!(error instanceof Incomplete)) throw error;
    }
    this.#skipper.begin();
    return this.#collectWhole(bytes, at);
  }

  #collectWhole(bytes: Buffer, position: number): number {
    this.#state = IN_WHOLE;
    const after = this.#skipper.run(bytes, position);
    if (this.#collector.length >= MAX_WHOLE) this.#dropped += after - position;
    else this.#collector.add(bytes.subarray(position, after));
    if (!this.#skipper.done) return after;
    this.#valueEnded();
    if (this.#dropped > 0) this.#sink.tooLong(this.#collector.length + this.#dropped);
    else this.#handOn();
    this.#dropped = 0;
    this.#collector.clear();
    return after;
  }

  #handOn(): void {
    try {
      this.#sink.whole(this.#collector.bytes, 0);
    } catch (error) {
      if (!(error instanceof Incomplete)) throw error;
      throw new BrokenJson('brackets that do not match');
    }
  }

  #literal(bytes: Buffer, position: number): number {
    let at = position;
    while (at < bytes.length && !octets.endsLiteral(bytes[at])) at++;
    this.#collector.add(bytes.subarray(position, Math.min(at, position + MAX_LITERAL)));
    this.#state = IN_LITERAL;
    if (this.#collector.length >= MAX_LITERAL) throw unexpected(bytes[position], 'a value');
    if (at >= bytes.length) return at;
    const text = this.#collector.bytes.toString('latin1');
    this.#collector.clear();
    if (!isLiteral(text)) throw unexpected(text === '' ? bytes[at] : text.charCodeAt(0), 'a value');
    const taken = this.#verdict === 'take';
    this.#valueEnded();
    if (taken) this.#sink.scalar();
    return at;
  }
}
