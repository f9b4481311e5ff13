import type { Endpoint, TcpSegment } from '../segment.ts';
import type { Side } from '../stream.ts';
import { advance } from '../tcp/sequence.ts';
import { buildTcp, type Encapsulation, PLAIN_ETHERNET, type SegmentToBuild } from './build-packet.ts';
import type { PacketToWrite } from './write-capture.ts';

export interface ConversationToBuild {
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** Initial sequence numbers. */
  readonly clientSequence: number;
  readonly serverSequence: number;
  readonly under: Encapsulation;
  /** Time of the first packet; each further one comes a millisecond later. */
  readonly start: bigint;
}

export const USUAL_CONVERSATION: ConversationToBuild = {
  client: { address: '192.0.2.1', port: 50000 },
  server: { address: '192.0.2.2', port: 8080 },
  clientSequence: 1000,
  serverSequence: 5000,
  under: PLAIN_ETHERNET,
  start: 1_700_000_000_000_000_000n,
};

const ACK_ONLY: TcpSegment['flags'] = { syn: false, ack: true, fin: false, rst: false };
const MILLISECOND = 1_000_000n;
const WINDOW = 65_535;

/**
 * Builds the segments of a TCP conversation, in the order they are sent. They may be taken, put in another order,
 * doubled or dropped before they become packets.
 *
 * Invariant: `#next` holds the sequence number each side sends next; every segment acknowledges all the other sent.
 */
export class ConversationBuilder {
  readonly #shape: ConversationToBuild;
  readonly #next: Record<Side, number>;
  readonly segments: SegmentToBuild[] = [];
  /** What is waited before a segment, beyond the usual. */
  readonly #pauses = new Map<SegmentToBuild, bigint>();
  #pause = 0n;

  constructor(shape: Partial<ConversationToBuild> = {}) {
    this.#shape = { ...USUAL_CONVERSATION, ...shape };
    this.#next = { c2s: this.#shape.clientSequence, s2c: this.#shape.serverSequence };
  }

  /** SYN, SYN-ACK, ACK. */
  open(): this {
    this.add('c2s', { syn: true, ack: false });
    this.add('s2c', { syn: true });
    return this.add('c2s', {});
  }

  /** Data, in segments of at most so many octets. */
  send(side: Side, octets: Uint8Array, segmentOctets = 1460): this {
    for (let at = 0; at < octets.length; at += segmentOctets) {
      this.add(side, {}, octets.subarray(at, at + segmentOctets));
    }
    return this;
  }

  /** An ACK without data for everything the other side sent so far. */
  acknowledge(side: Side): this {
    return this.add(side, {});
  }

  /** FIN from this side, FIN from the other, ACK. */
  close(first: Side = 'c2s'): this {
    this.add(first, { fin: true });
    this.add(opposite(first), { fin: true });
    return this.add(first, {});
  }

  finish(side: Side): this {
    return this.add(side, { fin: true });
  }

  reset(side: Side): this {
    return this.add(side, { rst: true });
  }

  /** The next segment is sent so many nanoseconds later than it would be. */
  pause(nanoseconds: bigint): this {
    this.#pause += nanoseconds;
    return this;
  }

  /** One segment with any flags (ACK is set unless said otherwise) and data. */
  add(side: Side, flags: Partial<TcpSegment['flags']>, payload: Uint8Array = new Uint8Array(0)): this {
    const { client, server } = this.#shape;
    const [source, destination] = side === 'c2s' ? [client, server] : [server, client];
    const all = { ...ACK_ONLY, ...flags };
    const segment = {
      source,
      destination,
      sequence: this.#next[side],
      acknowledgement: all.ack ? this.#next[opposite(side)] : 0,
      flags: all,
      window: WINDOW,
      payload,
    };
    this.segments.push(segment);
    if (this.#pause > 0n) this.#pauses.set(segment, this.#pause);
    this.#pause = 0n;
    this.#next[side] = advance(this.#next[side], payload.length + Number(all.syn) + Number(all.fin));
    return this;
  }

  packets(segments: readonly SegmentToBuild[] = this.segments): PacketToWrite[] {
    const { start, under } = this.#shape;
    let waited = 0n;
    return segments.flatMap((segment, index) => {
      waited += this.#pauses.get(segment) ?? 0n;
      const time = start + BigInt(index) * MILLISECOND + waited;
      return buildTcp(segment, under, index & 0xffff).map((bytes) => ({ time, bytes }));
    });
  }
}

function opposite(side: Side): Side {
  return side === 'c2s' ? 's2c' : 'c2s';
}
