import {
  HOLE_PROOF_SEGMENTS,
  JUMP_PROOF_SEGMENTS,
  MAXIMUM_DISTANCE_OCTETS,
  MAXIMUM_PENDING_OCTETS,
  MAXIMUM_PENDING_SEGMENTS,
  START_PROOF_SEGMENTS,
} from '../limits.ts';
import { PendingPieces, type Piece } from './pending-pieces.ts';
import { advance, distance } from './sequence.ts';

/** Where the octets of one direction go; positions count from its first octet. */
export interface HalfStreamSink {
  data(position: number, bytes: Uint8Array, frame: number, time: bigint): void;
  gap(position: number, length: number, reason: 'lost' | 'snaplen', frame: number): void;
}

/** What a segment brings to the direction it was sent in. */
export interface Arrival {
  readonly payload: Uint8Array;
  readonly missing: number;
  readonly frame: number;
  readonly time: bigint;
}

export interface Place {
  readonly frame: number;
  readonly time: bigint;
}

/**
 * One direction of a TCP connection: segments in, each octet out once and in order.
 *
 * Positions inside count from an arbitrary anchor, the first number seen; `#origin` is the one that the sink is
 * told as 0: after the SYN or, without one, the lowest number seen. Until it is known nothing is handed out.
 *
 * Invariants: `#nextSequence` is the sequence number of position `#next`; everything before `#next` was handed out
 * or declared a gap; all of `#pending` lies at or after `#next` (once the origin is known).
 */
export class HalfStream {
  readonly #sink: HalfStreamSink;
  readonly #pending = new PendingPieces();
  #anchored = false;
  #nextSequence = 0;
  #next = 0;
  #origin: number | undefined;
  /** Lowest position of a segment without data, while the origin is unknown. */
  #lowestEmpty = Infinity;
  #lowestData = Infinity;
  #held = 0;
  /** Up to here the other end has acknowledged. */
  #acknowledged = -Infinity;
  /** Segments that brought new data since the first hole was known to be acknowledged. */
  #holeEvidence = 0;
  #strays: Piece[] = [];
  #finish: (Place & { readonly position: number }) | undefined;

  constructor(sink: HalfStreamSink) {
    this.#sink = sink;
  }

  get hasPending(): boolean {
    return this.#pending.count > 0;
  }

  get pendingOctets(): number {
    return this.#pending.octets;
  }

  /** Lowest number of a packet some of whose octets are held; Infinity when none are. */
  get oldestPendingFrame(): number {
    return this.#pending.oldestFrame;
  }

  /** Whether the other end has acknowledged everything before the FIN, seen here or not. */
  get finishIsAcknowledged(): boolean {
    return this.#finish !== undefined && this.#acknowledged >= this.#finish.position;
  }

  /** The FIN, once everything before it was handed out. */
  get reachedFinish(): Place | undefined {
    const finish = this.#finish;
    return this.#origin !== undefined && finish !== undefined && this.#next >= finish.position
      ? finish
      : undefined;
  }

  get hasFinish(): boolean {
    return this.#finish !== undefined;
  }

  /** Position after the last octet handed out or declared a gap. */
  get position(): number {
    return this.#next - (this.#origin ?? this.#next);
  }

  /** A SYN was sent: data begins one after its number. */
  synchronise(sequence: number, place: Place): void {
    const first = advance(sequence, 1);
    this.#anchor(first);
    if (this.#origin === undefined) this.#begin(this.#positionOf(first), place);
  }

  /** The other end has everything before `acknowledgement`. */
  acknowledge(acknowledgement: number, place: Place): void {
    this.#anchor(acknowledgement);
    const position = this.#positionOf(acknowledgement);
    if (Math.abs(position - this.#next) > MAXIMUM_DISTANCE_OCTETS) return;
    if (position > this.#acknowledged) this.#acknowledged = position;
    if (this.#origin === undefined) this.#beginWhenCertain(place);
  }

  /** Whether an acknowledgement would tell of more than is acknowledged so far. */
  isNewlyAcknowledged(acknowledgement: number): boolean {
    return this.#anchored && this.#positionOf(acknowledgement) > this.#acknowledged;
  }

  /** A segment's data; one without any still tells a sequence number. */
  receive(sequence: number, arrival: Arrival, fin: boolean): void {
    this.#anchor(sequence);
    const start = this.#positionOf(sequence);
    const length = arrival.payload.length + arrival.missing;
    if (Math.abs(start - this.#next) > MAXIMUM_DISTANCE_OCTETS) {
      this.#stray(start, arrival);
      return;
    }
    if (this.#strays.length > 0) this.#strays = [];
    // A FIN before octets that were handed out is not this stream's end.
    if (fin && (this.#origin === undefined || start + length >= this.#next)) {
      this.#finish ??= { position: start + length, frame: arrival.frame, time: arrival.time };
    }
    if (this.#origin === undefined) this.#hold(start, length, arrival);
    else if (length > 0) this.#accept(start, arrival);
  }

  /** Data whose sequence number is not known: it follows what came before. */
  append(arrival: Arrival, fin: boolean): void {
    this.#anchor(0);
    if (this.#origin === undefined) this.#begin(this.#next, arrival);
    this.#accept(this.#next, arrival);
    if (fin) this.#finish ??= { position: this.#next, frame: arrival.frame, time: arrival.time };
  }

  /** Gives up the first hole: what waited behind it flows. */
  giveUpHole(place: Place): void {
    if (this.#origin === undefined && this.#lowest() < Infinity) this.#begin(this.#lowest(), place);
    const first = this.#pending.first;
    if (first === undefined) return;
    this.#lose(first.start, place);
    this.#drain();
    this.#holeEvidence = 0;
  }

  /** No more segments will come: everything held is handed out, every hole declared. */
  end(place: Place): void {
    if (this.#origin === undefined && this.#lowest() < Infinity) this.#begin(this.#lowest(), place);
    this.#giveUpHoles(place);
    if (this.#strays.length > 0) this.#jump(place);
    this.#giveUpHoles(place);
    if (this.#origin !== undefined) this.#lose(this.#expectedEnd(), place);
  }

  /** Ends: each turn hands out or discards the first of the pieces at least. */
  #giveUpHoles(place: Place): void {
    while (this.hasPending) this.giveUpHole(place);
  }

  /**
   * Where the data must end by what is known. One octet acknowledged beyond the last one seen says nothing: a FIN
   * that was not captured takes a number too.
   */
  #expectedEnd(): number {
    if (this.#finish !== undefined) return this.#finish.position;
    return this.#acknowledged > this.#next + 1 ? this.#acknowledged : this.#next;
  }

  #anchor(sequence: number): void {
    if (this.#anchored) return;
    this.#anchored = true;
    this.#nextSequence = sequence;
  }

  #positionOf(sequence: number): number {
    return this.#next + distance(this.#nextSequence, sequence);
  }

  #moveTo(position: number): void {
    this.#nextSequence = advance(this.#nextSequence, position - this.#next);
    this.#next = position;
  }

  #hold(start: number, length: number, arrival: Arrival): void {
    const alreadyHad = start < this.#acknowledged;
    if (length === 0) {
      if (!alreadyHad) this.#lowestEmpty = Math.min(this.#lowestEmpty, start);
    } else if (length > 1 || !alreadyHad) {
      // Else a keep-alive (RFC 9293 3.8.4): one octet that the other end has, of any value.
      this.#lowestData = Math.min(this.#lowestData, start);
      this.#held += 1;
      this.#insert(start, arrival);
    }
    this.#beginWhenCertain(arrival);
  }

  #beginWhenCertain(place: Place): void {
    if (this.#lowestData === Infinity && this.#finish === undefined) return;
    const lowest = this.#lowest();
    if (this.#acknowledged >= lowest || this.#held >= START_PROOF_SEGMENTS) this.#begin(lowest, place);
  }

  /** Of an empty segment just before the first data nothing is believed: a keep-alive has the number before. */
  #lowest(): number {
    const lowest = this.#lowestEmpty < this.#lowestData - 1 ? this.#lowestEmpty : this.#lowestData;
    return Math.min(lowest, this.#finish?.position ?? Infinity);
  }

  #begin(position: number, place: Place): void {
    this.#moveTo(position);
    this.#origin = position;
    for (let first = this.#pending.first; first !== undefined && first.start < position;) {
      this.#pending.takeFirst();
      this.#insertPiece(first);
      first = this.#pending.first;
    }
    this.#drain();
    this.#weighHole(place);
  }

  #accept(start: number, arrival: Arrival): void {
    const { payload, missing, frame, time } = arrival;
    const dataEnd = start + payload.length;
    const end = dataEnd + missing;
    if (end <= this.#next) return;
    if (start <= this.#next && !this.hasPending) {
      if (dataEnd > this.#next) {
        const bytes = start === this.#next ? payload : payload.subarray(this.#next - start);
        this.#handOut(bytes, frame, time);
      }
      if (end > this.#next) this.#cut(end, frame);
      return;
    }
    const { octets } = this.#pending;
    this.#insert(start, arrival);
    if (this.#pending.octets > octets && this.#holeIsAcknowledged()) this.#holeEvidence += 1;
    this.#drain();
    this.#weighHole(arrival);
  }

  #holeIsAcknowledged(): boolean {
    const first = this.#pending.first;
    return first !== undefined && this.#acknowledged >= first.start;
  }

  #insert(start: number, { payload, missing, frame, time }: Arrival): void {
    const dataEnd = start + payload.length;
    if (payload.length > 0) this.#insertPiece({ start, end: dataEnd, bytes: payload, frame, time });
    if (missing > 0) this.#insertPiece({ start: dataEnd, end: dataEnd + missing, bytes: null, frame, time });
  }

  #insertPiece(piece: Piece): void {
    const begun = this.#origin !== undefined;
    this.#pending.insert(begun ? clip(piece, this.#next) : piece);
  }

  #drain(): void {
    for (let first = this.#pending.first; first?.start === this.#next; first = this.#pending.first) {
      this.#pending.takeFirst();
      if (first.bytes === null) this.#cut(first.end, first.frame);
      else this.#handOut(first.bytes, first.frame, first.time);
      this.#holeEvidence = 0;
    }
  }

  #handOut(bytes: Uint8Array, frame: number, time: bigint): void {
    const position = this.position;
    this.#moveTo(this.#next + bytes.length);
    this.#sink.data(position, bytes, frame, time);
  }

  #cut(end: number, frame: number): void {
    const { position } = this;
    const length = end - this.#next;
    this.#moveTo(end);
    this.#sink.gap(position, length, 'snaplen', frame);
  }

  #lose(end: number, { frame }: Place): void {
    if (end <= this.#next) return;
    const { position } = this;
    const length = end - this.#next;
    this.#moveTo(end);
    this.#sink.gap(position, length, 'lost', frame);
  }

  /** A hole the receiver acknowledged, with enough after it, was never captured; so is one that a limit decides. */
  #weighHole(place: Place): void {
    if (!this.hasPending) return;
    const full =
      this.#pending.count > MAXIMUM_PENDING_SEGMENTS || this.#pending.octets > MAXIMUM_PENDING_OCTETS;
    if (full || this.#holeEvidence >= HOLE_PROOF_SEGMENTS) this.giveUpHole(place);
  }

  #stray(start: number, { payload, frame, time }: Arrival): void {
    if (payload.length === 0) return;
    this.#strays.push({ start, end: start + payload.length, bytes: new Uint8Array(payload), frame, time });
    if (this.#strays.length >= JUMP_PROOF_SEGMENTS) this.#jump({ frame, time });
  }

  /** The stream goes on far away: its numbers moved ahead by less than 2^32. */
  #jump(place: Place): void {
    const strays = this.#strays;
    this.#strays = [];
    const start = strays[0]?.start ?? this.#next;
    const shift = start < this.#next ? SEQUENCE_SPACE : 0;
    if (this.#origin === undefined) this.#begin(start + shift, place);
    this.#giveUpHoles(place);
    this.#lose(start + shift, place);
    for (const stray of strays) {
      if (stray.end + shift > this.#next) {
        this.#insertPiece({ ...stray, start: stray.start + shift, end: stray.end + shift });
      }
    }
    this.#drain();
  }
}

const SEQUENCE_SPACE = 2 ** 32;

/** The part of a piece that lies at or after `position`; the piece must end after it. */
function clip(piece: Piece, position: number): Piece {
  if (piece.start >= position) return piece;
  return { ...piece, start: position, bytes: piece.bytes?.subarray(position - piece.start) ?? null };
}
