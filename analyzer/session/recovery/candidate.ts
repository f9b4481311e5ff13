import type { Conversation, Side, StreamEvent } from '../../capture/stream.ts';
import type { Decoder } from '../../decode/index.ts';
import { OctetQueue } from '../octet-queue.ts';
import { ChainSearch, type FoundChain, type Wanted } from './chain-search.ts';
import { wantedFor } from './wanted.ts';

/** What one direction says for the protocol. */
export interface Evidence {
  readonly bits: number;
  readonly contentBits: number;
  readonly contentPdus: number;
  /** Octets seen. */
  readonly octets: number;
  /** PDUs were found. */
  readonly isLike: boolean;
}

/** A way the conversation may be the protocol's: with the client on this side. */
export class Candidate {
  readonly client: Side;
  private readonly halves: Record<Side, Half>;

  constructor(decoder: Decoder, conversation: Conversation, client: Side) {
    this.client = client;
    const server = client === 'c2s' ? conversation.server : conversation.client;
    // Checks that read the direction have nothing to say where the PDUs themselves must tell it.
    const beginning = {
      heads: { request: null, response: null },
      seen: { c2s: false, s2c: false },
      sidesKnown: conversation.synSeen,
      server,
    };
    const half = (tcpSide: Side): Half =>
      new Half(wantedFor(decoder, tcpSide === client ? 'c2s' : 's2c', beginning));
    this.halves = { c2s: half('c2s'), s2c: half('s2c') };
  }

  push(event: Exclude<StreamEvent, { kind: 'open' }>): void {
    const half = this.halves[event.side];
    if (event.kind === 'data') half.data(event.position, event);
    else if (event.kind === 'gap') half.gap(event.position + event.length);
  }

  evidence(): { readonly client: Evidence; readonly server: Evidence } {
    const { c2s, s2c } = this.halves;
    return this.client === 'c2s'
      ? { client: c2s.evidence(), server: s2c.evidence() }
      : { client: s2c.evidence(), server: c2s.evidence() };
  }

  forgetBefore(side: Side, position: number): void {
    this.halves[side].forgetBefore(position);
  }

  forgetAll(): void {
    for (const side of ['c2s', 's2c'] as const) this.halves[side].forgetAll();
  }
}

const NOTHING = { bits: 0, contentBits: 0, contentPdus: 0 };

/** One direction: the stretch of octets since the last hole, and what those before it had to say. */
class Half {
  private readonly wanted: Wanted | null;
  private readonly queue = new OctetQueue(0);
  private search: ChainSearch | undefined;
  private earlier = NOTHING;
  private octets = 0;

  constructor(wanted: Wanted | null) {
    this.wanted = wanted;
  }

  data(position: number, { bytes, frame, time }: { bytes: Uint8Array; frame: number; time: bigint }): void {
    if (this.queue.length === 0 && this.queue.position !== position) this.restart(position);
    this.queue.append(bytes, frame, time);
    this.octets += bytes.length;
  }

  gap(after: number): void {
    this.earlier = plus(this.earlier, this.find());
    this.restart(after);
  }

  evidence(): Evidence {
    const { bits, contentBits, contentPdus } = plus(this.earlier, this.find());
    return { bits, contentBits, contentPdus, octets: this.octets, isLike: bits > 0 };
  }

  forgetBefore(position: number): void {
    const { queue } = this;
    const count = position - queue.position;
    if (count >= queue.length) this.forgetAll();
    else if (count > 0) queue.consume(count);
  }

  forgetAll(): void {
    this.earlier = NOTHING;
    this.restart(this.queue.position + this.queue.length);
  }

  private find(): FoundChain | undefined {
    if (this.wanted === null || this.queue.length === 0) return undefined;
    this.search ??= new ChainSearch(this.wanted, this.queue);
    return this.search.find();
  }

  private restart(position: number): void {
    this.queue.restart(position);
    this.search = undefined;
  }
}

function plus(
  { bits, contentBits, contentPdus }: typeof NOTHING,
  chain: FoundChain | undefined,
): typeof NOTHING {
  if (chain === undefined || chain.bits <= 0) return { bits, contentBits, contentPdus };
  return {
    bits: bits + chain.bits,
    contentBits: contentBits + chain.contentBits,
    contentPdus: contentPdus + chain.contentPdus,
  };
}
