import type { Conversation, Side, StreamEvent } from '../../capture/stream.ts';
import type { Bound } from '../bindings.ts';
import { newConnection, otherSide } from '../new-connection.ts';
import type { Connection } from '../connection.ts';
import { type PduSink, ProtocolStream } from '../protocol-stream.ts';
import { type Claim, Recogniser } from './recogniser.ts';

export interface SeekerSinks {
  readonly opened: (connection: Connection) => void;
  readonly pdu: PduSink;
}

/** Looks whether a conversation whose beginning was not seen is one of the protocols', and follows it if so. */
export class Seeker {
  private readonly conversation: Conversation;
  private readonly sinks: SeekerSinks;
  private readonly recognisers: readonly Recogniser[];
  private stream: ProtocolStream | undefined;
  private turned = false;

  constructor(conversation: Conversation, waiting: readonly Bound[], sinks: SeekerSinks) {
    this.conversation = conversation;
    this.sinks = sinks;
    this.recognisers = waiting
      .filter(({ protocol }) => protocol.recovery !== null)
      .map((bound) => new Recogniser(conversation, bound));
  }

  /** It is the protocol's: nobody else need look at it. */
  get hasClaimed(): boolean {
    return this.stream !== undefined;
  }

  heldFrom(): number | undefined {
    if (this.stream !== undefined) return this.stream.heldFrom();
    const held = this.recognisers.flatMap(({ heldFrom }) => heldFrom ?? []);
    return held.length === 0 ? undefined : Math.min(...held);
  }

  get heldOctets(): number {
    return this.stream?.heldOctets ?? this.recognisers.reduce((sum, { heldOctets }) => sum + heldOctets, 0);
  }

  push(event: StreamEvent): void {
    if (event.kind === 'open') return;
    if (this.stream !== undefined) {
      this.pass(this.stream, event);
      return;
    }
    for (const recogniser of this.recognisers) {
      const claim = recogniser.push(event);
      if (claim === undefined) continue;
      this.follow(recogniser.bound, claim);
      return;
    }
  }

  giveUp(): void {
    this.stream?.giveUp();
    if (this.stream !== undefined) return;
    for (const recogniser of this.recognisers) {
      const claim = recogniser.giveUp();
      if (claim === undefined) continue;
      this.follow(recogniser.bound, claim);
      return;
    }
  }

  private follow(bound: Bound, { confidence, client, directionFrom, events }: Claim): void {
    this.turned = client === 's2c';
    const { client: opener, server: listener, stream } = this.conversation;
    const ends = this.turned ? { client: listener, server: opener } : { client: opener, server: listener };
    const recovered = { confidence, skipped: { c2s: 0, s2c: 0 }, directionFrom };
    const connection = { ...newConnection(bound.protocol, stream, ends), recovered };
    this.sinks.opened(connection);
    const followed = new ProtocolStream(connection, bound.decoder, this.sinks.pdu);
    this.stream = followed;
    for (const side of ['c2s', 's2c'] as const) {
      const first = events.find((event) => this.sideOf(event.side) === side);
      followed.seek(side, { position: first?.position ?? 0, confidence, directionFrom });
    }
    for (const event of events) this.pass(followed, event);
  }

  private pass(stream: ProtocolStream, event: Exclude<StreamEvent, { kind: 'open' }>): void {
    const side = this.sideOf(event.side);
    switch (event.kind) {
      case 'data':
        stream.data(side, event.bytes, event.frame, event.time);
        break;
      case 'gap':
        stream.gap(side, event);
        break;
      case 'end':
        stream.end({ side, reason: event.reason, frame: event.frame, time: event.time });
    }
  }

  private sideOf(side: Side): Side {
    return this.turned ? otherSide(side) : side;
  }
}
