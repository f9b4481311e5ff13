import type { Conversation, Side, StreamEvent } from '../capture/stream.ts';
import { type BodyFraming, bodyFraming } from './body-reader.ts';
import { asksForUpgrade, meantUpgrade, opensTunnel, Outstanding, switchesTo } from './exchange.ts';
import type { HttpHead, RequestHead, ResponseHead } from './head.ts';
import { HeldEvents, type HeldEvent } from './held-events.ts';
import type { HttpEvent } from './http-event.ts';
import { type AfterMessage, type Arrival, Lane, type LaneOwner } from './lane.ts';
import { MAXIMUM_TUNNELS } from './limits.ts';
import {
  type Beginning,
  HTTP2_PREFACE_METHOD,
  HTTP2_PREFACE_VERSION,
  recogniseBeginning,
} from './recognise.ts';

type DataEvent = Extract<StreamEvent, { kind: 'data' }>;
type GapEvent = Extract<StreamEvent, { kind: 'gap' }>;
type EndEvent = Extract<StreamEvent, { kind: 'end' }>;

const NOTHING_MORE: BodyFraming = { kind: 'length', octets: 0 };

/** Where in the TCP streams a conversation begins: at 0, or behind the CONNECT that opened a tunnel. */
interface Beginnings {
  readonly tunnels: number;
  readonly c2s: number;
  readonly s2c: number;
}

const AT_START: Beginnings = { tunnels: 0, c2s: 0, s2c: 0 };

interface Half {
  /** Direction as TCP sees it. */
  readonly tcpSide: Side;
  readonly lane: Lane;
  readonly held: HeldEvents;
  /** Position up to which octets were looked at here. */
  seen: number;
  /** Position where the protocol upgraded to begins. */
  begin: number;
  end: EndEvent | undefined;
}

/**
 * Follows the HTTP/1.x messages of one TCP conversation until it changes to the protocol named by a token, and
 * from then on hands out that protocol's octets.
 *
 * `http`: messages are paired; `upgraded` and `tunnel` are final; `opaque`: not HTTP, nothing more is looked at.
 */
export class HttpConversation {
  readonly #conversation: Conversation;
  readonly #token: string;
  readonly #emit: (event: HttpEvent) => void;
  readonly #tunnels: number;
  readonly #c2s: Half;
  readonly #s2c: Half;
  readonly #outstanding = new Outstanding();
  #phase: 'http' | 'upgraded' | 'tunnel' | 'opaque' = 'http';
  /** The half that requests come in, once a head told. */
  #client: Half | undefined;
  #inner: HttpConversation | undefined;
  #strangerTold = false;
  #lastTime = 0n;

  constructor(
    conversation: Conversation,
    token: string,
    emit: (event: HttpEvent) => void,
    beginnings: Beginnings = AT_START,
  ) {
    this.#conversation = conversation;
    this.#token = token;
    this.#emit = emit;
    this.#tunnels = beginnings.tunnels;
    const owner: LaneOwner = {
      head: (lane, head) => this.#head(this.#halfOf(lane), head),
      messageEnd: (lane) => this.#messageEnd(this.#halfOf(lane)),
      lost: (lane) => this.#lost(this.#halfOf(lane)),
      notHttp: (lane, found, arrival) => this.#notHttp(this.#halfOf(lane), found, arrival),
      handedOver: (lane, arrival) => this.#handedOver(this.#halfOf(lane), arrival),
    };
    const atStart = conversation.synSeen || beginnings.tunnels > 0;
    this.#c2s = newHalf('c2s', new Lane(owner, beginnings.c2s, atStart));
    this.#s2c = newHalf('s2c', new Lane(owner, beginnings.s2c, atStart));
  }

  push(event: StreamEvent): void {
    if (event.kind === 'open' || this.#phase === 'opaque') return;
    if (this.#inner !== undefined) {
      this.#inner.push(event);
      return;
    }
    const own = event.side === 'c2s' ? this.#c2s : this.#s2c;
    switch (event.kind) {
      case 'data':
        this.#lastTime = event.time;
        if (this.#phase === 'upgraded') this.#passData(own, event);
        else own.lane.read(event);
        own.seen = event.position + event.bytes.length;
        break;
      case 'gap':
        this.#gap(own, event);
        own.seen = event.position + event.length;
        break;
      case 'end':
        own.end = event;
        this.#endOf(own, event);
        break;
    }
  }

  /** A head was seen: the conversation is HTTP, or was. */
  get isHttp(): boolean {
    return this.#client !== undefined;
  }

  /** Lowest number of a packet some of whose octets are held until it is known what they are. */
  heldFrom(): number | undefined {
    if (this.#inner !== undefined) return this.#inner.heldFrom();
    return this.#client?.held.oldestFrame;
  }

  #halfOf(lane: Lane): Half {
    return lane === this.#c2s.lane ? this.#c2s : this.#s2c;
  }

  #otherHalf(half: Half): Half {
    return half === this.#c2s ? this.#s2c : this.#c2s;
  }

  #head(own: Half, head: HttpHead): BodyFraming | undefined {
    if (head.kind === 'request') return this.#request(own, head);
    this.#client ??= this.#otherHalf(own);
    return own === this.#client ? undefined : this.#response(own, head);
  }

  #request(own: Half, head: RequestHead): BodyFraming | undefined {
    if (head.method === HTTP2_PREFACE_METHOD && head.version === HTTP2_PREFACE_VERSION) {
      this.#tellStranger('http2', own, head.place);
      this.#phase = 'opaque';
      return undefined;
    }
    this.#client ??= own;
    if (own !== this.#client) return undefined;
    this.#outstanding.add(head);
    return bodyFraming(head, null);
  }

  #response(own: Half, head: ResponseHead): BodyFraming {
    const request = this.#outstanding.match(head);
    own.lane.understood = head.place.position + head.place.length;
    if (switchesTo(head, this.#token)) {
      this.#upgrade(request, head, head.place);
      return NOTHING_MORE;
    }
    if (opensTunnel(head, request)) {
      if (request !== null) this.#openTunnel(request, head);
      return NOTHING_MORE;
    }
    const final = head.status >= 200 || head.status === 101;
    if (final && request !== null && meantUpgrade(request, this.#token)) {
      this.#emit({ kind: 'refused', request, response: head, tunnels: this.#tunnels });
    }
    // To another protocol, or to none that is named: what follows cannot be HTTP.
    if (head.status === 101) this.#phase = 'opaque';
    else if (final) this.#release();
    return bodyFraming(head, request);
  }

  /** After asking for another protocol a client waits: whatever it sends is held until the answer is known. */
  #messageEnd(own: Half): AfterMessage {
    const request = this.#outstanding.last;
    const waits = own === this.#client && request !== undefined && this.#changesProtocol(request);
    return waits ? 'handed-over' : 'head';
  }

  #changesProtocol(request: RequestHead): boolean {
    return request.method === 'CONNECT' || asksForUpgrade(request, this.#token);
  }

  /** The answer is an ordinary one: what the client sent since is HTTP. */
  #release(): void {
    const client = this.#client;
    if (client?.lane.isHandedOver !== true) return;
    client.lane.mode = 'head';
    for (const event of client.held.take()) {
      if (event.kind === 'data') client.lane.read(event);
      else client.lane.skip(event.length);
    }
  }

  #lost(own: Half): void {
    if (own !== this.#client) this.#outstanding.forgetAllButLast();
  }

  #notHttp(own: Half, found: Beginning, { position, frame, time }: Arrival): void {
    const request = this.#outstanding.last;
    const answered = own !== this.#client && !own.lane.isWhole && found === 'other';
    if (answered && request !== undefined && asksForUpgrade(request, this.#token)) {
      // The response is in the hole, and what follows it is not HTTP: it was a 101.
      this.#upgrade(request, null, { frame, time });
      return;
    }
    const looksLike = found === 'tls' ? 'tls' : 'other';
    this.#tellStranger(looksLike, own, { position, frame });
    const fromTheStart = this.#conversation.synSeen && !own.lane.hasHole && this.#client === undefined;
    if (looksLike === 'tls' || fromTheStart) this.#phase = 'opaque';
  }

  #tellStranger(
    looksLike: 'tls' | 'http2' | 'other',
    own: Half,
    at: { position: number; frame: number },
  ): void {
    if (this.#strangerTold) return;
    this.#strangerTold = true;
    const { position, frame } = at;
    this.#emit({ kind: 'not-http', looksLike, side: own.tcpSide, position, frame, tunnels: this.#tunnels });
  }

  #upgrade(
    request: RequestHead | null,
    response: ResponseHead | null,
    { frame, time }: { frame: number; time: bigint },
  ): void {
    this.#client ??= this.#c2s;
    const client = this.#client;
    const server = this.#otherHalf(client);
    this.#phase = 'upgraded';
    for (const { lane } of [client, server]) lane.handOver();
    client.begin = client.lane.understood;
    server.begin = server.lane.understood;
    const { client: opener, server: listener } = this.#conversation;
    const turned = client.tcpSide === 's2c';
    this.#emit({
      kind: 'upgrade',
      upgrade: {
        client: turned ? listener : opener,
        server: turned ? opener : listener,
        request,
        response,
        begins: { c2s: client.begin, s2c: server.begin },
        tunnels: this.#tunnels,
        frame,
        time,
      },
    });
    this.#passSkipped(client, frame);
    if (response === null) this.#passSkipped(server, frame);
    for (const event of client.held.take()) {
      if (event.kind === 'data') this.#passData(client, event);
      else this.#passGap(client, event);
    }
  }

  /** Octets that went by before it was known what they are count as missing. */
  #passSkipped(own: Half, frame: number): void {
    const length = (own.held.position ?? own.seen) - own.begin;
    if (length > 0)
      this.#emit({ kind: 'gap', side: this.#side(own), offset: 0, length, reason: 'lost', frame });
  }

  #openTunnel(request: RequestHead, response: ResponseHead | null): void {
    const client = this.#client ?? this.#c2s;
    this.#emit({ kind: 'tunnel', request, response });
    if (this.#tunnels === MAXIMUM_TUNNELS) {
      this.#phase = 'opaque';
      return;
    }
    this.#phase = 'tunnel';
    for (const { lane } of [this.#c2s, this.#s2c]) lane.handOver();
    this.#inner = new HttpConversation(this.#conversation, this.#token, this.#emit, {
      tunnels: this.#tunnels + 1,
      c2s: this.#c2s.lane.understood,
      s2c: this.#s2c.lane.understood,
    });
    for (const event of client.held.take()) this.#inner.push(event);
  }

  #handedOver(own: Half, arrival: Arrival): void {
    const { position, bytes, frame, time } = arrival;
    const conversation = this.#conversation;
    const event: HeldEvent = { kind: 'data', conversation, side: own.tcpSide, position, bytes, frame, time };
    if (this.#phase === 'upgraded') this.#passData(own, event);
    else if (this.#inner !== undefined) this.#inner.push(event);
    else if (this.#phase === 'http') this.#hold(own, event);
  }

  #hold(own: Half, event: HeldEvent): void {
    own.held.add(event);
    if (own.held.isFull) this.#decideUnanswered({ frame: event.frame, time: this.#lastTime });
  }

  #gap(own: Half, event: GapEvent): void {
    if (this.#phase === 'upgraded') this.#passGap(own, event);
    else if (own.lane.isHandedOver) this.#hold(own, event);
    else own.lane.skip(event.length);
  }

  #endOf(own: Half, event: EndEvent): void {
    if (this.#phase === 'upgraded') this.#passEnd(own, event);
    else if (own !== this.#client) this.#decideUnanswered(event);
  }

  /** No answer to the last request will come, or none can be waited for. */
  #decideUnanswered({ frame, time }: { frame: number; time: bigint }): void {
    const client = this.#client;
    const request = this.#outstanding.last;
    if (client === undefined || request === undefined || !this.#changesProtocol(request)) return;
    const server = this.#otherHalf(client);
    const notSeen = server.lane.hasHole || server.seen === server.lane.understood;
    // A client that goes on, and not in HTTP, was given what it asked for.
    const granted = notSeen && recogniseBeginning(client.held.beginning) === 'other';
    if (granted && request.method === 'CONNECT') {
      this.#openTunnel(request, null);
    } else if (granted) {
      this.#upgrade(request, null, { frame, time });
      for (const own of [client, server]) if (own.end !== undefined) this.#passEnd(own, own.end);
    } else {
      this.#outstanding.dropLast();
      if (request.method !== 'CONNECT') this.#emit({ kind: 'unanswered', request, tunnels: this.#tunnels });
      this.#release();
    }
  }

  #passData(own: Half, { position, bytes, frame, time }: DataEvent): void {
    const offset = position - own.begin;
    this.#emit({ kind: 'data', side: this.#side(own), offset, bytes, frame, time });
  }

  #passGap(own: Half, { position, length, reason, frame }: GapEvent): void {
    this.#emit({ kind: 'gap', side: this.#side(own), offset: position - own.begin, length, reason, frame });
  }

  #passEnd(own: Half, { position, reason, frame, time }: EndEvent): void {
    this.#emit({ kind: 'end', side: this.#side(own), offset: position - own.begin, reason, frame, time });
  }

  #side(own: Half): Side {
    return own === this.#client ? 'c2s' : 's2c';
  }
}

function newHalf(tcpSide: Side, lane: Lane): Half {
  const begin = lane.understood;
  return { tcpSide, lane, held: new HeldEvents(), seen: begin, begin, end: undefined };
}
