import type { Conversation, Side, StreamEvent } from '../../capture/stream.ts';
import type { Bound } from '../bindings.ts';
import type { Recovered } from '../connection.ts';
import { Candidate, type Evidence } from './candidate.ts';
import { CLAIM_BITS, CLIENT_BITS, confidenceOf, LONE_TEXT_BITS, LONE_TEXT_PDUS } from './evidence.ts';
import { MAX_UNDECIDED_OCTETS } from './limits.ts';
import { Attempts } from './resync.ts';

type Kept = Exclude<StreamEvent, { kind: 'open' }>;

/** A conversation turned out to be the protocol's. */
export interface Claim {
  readonly confidence: number;
  /** The TCP direction that the client sends in. */
  readonly client: Side;
  readonly directionFrom: Recovered['directionFrom'];
  /** All that is kept of the conversation, in the order it came in. */
  readonly events: readonly Kept[];
}

/**
 * Watches a conversation of which it is not known whose it is, until enough speaks for a protocol.
 *
 * Who the client is, a SYN tells; without one both ways are tried, and the PDUs must agree: where they tell their
 * sender, one side's are all the client's and the other's all the server's.
 */
export class Recogniser {
  readonly bound: Bound;
  private readonly conversation: Conversation;
  private readonly candidates: readonly Candidate[];
  private readonly when = new Attempts();
  private events: Kept[] = [];
  private octets: Record<Side, number> = { c2s: 0, s2c: 0 };
  private oldest = Infinity;
  private ends = 0;

  constructor(conversation: Conversation, bound: Bound) {
    this.bound = bound;
    this.conversation = conversation;
    const tells = bound.protocol.recovery?.fromClient !== null;
    const clients: readonly Side[] = conversation.synSeen || !tells ? ['c2s'] : ['c2s', 's2c'];
    this.candidates = clients.map((client) => new Candidate(bound.decoder, conversation, client));
  }

  get heldFrom(): number | undefined {
    return this.oldest === Infinity ? undefined : this.oldest;
  }

  get heldOctets(): number {
    return this.octets.c2s + this.octets.s2c;
  }

  /** @returns the claim, as soon as there is one; then this is over. */
  push(event: Kept): Claim | undefined {
    // The capture's reader may use its buffer again.
    const kept = event.kind === 'data' ? { ...event, bytes: new Uint8Array(event.bytes) } : event;
    this.events.push(kept);
    for (const candidate of this.candidates) candidate.push(kept);
    if (kept.kind !== 'data') {
      if (kept.kind === 'end') this.ends += 1;
      return this.decide(this.ends === 2);
    }
    this.octets[kept.side] += kept.bytes.length;
    this.oldest = Math.min(this.oldest, kept.frame);
    this.when.noteArrival();
    const isFull = this.octets[kept.side] > MAX_UNDECIDED_OCTETS;
    if (!isFull && !this.when.isDue) return undefined;
    const claim = this.decide(isFull);
    if (claim === undefined && isFull) this.forget(kept.side);
    return claim;
  }

  /** What waits is decided now, or forgotten. */
  giveUp(): Claim | undefined {
    const claim = this.decide(true);
    if (claim === undefined) {
      this.events = this.events.filter(({ kind }) => kind === 'end');
      this.octets = { c2s: 0, s2c: 0 };
      this.oldest = Infinity;
      for (const candidate of this.candidates) candidate.forgetAll();
    }
    return claim;
  }

  /** `last`: no more will be waited for, so a side not heard so far is taken for one that is not in the capture. */
  private decide(last: boolean): Claim | undefined {
    this.when.noteAttempt();
    let best: { bits: number; client: Side } | undefined;
    for (const candidate of this.candidates) {
      const bits = provenBits(candidate.evidence(), last);
      if (bits >= CLAIM_BITS && bits > (best?.bits ?? 0)) best = { bits, client: candidate.client };
    }
    if (best === undefined) return undefined;
    const { client } = best;
    return {
      confidence: confidenceOf(best.bits),
      client,
      directionFrom: this.conversation.synSeen ? 'syn' : this.byPort() === client ? 'port' : 'pdu',
      events: this.events,
    };
  }

  /** Without a SYN, the end with the higher port was taken for the client. */
  private byPort(): Side | undefined {
    const { client, server } = this.conversation;
    return client.port === server.port ? undefined : 'c2s';
  }

  /** The oldest half of a direction is given up. */
  private forget(side: Side): void {
    let excess = this.octets[side] - MAX_UNDECIDED_OCTETS / 2;
    this.events = this.events.filter((event) => {
      if (event.side !== side || event.kind === 'end' || excess <= 0) return true;
      if (event.kind === 'data') {
        excess -= event.bytes.length;
        this.octets[side] -= event.bytes.length;
      }
      return false;
    });
    this.oldest = Infinity;
    let begins = 0;
    for (const event of this.events) {
      if (event.kind !== 'data') continue;
      this.oldest = Math.min(this.oldest, event.frame);
      if (event.side === side && begins === 0) begins = event.position;
    }
    for (const candidate of this.candidates) candidate.forgetBefore(side, begins);
  }
}

/** What speaks for the protocol, as far as it cannot be somebody else's traffic as well; 0: nothing counts. */
function provenBits(
  { client, server }: { readonly client: Evidence; readonly server: Evidence },
  last: boolean,
): number {
  const sum = client.bits + server.bits;
  if (client.isLike && client.bits >= CLIENT_BITS) return sum;
  // Lookalikes without a telling client (TLV chains) agree in everything but the text.
  const isAlone = client.isLike || (last && client.octets === 0);
  const isText = server.contentBits >= LONE_TEXT_BITS && server.contentPdus >= LONE_TEXT_PDUS;
  return isAlone && isText ? sum : 0;
}
