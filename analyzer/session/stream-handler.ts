import type { Protocol } from '../../spec/index.ts';
import type { Endpoint } from '../capture/segment.ts';
import type { Conversation, Side, StreamEvent } from '../capture/stream.ts';
import { HttpConversation } from '../http/http-conversation.ts';
import type { HttpEvent } from '../http/http-event.ts';
import type { Bound } from './bindings.ts';
import type { Connection, DirectionEnd } from './connection.ts';
import { type PduSink, ProtocolStream } from './protocol-stream.ts';
import type { Sightings } from './sightings.ts';

/** What happens to the events of one TCP conversation. */
export interface StreamHandler {
  push(event: StreamEvent): void;
  /** Both directions have ended. */
  readonly isOver: boolean;
  /** Lowest number of a packet some of whose octets wait until it is known whose they are. */
  heldFrom(): number | undefined;
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
  }

  get isOver(): boolean {
    return this.stream.connection.ends.length === 2;
  }

  heldFrom(): number | undefined {
    return undefined;
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

/** A conversation that may be HTTP and change to one of the protocols waited for. */
export class UpgradeHandler implements StreamHandler {
  private readonly conversation: Conversation;
  private readonly walkers: readonly HttpConversation[];
  private readonly sinks: UpgradeSinks;
  private stream: ProtocolStream | undefined;
  private refused: Connection | undefined;
  private stranger = false;
  private ends = 0;

  constructor(conversation: Conversation, waiting: readonly Bound[], sinks: UpgradeSinks) {
    this.conversation = conversation;
    this.sinks = sinks;
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
    return held.length === 0 ? undefined : Math.min(...held);
  }

  push(event: StreamEvent): void {
    if (event.kind === 'end') this.ends += 1;
    for (const walker of this.walkers) walker.push(event);
    this.sinks.sighted.watch(event);
    if (event.kind === 'end') this.refused?.ends.push(directionEnd(event));
  }

  private http(bound: Bound, event: HttpEvent): void {
    switch (event.kind) {
      case 'upgrade': {
        const { upgrade } = event;
        const connection = { ...newConnection(bound.protocol, this.conversation.stream, upgrade), upgrade };
        this.sinks.opened(connection);
        this.stream = new ProtocolStream(connection, bound.decoder, this.sinks.pdu);
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

  private sight(looksLike: 'tls' | 'http2' | 'other'): void {
    if (this.stranger) return;
    this.stranger = true;
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

function otherSide(side: Side): Side {
  return side === 'c2s' ? 's2c' : 'c2s';
}

function newConnection(
  protocol: Protocol,
  stream: number,
  { client, server }: { client: Endpoint; server: Endpoint },
): Connection {
  return {
    protocol,
    transport: 'tcp',
    stream,
    client,
    server,
    upgrade: null,
    refusal: null,
    holes: [],
    ends: [],
    reorderedFrom: { c2s: null, s2c: null },
    recovered: null,
    tls: null,
    unframed: { c2s: 0, s2c: 0 },
  };
}
