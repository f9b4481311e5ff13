import { fieldValues, type HttpHead, listElements, type RequestHead, type ResponseHead } from './head.ts';
import { MAXIMUM_CHUNK_LINE_OCTETS, MAXIMUM_TRAILER_OCTETS } from './limits.ts';

/** How a message's body ends. */
export type BodyFraming =
  | { readonly kind: 'length'; readonly octets: number }
  | { readonly kind: 'chunked' }
  | { readonly kind: 'until-end' }
  /** Contradictory or impossible: where the next message begins is not known. */
  | { readonly kind: 'unknown' };

const NO_BODY: BodyFraming = { kind: 'length', octets: 0 };

/** RFC 9112 6.3, in its order. `request`: what the response answers, null when that is not known. */
export function bodyFraming(head: HttpHead, request: RequestHead | null): BodyFraming {
  if (head.kind === 'response' && hasNoBody(head, request)) return NO_BODY;
  const codings = listElements(head, 'Transfer-Encoding');
  if (codings.length > 0) {
    if (codings.at(-1)?.toLowerCase() === 'chunked') return { kind: 'chunked' };
    return head.kind === 'response' ? { kind: 'until-end' } : { kind: 'unknown' };
  }
  const lengths = fieldValues(head, 'Content-Length').flatMap((value) => value.split(','));
  if (lengths.length > 0) return lengthFraming(new Set(lengths.map((length) => length.trim())));
  return head.kind === 'response' ? { kind: 'until-end' } : NO_BODY;
}

function hasNoBody({ status }: ResponseHead, request: RequestHead | null): boolean {
  if (status < 200 || status === 204 || status === 304) return true;
  return request?.method === 'HEAD' || (request?.method === 'CONNECT' && status < 300);
}

/** Equal lengths given twice are one; different ones are a contradiction. */
function lengthFraming(lengths: ReadonlySet<string>): BodyFraming {
  const [length = ''] = lengths;
  const octets = Number(length);
  const valid = lengths.size === 1 && /^[0-9]+$/u.test(length) && Number.isSafeInteger(octets);
  return valid ? { kind: 'length', octets } : { kind: 'unknown' };
}

/** Passes over a body that comes in any pieces. */
export interface BodyReader {
  readonly done: boolean;
  /** The body cannot be followed any more. */
  readonly failed: boolean;
  /** Index of the first octet after what belongs to the body. */
  read(bytes: Uint8Array, from: number): number;
  /** Octets of the stream that the capture lacks. */
  skip(length: number): void;
}

export function bodyReader(framing: BodyFraming): BodyReader {
  switch (framing.kind) {
    case 'length':
      return new LengthReader(framing.octets);
    case 'chunked':
      return new ChunkedReader();
    case 'until-end':
      return { done: false, failed: false, read: (bytes) => bytes.length, skip: () => undefined };
    case 'unknown':
      return { done: false, failed: true, read: (_, from) => from, skip: () => undefined };
  }
}

class LengthReader implements BodyReader {
  #left: number;
  failed = false;

  constructor(octets: number) {
    this.#left = octets;
  }

  get done(): boolean {
    return this.#left === 0;
  }

  read(bytes: Uint8Array, from: number): number {
    const used = Math.min(this.#left, bytes.length - from);
    this.#left -= used;
    return from + used;
  }

  skip(length: number): void {
    if (length > this.#left) this.failed = true;
    else this.#left -= length;
  }
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * RFC 9112 7.1:  size [; extensions] CRLF  octets CRLF  ...  0 CRLF  trailer lines  CRLF
 */
class ChunkedReader implements BodyReader {
  #state: 'size' | 'octets' | 'octets-end' | 'trailer' | 'done' = 'size';
  #line = '';
  #lineLength = 0;
  #left = 0;
  #trailerOctets = 0;
  failed = false;

  get done(): boolean {
    return this.#state === 'done';
  }

  read(bytes: Uint8Array, from: number): number {
    let at = from;
    while (at < bytes.length && !this.done && !this.failed) {
      if (this.#state === 'octets') {
        const used = Math.min(this.#left, bytes.length - at);
        this.#take(used);
        at += used;
      } else {
        this.#octet(bytes[at] ?? 0);
        at += 1;
      }
    }
    return at;
  }

  skip(length: number): void {
    if (this.#state === 'octets' && length <= this.#left) this.#take(length);
    else this.failed = true;
  }

  #take(octets: number): void {
    this.#left -= octets;
    if (this.#left === 0) this.#state = 'octets-end';
  }

  #octet(octet: number): void {
    if (this.#state === 'trailer' && (this.#trailerOctets += 1) > MAXIMUM_TRAILER_OCTETS) this.failed = true;
    if (octet !== LF) {
      if (octet === CR) return;
      this.#lineLength += 1;
      if (this.#state === 'size' && this.#line.length < 32) this.#line += String.fromCharCode(octet);
      if (this.#lineLength > MAXIMUM_CHUNK_LINE_OCTETS) this.failed = true;
      return;
    }
    this.#endLine();
    this.#lineLength = 0;
    this.#line = '';
  }

  #endLine(): void {
    switch (this.#state) {
      case 'size':
        this.#endSize();
        break;
      case 'octets-end':
        if (this.#lineLength > 0) this.failed = true;
        this.#state = 'size';
        break;
      case 'trailer':
        if (this.#lineLength === 0) this.#state = 'done';
        break;
      case 'octets':
      case 'done':
        break;
    }
  }

  #endSize(): void {
    const [, digits] = /^([0-9A-Fa-f]+)[ \t]*(?:;|$)/u.exec(this.#line) ?? [];
    const size = digits === undefined ? NaN : Number.parseInt(digits, 16);
    if (!Number.isSafeInteger(size)) this.failed = true;
    this.#left = size;
    this.#state = size === 0 ? 'trailer' : 'octets';
  }
}
