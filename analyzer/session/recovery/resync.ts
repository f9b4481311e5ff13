import type { OctetQueue } from '../octet-queue.ts';
import { ChainSearch, type Wanted } from './chain-search.ts';
import { CLAIM_BITS, confidenceOf, KNOWN_CONVERSATION_BITS, SEGMENT_START_BITS } from './evidence.ts';
import { MAX_HEADERS_READ, MAX_UNDECIDED_OCTETS } from './limits.ts';

/** Where a PDU begins, as far as could be found out. */
export interface FoundPlace {
  readonly position: number;
  readonly confidence: number;
}

/** Finds the PDUs again in a direction of a conversation that is the protocol's: behind a hole, or mid-stream. */
export class Resync {
  private readonly wanted: Wanted;
  private readonly search: ChainSearch;
  private readonly queue: OctetQueue;
  private readonly when = new Attempts();
  /** Lowest number of a packet that brought some of the octets that wait. */
  private oldest = Infinity;

  constructor(wanted: Wanted, queue: OctetQueue) {
    this.wanted = wanted;
    this.queue = queue;
    this.search = new ChainSearch(wanted, queue);
  }

  get heldFrom(): number | undefined {
    return this.oldest === Infinity ? undefined : this.oldest;
  }

  noteArrival(frame: number): void {
    this.oldest = Math.min(this.oldest, frame);
    this.when.noteArrival();
  }

  noteEmpty(): void {
    this.oldest = Infinity;
  }

  /** The next try is the last one for these octets. */
  hurry(): void {
    this.when.hurry();
  }

  find(): FoundPlace | undefined {
    const isFull = this.queue.length > MAX_UNDECIDED_OCTETS;
    if (!this.when.isDue && !isFull) return undefined;
    this.when.noteAttempt();
    const chain = this.search.find();
    if (chain === undefined) return undefined;
    const starts = this.queue.segmentEnds();
    const { position } = chain;
    const atSegment = position === this.queue.position || starts.has(position);
    const bits = chain.bits + KNOWN_CONVERSATION_BITS + (atSegment ? SEGMENT_START_BITS : 0);
    if (bits < CLAIM_BITS) return undefined;
    // The next hole is searched anew.
    this.wanted.budget.headers = MAX_HEADERS_READ;
    return { position, confidence: confidenceOf(bits) };
  }

  /** Octets, the oldest first, that are too many to be kept: half of the limit is left, from a segment's beginning. */
  excess(): number {
    return excessOf(this.queue);
  }
}

export function excessOf(queue: OctetQueue): number {
  if (queue.length <= MAX_UNDECIDED_OCTETS) return 0;
  const target = queue.position + queue.length - MAX_UNDECIDED_OCTETS / 2;
  for (const end of queue.segmentEnds().keys()) if (end >= target) return end - queue.position;
  return queue.length;
}

/**
 * When to look again: the more has come in vain, the more must come before the next try, so that the tries together
 * cost no more than twice the last one.
 */
export class Attempts {
  private arrivals = 0;
  private next = 1;

  get isDue(): boolean {
    return this.arrivals >= this.next;
  }

  noteArrival(): void {
    this.arrivals += 1;
  }

  noteAttempt(): void {
    this.next = this.arrivals * 2;
  }

  hurry(): void {
    this.next = 0;
  }
}
