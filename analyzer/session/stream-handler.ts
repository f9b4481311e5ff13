import type { Protocol } from '../../spec/index.ts';
import type { Endpoint } from '../capture/segment.ts';
import type { Conversation, Side, StreamEvent } from '../capture/stream.ts';
import { HttpConversation } from '../http/http-conversation.ts';
import type { HttpEvent } from '../http/http-event.ts';
import type { Bound } from './bindings.ts';
import type { Connection, DirectionEnd } from './connection.ts';
import { newConnection, otherSide } from './new-connection.ts';
import { type PduSink, ProtocolStream } from './protocol-stream.ts';
import { Seeker } from './recovery/seeker.ts';
import type { Sightings } from './sightings.ts';

/** What happens to the events of one TCP conversation. */
export interface StreamHandler {
  push(event: StreamEvent): void;
  /** Both directions have ended. */
  readonly isOver: boolean;
  /** Lowest number of a packet some of whose octets wait until it is known whose they are. */
  heldFrom(): number | undefined;
  /** Octets that wait because it is not known where PDUs begin, or whose they are. */
  readonly heldOctets: number;
  /** Too much waits, or too long: it is decided now on what there is. */
  giveUp(): void;
}

/** A conversation on a bound port: the protocol's from its first octet. */
export class BoundHandler implements StreamHandler {
  private readonly stream: ProtocolStream;
  private readonly turned: boolean;

  constructor(
    conversation: Conversation,
    { bound, server }: { bound: Bound; server: Endpoint },
    opened: (connection: Connection) => void,
    sink: PduSink,
  ) {
    // Whoever listens on the bound port is the server, unless the SYN says otherwise.
    this.turned = !conversation.synSeen && server !== conversation.server;
    const ends = this.turned
      ? { client: conversation.server, server: conversation.client }
      : { client: conversation.client, server: conversation.server };
    const connection = newConnection(bound.protocol, conversation.stream, ends);
    opened(connection);
    this.stream = new ProtocolStream(connection, bound.decoder, sink, conversation.synSeen);
    if (conversation.synSeen) return;
    const place = { position: 0, confidence: 0, directionFrom: 'port' } as const;
    for (const side of ['c2s', 's2c'] as const) this.stream.seek(side, place);
  }

  get isOver(): boolean {
    return this.stream.connection.ends.length === 2;
  }

  heldFrom(): number | undefined {
    return this.stream.heldFrom();
  }

  get heldOctets(): number {
    return this.stream.heldOctets;
  }

  giveUp(): void {
    this.stream.giveUp();
  }

  push(event: StreamEvent): void {
    if (event.kind === 'open') return;
    const side = this.turned ? otherSide(event.side) : event.side;
    switch (event.kind) {
      case 'data':
        this.stream.data(side, event.bytes, event.frame, event.time);
        break;
      case 'gap':
        this.stream.gap(side, event);
        break;
      case 'end':
        this.stream.end({ side, reason: event.reason, frame: event.frame, time: event.time });
    }
  }
}

export interface UpgradeSinks {
  readonly opened: (connection: Connection) => void;
  readonly pdu: PduSink;
  readonly sighted: Sightings;
}

type Stranger = Extract<HttpEvent, { kind: 'not-http' }>['looksLike'];

/** A conversation that may be HTTP and change to one of the protocols waited for. */
export class UpgradeHandler implements StreamHandler {
  private readonly conversation: Conversation;
  private readonly walkers: readonly HttpConversation[];
  private readonly sinks: UpgradeSinks;
  private stream: ProtocolStream | undefined;
  private refused: Connection | undefined;
  /** Looks for PDUs where the capture lacks the beginning; undefined: it is HTTP, or was from its beginning. */
  private seeker: Seeker | undefined;
  private readonly waiting: readonly Bound[];
  /** What it looks like was told, or waits for the seeker. */
  private stranger = false;
  private strange: Stranger | null = null;
  private ends = 0;

  constructor(conversation: Conversation, waiting: readonly Bound[], sinks: UpgradeSinks) {
    this.conversation = conversation;
    this.sinks = sinks;
    this.waiting = waiting;
    if (!conversation.synSeen) this.seeker = this.newSeeker();
    this.walkers = waiting.flatMap((bound) =>
      upgradeTokens(bound.protocol).map(
        (token) => new HttpConversation(conversation, token, (event) => this.http(bound, event)),
      ),
    );
  }

  get isOver(): boolean {
    return this.ends === 2;
  }

  heldFrom(): number | undefined {
    const held = this.walkers.flatMap((walker) => walker.heldFrom() ?? []);
    held.push(this.seeker?.heldFrom() ?? Infinity, this.stream?.heldFrom() ?? Infinity);
    const lowest = Math.min(...held);
    return lowest === Infinity ? undefined : lowest;
  }

  get heldOctets(): number {
    return (this.seeker?.heldOctets ?? 0) + (this.stream?.heldOctets ?? 0);
  }

  giveUp(): void {
    this.seeker?.giveUp();
    this.stream?.giveUp();
  }

  push(event: StreamEvent): void {
    if (event.kind === 'end') this.ends += 1;
    if (this.seeker?.hasClaimed !== true) this.walk(event);
    this.seeker?.push(event);
    if (this.isOver && this.seeker?.hasClaimed !== true) this.abandon();
  }

  private walk(event: StreamEvent): void {
    for (const walker of this.walkers) walker.push(event);
    this.sinks.sighted.watch(event);
    // HTTP owns what has its heads, and what follows them.
    if (this.walkers.some(({ isHttp }) => isHttp)) this.abandon();
    else if (event.kind === 'gap' && !this.stranger) this.seeker ??= this.newSeeker();
    if (event.kind === 'end') this.refused?.ends.push(directionEnd(event));
  }

  private newSeeker(): Seeker | undefined {
    const { opened, pdu } = this.sinks;
    return new Seeker(this.conversation, this.waiting, { opened, pdu });
  }

  /** It is nothing that can be found without its beginning: what was seen of it is the reason. */
  private abandon(): void {
    this.seeker = undefined;
    if (this.strange === null) return;
    this.tellStrange(this.strange);
    this.strange = null;
  }

  private http(bound: Bound, event: HttpEvent): void {
    switch (event.kind) {
      case 'upgrade': {
        const { upgrade } = event;
        const connection = { ...newConnection(bound.protocol, this.conversation.stream, upgrade), upgrade };
        this.sinks.opened(connection);
        const stream = new ProtocolStream(connection, bound.decoder, this.sinks.pdu);
        this.stream = stream;
        // Without its head nobody knows where a direction begins.
        const place = { position: 0, confidence: 0, directionFrom: 'upgrade' } as const;
        if (upgrade.request === null) stream.seek('c2s', place);
        if (upgrade.response === null) stream.seek('s2c', place);
        break;
      }
      case 'refused':
      case 'unanswered':
        this.notUpgraded(bound, event);
        break;
      case 'tunnel':
        break;
      case 'not-http':
        this.sight(event.looksLike);
        break;
      case 'data':
        this.stream?.data(event.side, event.bytes, event.frame, event.time);
        break;
      case 'gap':
        this.stream?.gap(event.side, { ...event, position: event.offset });
        break;
      case 'end':
        this.stream?.end(directionEnd(event));
    }
  }

  private notUpgraded(bound: Bound, event: Extract<HttpEvent, { kind: 'refused' | 'unanswered' }>): void {
    const { request } = event;
    const response = event.kind === 'refused' ? event.response : null;
    const refusal = { request, response, tunnels: event.tunnels };
    this.refused = { ...newConnection(bound.protocol, this.conversation.stream, this.conversation), refusal };
    this.sinks.opened(this.refused);
  }

  private sight(looksLike: Stranger): void {
    if (this.stranger) return;
    this.stranger = true;
    if (looksLike === 'other' && this.seeker !== undefined) {
      this.strange = looksLike;
      return;
    }
    this.seeker = undefined;
    this.tellStrange(looksLike);
  }

  private tellStrange(looksLike: Stranger): void {
    this.sinks.sighted.saw(looksLike, this.conversation.stream);
    if (!this.conversation.synSeen && looksLike === 'other') this.sinks.sighted.begunBefore += 1;
  }
}

function upgradeTokens(protocol: Protocol): string[] {
  return protocol.binds.flatMap((bind) => (bind.kind === 'http-upgrade' ? [bind.token] : []));
}

function directionEnd(event: {
  side: Side;
  reason: DirectionEnd['reason'];
  frame: number;
  time: bigint;
}): DirectionEnd {
  return { side: event.side, reason: event.reason, frame: event.frame, time: event.time };
}
