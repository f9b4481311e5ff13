import type { DecodeOutcome, DecodedPdu } from '../decode/decoded.ts';
import type { Decoder, ParamValues } from '../decode/index.ts';
import type { PduProblem } from './pdu.ts';
import { OctetQueue, type Origin } from './octet-queue.ts';
import { Resync } from './recovery/resync.ts';
import type { Wanted } from './recovery/chain-search.ts';

/** What the framer tells of a PDU; the session adds protocol and conversation. */
export interface FramedPdu {
  readonly position: number;
  readonly length: number;
  readonly frame: number;
  readonly time: bigint;
  readonly decoded: DecodedPdu;
  readonly bytes: Uint8Array;
  readonly problem: PduProblem | null;
  /** How surely it is a PDU, where that had to be guessed (0 to 1); null: its place is known. */
  readonly confidence: number | null;
  /** The direction ended here: the PDU is told when its stream ends, not when its last octet came. */
  readonly atEnd: boolean;
}

export interface Hole {
  readonly position: number;
  readonly length: number;
  readonly reason: 'lost' | 'snaplen';
  readonly frame: number;
}

type Mode =
  | { readonly kind: 'framing' }
  /** Octets up to `until` belong to a PDU that is not kept: already told of, or (`oversize`) told of at its end. */
  | { readonly kind: 'skipping'; readonly until: bigint; readonly oversize: Oversize | null }
  /** Where the next PDU begins is not known. */
  | { readonly kind: 'lost'; readonly resync: Resync | null };

/** A PDU over the limit: its first octets are kept, the others only counted. */
interface Oversize {
  readonly position: number;
  readonly decoded: DecodedPdu;
  readonly bytes: Uint8Array;
  readonly needed: bigint;
  readonly problem: PduProblem;
  /** The packet with the highest number that brought octets of it so far. */
  last: Origin;
}

/**
 * Cuts one direction of a conversation into PDUs.
 *
 * The segments may split the octets anywhere; the PDUs do not depend on it. While octets are missing nothing is
 * decoded again until as many have come as the decoder said it needs at least.
 */
export class PduFramer {
  private readonly decoder: Decoder;
  private readonly params: () => ParamValues;
  private readonly emit: (pdu: FramedPdu) => void;
  private readonly queue: OctetQueue;
  private mode: Mode = { kind: 'framing' };
  /** Octets that must be there before another try is worth it. */
  private needed = 1n;
  /** What PDUs look like where one has to be looked for; null: the protocol does not say. */
  private readonly wanted: Wanted | null;
  /** How surely PDUs begin where they are taken to; null: it is known. */
  private confidence: number | null = null;
  /** Octets that could not be given to any PDU. */
  unframed = 0;

  /** `params` is asked anew for each PDU: the one before it may have changed the state of the conversation. */
  constructor(
    decoder: Decoder,
    params: () => ParamValues,
    wanted: Wanted | null,
    emit: (pdu: FramedPdu) => void,
  ) {
    this.decoder = decoder;
    this.params = params;
    this.wanted = wanted;
    this.emit = emit;
    this.queue = new OctetQueue(0);
  }

  /** Goes on at a position; where PDUs begin is not known. */
  seek(position: number): void {
    this.unframed += position - this.queue.position;
    this.queue.restart(position);
    this.mode = this.lost();
  }

  /** Lowest number of a packet some of whose octets wait because it is not known where PDUs begin. */
  get heldFrom(): number | undefined {
    return this.mode.kind === 'lost' ? this.mode.resync?.heldFrom : undefined;
  }

  get heldOctets(): number {
    return this.mode.kind === 'lost' ? this.queue.length : 0;
  }

  /** What waits is decided now. */
  giveUp(): void {
    if (this.mode.kind === 'lost') this.decideLost();
  }

  /** True when the framer no longer knows where PDUs begin. */
  get isLost(): boolean {
    return this.mode.kind === 'lost';
  }

  push(bytes: Uint8Array, frame: number, time: bigint): void {
    this.queue.append(bytes, frame, time);
    if (this.mode.kind === 'lost') this.mode.resync?.noteArrival(frame);
    this.advance();
  }

  /** The capture lacks `hole.length` octets from here on. */
  gap(hole: Hole): void {
    const after = hole.position + hole.length;
    if (this.mode.kind === 'lost') this.decideLost();
    let until: bigint | null = null;
    if (this.mode.kind === 'skipping') {
      if (this.mode.oversize !== null) this.tellOversize(this.mode.oversize, gapProblem(hole), false);
      if (this.mode.until >= BigInt(after)) until = this.mode.until;
    } else if (this.mode.kind === 'framing') {
      until = this.breakAt(hole);
    }
    this.queue.restart(after);
    this.mode = until === null ? this.lost() : { kind: 'skipping', until, oversize: null };
    this.needed = 1n;
    this.advance();
  }

  /** No more octets will come: what is left is a PDU cut short. */
  end(): void {
    if (this.mode.kind === 'lost') this.decideLost();
    if (this.mode.kind === 'skipping' && this.mode.oversize !== null) {
      const { oversize } = this.mode;
      const available = this.queue.position - oversize.position;
      this.tellOversize(oversize, { kind: 'truncated', needed: oversize.needed, available }, true);
      return;
    }
    if (this.mode.kind !== 'framing' || this.queue.length === 0) return;
    const outcome = this.decode();
    if (outcome.kind === 'pdu') return;
    const available = this.queue.length;
    this.tell(outcome.partial, available, { kind: 'truncated', needed: outcome.needed, available }, true);
    this.queue.consume(available);
  }

  /** Every step consumes at least one octet or returns. */
  private advance(): void {
    while (this.queue.length > 0) {
      switch (this.mode.kind) {
        case 'lost':
          if (!this.find(this.mode.resync)) return;
          break;
        case 'skipping':
          if (!this.skip(this.mode.until, this.mode.oversize)) return;
          break;
        case 'framing':
          if (BigInt(this.queue.length) < this.needed || !this.cut()) return;
      }
    }
  }

  private lost(): Mode {
    const resync = this.wanted === null ? null : new Resync(this.wanted, this.queue);
    return { kind: 'lost', resync };
  }

  /** Goes on where a PDU was found; false: none was, for now. */
  private find(resync: Resync | null): boolean {
    const { queue } = this;
    const found = resync?.find();
    if (found === undefined) {
      const excess = resync === null ? queue.length : resync.excess();
      this.unframed += excess;
      queue.consume(excess);
      return false;
    }
    this.unframed += found.position - queue.position;
    queue.consume(found.position - queue.position);
    this.mode = { kind: 'framing' };
    this.confidence = found.confidence;
    this.needed = 1n;
    return true;
  }

  /** No more octets will be waited for: a PDU is found in what is there, or they are given up. */
  private decideLost(): void {
    if (this.mode.kind !== 'lost') return;
    const { resync } = this.mode;
    resync?.hurry();
    this.advance();
    if (!this.isLost) return;
    this.unframed += this.queue.length;
    this.queue.consume(this.queue.length);
    resync?.noteEmpty();
  }

  private skip(until: bigint, oversize: Oversize | null): boolean {
    const rest = until - BigInt(this.queue.position);
    const count = rest < BigInt(this.queue.length) ? Number(rest) : this.queue.length;
    const origin = this.queue.originOf(count);
    if (oversize !== null && origin !== undefined && origin.frame > oversize.last.frame)
      oversize.last = origin;
    this.queue.consume(count);
    if (BigInt(this.queue.position) < until) return false;
    if (oversize !== null) this.tellOversize(oversize, oversize.problem, false);
    this.mode = { kind: 'framing' };
    this.needed = 1n;
    return true;
  }

  /** Cuts one PDU off the front; false when octets are missing. */
  private cut(): boolean {
    const outcome = this.decode();
    switch (outcome.kind) {
      case 'need-more':
        this.needed = outcome.needed;
        return false;
      case 'pdu':
        this.take(outcome.pdu);
        return true;
    }
  }

  private decode(): DecodeOutcome {
    return this.decoder.decode(this.queue.bytes, this.queue.start, this.queue.end, this.params());
  }

  private take(pdu: DecodedPdu): void {
    const { problem } = pdu;
    if (problem?.kind === 'limit' && problem.needed !== null) {
      this.startOversize(pdu, problem.needed, problem.message);
      return;
    }
    const length = pdu.complete ? pdu.length : this.queue.length;
    this.tell(pdu, length, problemOf(pdu), false);
    this.queue.consume(length);
    this.needed = 1n;
    if (pdu.complete) return;
    this.unframed += length;
    this.mode = this.lost();
  }

  private startOversize(decoded: DecodedPdu, needed: bigint, message: string): void {
    const { queue } = this;
    const last = queue.originOf(1);
    if (last === undefined) return;
    const bytes = queue.bytes.slice(queue.start, queue.start + decoded.length);
    const problem: PduProblem = { kind: 'limit', path: decoded.problem?.path ?? '', needed, message };
    const oversize = { position: queue.position, decoded, bytes, needed, problem, last };
    this.mode = { kind: 'skipping', until: BigInt(queue.position) + needed, oversize };
  }

  private tellOversize(oversize: Oversize, problem: PduProblem, atEnd: boolean): void {
    const { position, decoded, bytes, last } = oversize;
    const length = this.queue.position - position;
    this.emit({
      position,
      length,
      frame: last.frame,
      time: last.time,
      decoded,
      bytes,
      problem,
      confidence: this.confidence,
      atEnd,
    });
  }

  /** A hole inside a PDU: told of with the fields before it. Its declared end, if beyond the hole, is a safe restart. */
  private breakAt(hole: Hole): bigint | null {
    const available = this.queue.length;
    if (available === 0) return null;
    const outcome = this.decode();
    if (outcome.kind === 'pdu') return null;
    const end = BigInt(this.queue.position) + outcome.needed;
    const known = end >= BigInt(hole.position + hole.length) && this.endsAt(outcome.needed);
    this.tell(outcome.partial, available, gapProblem(hole), false);
    return known ? end : null;
  }

  /**
   * Whether the PDU at the front is `total` octets long whatever the missing ones are: true when the octets before
   * the hole settle its length, so that a copy filled up with zeros decodes to just that length.
   */
  private endsAt(total: bigint): boolean {
    if (total > BigInt(this.decoder.protocol.limits.maxPduOctets)) return false;
    const filled = new Uint8Array(Number(total));
    filled.set(this.queue.bytes.subarray(this.queue.start, this.queue.end));
    const outcome = this.decoder.decode(filled, 0, filled.length, this.params());
    return outcome.kind === 'pdu' && outcome.pdu.length === filled.length;
  }

  private tell(decoded: DecodedPdu, length: number, problem: PduProblem | null, atEnd: boolean): void {
    const { queue } = this;
    const origin = queue.originOf(Math.max(1, length));
    if (origin === undefined) return;
    this.emit({
      position: queue.position,
      length,
      frame: origin.frame,
      time: origin.time,
      decoded,
      bytes: queue.bytes.subarray(queue.start, queue.start + length),
      problem,
      confidence: this.confidence,
      atEnd,
    });
  }
}

function gapProblem(hole: Hole): PduProblem {
  const { position, length, reason } = hole;
  const why = reason === 'lost' ? 'packets lost by the capture' : 'cut by the snapshot length';
  return {
    kind: 'gap',
    position,
    length,
    reason,
    message: `The capture lacks ${length} octets inside this PDU (${why}).`,
  };
}

function problemOf(pdu: DecodedPdu): PduProblem | null {
  const { problem } = pdu;
  if (problem === null) return null;
  switch (problem.kind) {
    case 'malformed':
      return { kind: 'malformed', path: problem.path, offset: problem.offset, message: problem.message };
    case 'limit':
      return {
        kind: 'limit',
        path: problem.path,
        needed: problem.needed ?? BigInt(pdu.length),
        message: problem.message,
      };
  }
}
