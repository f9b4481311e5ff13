import { type BodyFraming, type BodyReader, bodyReader } from './body-reader.ts';
import type { HttpHead } from './head.ts';
import { HeadReader } from './head-reader.ts';
import { isStartLine, parseHead } from './parse-head.ts';
import { type Beginning, recogniseBeginning } from './recognise.ts';

/** Octets of one direction, and the packet they came in. */
export interface Arrival {
  readonly position: number;
  readonly bytes: Uint8Array;
  readonly frame: number;
  readonly time: bigint;
}

/**
 * What a direction is in: a head or body; `lost`, where the next head is looked for at the beginning of each
 * segment; or `handed-over`, where nothing more is read here.
 */
export type LaneMode = 'head' | 'body' | 'lost' | 'handed-over';

/** What follows a message: another one, or octets that its owner takes. */
export type AfterMessage = 'head' | 'handed-over';

export interface LaneOwner {
  /** How the message goes on after its head; undefined: this head does not belong here. */
  head(lane: Lane, head: HttpHead): BodyFraming | undefined;
  messageEnd(lane: Lane): AfterMessage;
  /** From here on messages may be missing. */
  lost(lane: Lane): void;
  /** What is not HTTP; after it the lane is lost or, when the owner so decides, handed over. */
  notHttp(lane: Lane, found: Beginning, arrival: Arrival): void;
  handedOver(lane: Lane, arrival: Arrival): void;
}

const NOTHING = new Uint8Array(0);
const CR = 0x0d;
const LF = 0x0a;

/** Reads the HTTP/1.x messages of one direction, in whatever pieces they come. */
export class Lane {
  readonly #owner: LaneOwner;
  readonly #headReader = new HeadReader();
  #body: BodyReader | undefined;
  mode: LaneMode = 'head';
  /** Octets were missing where a head or a body's end may have been. */
  hasHole = false;
  /** Everything since the direction's first octet was there. */
  get isWhole(): boolean {
    return this.#atStart && !this.hasHole;
  }

  readonly #atStart: boolean;
  /** Position after the last head or message that was understood: 0 at first. */
  understood: number;

  /** `atStart`: a message begins with the first octet; else the first one is looked for. */
  constructor(owner: LaneOwner, begin: number, atStart: boolean) {
    this.#owner = owner;
    this.understood = begin;
    this.#atStart = atStart;
    if (!atStart) this.mode = 'lost';
  }

  /** Ends: every turn uses an octet, or changes the mode to one that does or returns. */
  read(arrival: Arrival): void {
    const { bytes } = arrival;
    let at = 0;
    if (this.mode === 'lost') this.#seek(arrival);
    while (at < bytes.length) {
      switch (this.mode) {
        case 'head':
          at = this.#readHead(arrival, at);
          break;
        case 'body':
          at = this.#readBody(arrival, at);
          break;
        case 'lost':
          return;
        case 'handed-over':
          this.#owner.handedOver(this, rest(arrival, at));
          return;
      }
    }
  }

  /** Octets the capture lacks. A body may run over them; a head cannot. */
  skip(length: number): void {
    if (this.mode === 'body') {
      this.#body?.skip(length);
      if (this.#body?.failed !== true) return;
    }
    this.hasHole = true;
    this.#lose();
  }

  get isHandedOver(): boolean {
    return this.mode === 'handed-over';
  }

  handOver(): void {
    this.mode = 'handed-over';
  }

  #lose(): void {
    this.mode = 'lost';
    this.#headReader.clear();
    this.#owner.lost(this);
  }

  /** Text may look like the beginning of a head: the whole first line must be there, and be right. */
  #seek(arrival: Arrival): void {
    const found = recogniseBeginning(arrival.bytes);
    const firstLine = isNot(found) ? NOTHING : arrival.bytes.subarray(0, arrival.bytes.indexOf(LF));
    if (isStartLine(firstLine)) this.mode = 'head';
    else this.#owner.notHttp(this, isNot(found) ? found : 'other', arrival);
  }

  #readHead(arrival: Arrival, from: number): number {
    const { bytes, position, frame, time } = arrival;
    const at = this.#headReader.isEmpty ? skipLineEnds(bytes, from) : from;
    if (at === bytes.length) return at;
    if (this.#headReader.isEmpty && isNot(recogniseBeginning(bytes.subarray(at)))) {
      return this.#refuse(rest(arrival, at));
    }
    const progress = this.#headReader.read(bytes, at);
    if (progress.kind === 'too-long') return this.#refuse(arrival);
    if (progress.kind === 'partial') return this.#checkPartial(arrival);

    const { octets, next } = progress;
    const end = position + next;
    const place = { position: end - octets.length, length: octets.length, frame, time };
    const head = parseHead(octets, place);
    const framing = head === undefined ? undefined : this.#owner.head(this, head);
    if (framing === undefined) return this.#refuse(arrival);
    this.understood = end;
    // The head itself may have handed the lane over (101).
    if (this.mode !== 'head') return next;
    this.#body = bodyReader(framing);
    this.mode = 'body';
    this.#checkBody(end);
    return next;
  }

  #checkPartial(arrival: Arrival): number {
    const { octets, startLine } = this.#headReader;
    const wrong = startLine === undefined ? isNot(recogniseBeginning(octets)) : !isStartLine(startLine);
    if (!wrong) return arrival.bytes.length;
    const position = arrival.position + arrival.bytes.length - octets.length;
    return this.#refuse({ ...arrival, position, bytes: new Uint8Array(octets) });
  }

  /** Returns the length of the octets: nothing more of them is read as HTTP. */
  #refuse(arrival: Arrival): number {
    const found = recogniseBeginning(arrival.bytes);
    this.#lose();
    this.#owner.notHttp(this, isNot(found) ? found : 'other', arrival);
    if (this.isHandedOver) this.#owner.handedOver(this, arrival);
    return Infinity;
  }

  #readBody({ bytes, position }: Arrival, from: number): number {
    const next = this.#body?.read(bytes, from) ?? from;
    this.#checkBody(position + next);
    return next;
  }

  #checkBody(end: number): void {
    if (this.#body?.failed === true) this.#lose();
    else if (this.#body?.done === true) {
      this.understood = end;
      this.mode = this.#owner.messageEnd(this);
    }
  }
}

function isNot(found: Beginning): boolean {
  return found === 'tls' || found === 'other';
}

function skipLineEnds(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === CR || bytes[at] === LF) at += 1;
  return at;
}

function rest(arrival: Arrival, from: number): Arrival {
  if (from === 0) return arrival;
  return { ...arrival, position: arrival.position + from, bytes: arrival.bytes.subarray(from) };
}
