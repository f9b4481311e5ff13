import type { Limits } from '../../spec/index.ts';
import { FALLBACK_ARM } from './arms.ts';
import type { MessageInflate } from './decode-message.ts';
import type { BitRange, DecodeProblem, Fault } from './decoded.ts';
import type { OctetStream } from './octet-stream.ts';
import type { OctetSource } from './source.ts';
import { DecodeStop, EndOfData, OverLimit, reasonOf } from './stops.ts';
import type { StructNode } from './struct-node.ts';

/**
 * Work one PDU may cause, whatever its octets say: an element costs 1, an object 8, looking at 64 octets 1. Nested
 * repeats of empty elements multiply without using up data, and instances may look at the same octets again and again,
 * so the bounds on one repeat and on depth are not enough. A large PDU may have more: each octet looked at eight times.
 */
const WORK_PER_PDU = 1_000_000;
const WORK_PER_OCTET = 1 / 8;
const WORK_OF_OBJECT = 8;
const OCTETS_PER_WORK = 64;

/** Deeper nesting than this could exhaust the stack of the JavaScript engine. */
const DEEPEST = 256;

const NO_FAULTS: readonly Fault[] = [];
const NONE_ASSUMED: ReadonlySet<string> = new Set();

/** What a content leaves behind about the octets it was read from. */
export type Registers = Pick<Run, 'start' | 'end' | 'from' | 'to' | 'source' | 'field' | 'arm'>;

/** State of decoding one PDU. */
export class Run {
  readonly limits: Limits;
  readonly wire: OctetSource;
  /** The carrier delivers the PDU as a whole: no more octets will come. */
  readonly wholePayload: boolean;
  readonly maxDepth: number;
  private found: Fault[] | null = null;
  /** The first problem only: what follows one is a consequence of it, or not to be trusted. */
  problem: DecodeProblem | null = null;
  /** Innermost object being read. */
  current: StructNode | null = null;
  /** Registers: extent of the content read last, in bits of its source. */
  start = 0;
  end = 0;
  /** Registers: value octets of the extent read last, as indices in the octets of the object's stream. */
  from = 0;
  to = 0;
  /** Source of the content read last; null: that of the object's stream. Valid behind a process only. */
  source: OctetSource | null = null;
  /** Protocol field of the switch arm read last. */
  field = -1;
  /** The arm itself: its position in the switch, or one of the constants of `arms.ts`. */
  arm: number = FALLBACK_ARM;
  /** Instances being evaluated, one inside the other. */
  nesting = 0;
  private work: number;
  /** Ids of the root's params whose value only stands in for one that is unknown: checks that read them are skipped. */
  assumed: ReadonlySet<string> = NONE_ASSUMED;
  /** Set while a message is read: the processes of the spec. */
  inflate: MessageInflate | null = null;

  constructor(limits: Limits, wire: OctetSource, wholePayload: boolean) {
    this.limits = limits;
    this.wholePayload = wholePayload;
    this.wire = wire;
    this.work = WORK_PER_PDU + wire.size * WORK_PER_OCTET;
    this.maxDepth = Math.min(limits.maxDepth, DEEPEST);
  }

  /** Octets are gone through: searched, decoded as text, inflated. */
  spendOctets(count: number): void {
    this.spend(count / OCTETS_PER_WORK);
  }

  /** Inflated octets are to be looked at as others are: the budget grows with them. */
  allowOctets(count: number): void {
    this.work += count * WORK_PER_OCTET;
  }

  get faults(): readonly Fault[] {
    return this.found ?? NO_FAULTS;
  }

  addFault(fault: Fault): void {
    (this.found ??= []).push(fault);
  }

  /** The registers, to be put back after something was read in between. */
  registers(): Registers {
    const { start, end, from, to, source, field, arm } = this;
    return { start, end, from, to, source, field, arm };
  }

  restore(registers: Registers): void {
    Object.assign(this, registers);
  }

  enter(node: StructNode): void {
    this.current = node;
    this.spend(WORK_OF_OBJECT);
    if (node.depth > this.maxDepth) {
      throw new OverLimit(`types are nested more than ${this.maxDepth.toString()} deep`, false);
    }
  }

  spend(work: number): void {
    this.work -= work;
    if (this.work < 0) throw new OverLimit('the PDU has more parts than one PDU may have', true);
  }

  /**
   * A part of known extent could not be read to its end: notes why, so that reading goes on behind it. Throws on what
   * the extent does not help with: the end of the carrier (more octets are needed) and exhausted work.
   */
  recover(stop: unknown, node: StructNode): void {
    if (stop instanceof EndOfData && stop.stream.carrier) throw stop;
    if (stop instanceof OverLimit && stop.fatal) throw stop;
    this.note(stop, node);
  }

  /** Notes why reading stopped. `node`: the object to blame when no object is being read. */
  note(stop: unknown, node: StructNode): void {
    if (!(stop instanceof DecodeStop)) throw stop;
    const { path, io } = placeOf(this.current ?? node, stop);
    const { message } = stop;
    const reason = reasonOf(stop);
    const offset =
      stop instanceof EndOfData ? wireOctet(stop.stream.source, stop.at) : wireOctet(io.source, io.pos);
    if (reason === 'limit') this.noteProblem({ kind: 'limit', needed: null, path, offset, message });
    else this.noteProblem({ kind: 'malformed', reason, path, offset, message });
  }

  noteProblem(problem: DecodeProblem): void {
    this.problem ??= problem;
  }
}

function placeOf(node: StructNode, stop: DecodeStop): { readonly path: string; readonly io: OctetStream } {
  return { path: stop.path ?? node.pathAtCursor(), io: node.io };
}

/** Octets from the PDU's first; behind a process, of the place where the processed octets begin. */
export function wireOctet(source: OctetSource, at: number): number {
  return source.derived === null ? at - source.origin : wireStart(source.derived.from);
}

function wireStart(range: BitRange): number {
  return range.source.derived === null ? Math.floor(range.start / 8) : wireStart(range.source.derived.from);
}
