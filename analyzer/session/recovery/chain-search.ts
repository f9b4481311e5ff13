import type { Decoder } from '../../decode/index.ts';
import type { ConversationState } from '../state/conversation-state.ts';
import type { Side } from '../../capture/stream.ts';
import type { OctetQueue } from '../octet-queue.ts';
import { assessChain, type Assessed } from './assess-chain.ts';
import type { HeaderReader, Sender } from './header-reader.ts';
import { MAX_LANDING_BITS, SEGMENT_START_BITS } from './evidence.ts';
import { HEADER_OCTETS, MAX_CHAINS, MAX_POSSIBLE_STARTS, MAX_TRIED_OCTETS } from './limits.ts';

/** Whose PDUs are looked for. */
export interface Wanted {
  readonly decoder: Decoder;
  readonly headers: HeaderReader;
  readonly side: Side;
  readonly sender: Sender;
  /** A conversation of which nothing is known but the direction; made anew for each chain. */
  readonly state: () => ConversationState;
  /** Headers that may still be read (MAX_HEADERS_READ). */
  readonly budget: { headers: number };
}

export interface FoundChain extends Assessed {
  /** Position of its first PDU. */
  readonly position: number;
}

/** What may begin at a place: where it ends, and how much speaks for what follows from it. */
interface Link {
  readonly next: number;
  readonly bits: number;
}

/**
 * Looks for PDUs in the octets of one direction: the first place from which they follow one another to the end of
 * what is there.
 *
 * Positions are those of the queue. Every position is tried once: one at which no PDU can begin, or from which a
 * chain has ended in nonsense, is never tried again, however often more octets come.
 */
export class ChainSearch {
  private readonly wanted: Wanted;
  private readonly queue: OctetQueue;
  private dead = new Uint8Array(1024);
  /** Position of the first entry of `dead`. */
  private base: number;
  private tried = 0;
  private triedSegments = 0;
  /** Positions before it were tried. */
  private frontier: number;
  /** Positions at which a PDU may begin, with its length as far as its header was there. */
  private pending = new Map<number, number>();

  constructor(wanted: Wanted, queue: OctetQueue) {
    this.wanted = wanted;
    this.queue = queue;
    this.base = queue.position;
    this.frontier = queue.position;
  }

  /** The best chain as things stand; undefined: none. */
  find(): FoundChain | undefined {
    const { budget } = this.wanted;
    if (budget.headers <= 0) return undefined;
    const { position } = this.queue;
    this.moveTo(position);
    const segments = this.queue.segmentEnds();
    const starts = new Set([position, ...segments.keys()]);
    this.tryNew(starts);
    for (let chains = 0; chains < MAX_CHAINS && budget.headers > 0; chains++) {
      const links = this.linkUp(segments);
      const start = bestOf(links, starts);
      if (start === undefined) return undefined;
      const chain = { start, fromSegment: starts.has(start), segments };
      const outcome = assessChain(this.wanted, this.queue, chain);
      if (outcome.kind === 'wrong') {
        this.kill(outcome.at);
        continue;
      }
      const { found } = outcome;
      if (found === undefined) return undefined;
      return { ...found, bits: found.bits - this.costOf(starts.has(found.position)) };
    }
    return undefined;
  }

  /** Looking at many places finds something sooner or later: that much of the evidence is chance. */
  private costOf(atSegment: boolean): number {
    return Math.log2(Math.max(1, atSegment ? this.triedSegments : this.tried));
  }

  private tryNew(starts: ReadonlySet<number>): void {
    const end = this.queue.position + this.queue.length;
    for (let at = this.frontier; at < end && this.wanted.budget.headers > 0; at++) {
      const isStart = starts.has(at);
      if (isStart) this.triedSegments += 1;
      else if (this.tried >= MAX_TRIED_OCTETS || this.pending.size >= MAX_POSSIBLE_STARTS) continue;
      this.tried += 1;
      if (this.isDead(at)) continue;
      const length = this.lengthAt(at);
      if (length > 0) this.pending.set(at, at + HEADER_OCTETS <= end ? length : 0);
      else this.kill(at);
    }
    this.frontier = end;
  }

  /** Links every position still possible with what follows; those that lead nowhere die. */
  private linkUp(segments: ReadonlyMap<number, number>): ReadonlyMap<number, Link> {
    const links = new Map<number, Link>();
    const end = this.queue.position + this.queue.length;
    const own = this.wanted.headers.bitsOf(this.wanted.sender);
    for (const at of this.pending.keys()) this.resolve(at, { links, end, own, segments });
    return links;
  }

  /** Ends: a chain only goes forward, and a position once resolved is not followed again. */
  private resolve(from: number, { links, end, own, segments }: LinkingUp): void {
    const path: { at: number; next: number }[] = [];
    let at = from;
    while (at < end && !links.has(at) && !this.isDead(at) && this.wanted.budget.headers > 0) {
      const length = this.knownLength(at);
      if (length === 0) {
        this.kill(at);
        break;
      }
      path.push({ at, next: at + length });
      at += length;
    }
    const broken = at < end && !links.has(at);
    for (const step of path.reverse()) {
      if (broken) this.kill(step.at);
      else if (step.next > end) links.set(step.at, { next: step.next, bits: 0 });
      else {
        const landing = landingBits(segments.get(step.next));
        links.set(step.at, { next: step.next, bits: own + landing + (links.get(step.next)?.bits ?? 0) });
      }
    }
  }

  private knownLength(position: number): number {
    const known = this.pending.get(position) ?? 0;
    return known > 0 ? known : this.lengthAt(position);
  }

  private lengthAt(position: number): number {
    const { queue, wanted } = this;
    const at = queue.start + (position - queue.position);
    const length = wanted.headers.lengthAt(queue.bytes, at, queue.end, wanted.sender);
    if (length > 0) wanted.budget.headers -= 1;
    return length;
  }

  private isDead(position: number): boolean {
    return this.dead[position - this.base] === 1;
  }

  private kill(position: number): void {
    const at = position - this.base;
    if (at >= this.dead.length) {
      const grown = new Uint8Array(Math.max(at + 1, this.dead.length * 2));
      grown.set(this.dead);
      this.dead = grown;
    }
    this.dead[at] = 1;
    this.pending.delete(position);
  }

  /** The queue has given up its oldest octets. */
  private moveTo(position: number): void {
    if (position === this.base) return;
    this.dead = this.dead.slice(Math.min(this.dead.length, position - this.base));
    if (this.dead.length === 0) this.dead = new Uint8Array(1024);
    this.base = position;
    this.frontier = Math.max(this.frontier, position);
    for (const at of this.pending.keys()) if (at < position) this.pending.delete(at);
  }
}

interface LinkingUp {
  readonly links: Map<number, Link>;
  readonly end: number;
  readonly own: number;
  readonly segments: ReadonlyMap<number, number>;
}

/** `octets`: length of the segment that ends there. */
export function landingBits(octets: number | undefined): number {
  return octets === undefined ? 0 : Math.min(MAX_LANDING_BITS, Math.log2(octets));
}

function bestOf(links: ReadonlyMap<number, Link>, starts: ReadonlySet<number>): number | undefined {
  let best: number | undefined;
  let most = 0;
  for (const [at, { bits }] of links) {
    if (bits === 0) continue;
    const value = bits + (starts.has(at) ? SEGMENT_START_BITS : 0);
    if (value > most || (value === most && best !== undefined && at < best)) {
      best = at;
      most = value;
    }
  }
  return best;
}
