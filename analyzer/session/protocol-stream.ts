import type { Side } from '../capture/stream.ts';
import type { Decoder } from '../decode/index.ts';
import type { Connection, DirectionEnd, Recovered } from './connection.ts';
import type { SessionPdu } from './pdu.ts';
import { type FramedPdu, type Hole, PduFramer } from './pdu-framer.ts';
import { wantedFor } from './recovery/wanted.ts';
import { type Beginning, ConversationState } from './state/conversation-state.ts';
import { MessageAssembler } from './state/message-assembler.ts';

/** Where looking for PDUs begins, and what is known of the conversation by then. */
export interface SoughtPlace extends Omit<Recovered, 'skipped'> {
  /** The direction's octets before it are not kept. */
  readonly position: number;
}

/** What becomes of a PDU once it is cut: `due` is the packet at which it is told. */
export type PduSink = (connection: Connection, pdu: SessionPdu, due: number) => void;

/** A PDU whose message is not looked for yet. */
type OpenPdu = Omit<SessionPdu, 'message'> & { message: SessionPdu['message'] };

/**
 * Both directions of a TCP conversation that a protocol owns: cut into PDUs, which are read with the state of the
 * conversation and change it, and make up messages. Offsets count from the protocol's first octet in each direction.
 */
export class ProtocolStream {
  readonly connection: Connection;
  private readonly decoder: Decoder;
  private readonly framers: Record<Side, PduFramer>;
  private readonly state: ConversationState;
  private readonly messages: MessageAssembler;
  private readonly sink: PduSink;
  private readonly highest: Record<Side, number> = { c2s: 0, s2c: 0 };
  /** Packet at which the direction being ended ended. */
  private endFrame = Number.POSITIVE_INFINITY;
  /** Directions whose beginning was not seen and in which no PDU was found so far. */
  private readonly sought: Record<Side, Omit<Recovered, 'skipped'> | null> = { c2s: null, s2c: null };

  /** `begun`: the capture has the conversation from its first octet on, where no upgrade tells. */
  constructor(connection: Connection, decoder: Decoder, sink: PduSink, begun = false) {
    this.connection = connection;
    this.decoder = decoder;
    this.sink = sink;
    const beginning = beginningOf(connection, begun);
    this.state = new ConversationState(decoder.protocol, beginning);
    const before = (side: Side): string | null =>
      beginning.seen[side] ? null : 'the capture begins after messages that it looks back at';
    this.messages = new MessageAssembler(decoder, { c2s: before('c2s'), s2c: before('s2c') });
    this.framers = { c2s: this.framer('c2s', beginning), s2c: this.framer('s2c', beginning) };
  }

  /** The first octet of a direction need not begin a PDU: where the protocol says how, one is looked for. */
  seek(side: Side, { position, ...told }: SoughtPlace): void {
    if (this.decoder.protocol.recovery === null) return;
    this.sought[side] = told;
    this.framers[side].seek(position);
  }

  /** Lowest number of a packet some of whose octets wait because it is not known where PDUs begin. */
  heldFrom(): number | undefined {
    const c2s = this.framers.c2s.heldFrom ?? Infinity;
    const lowest = Math.min(c2s, this.framers.s2c.heldFrom ?? Infinity);
    return lowest === Infinity ? undefined : lowest;
  }

  get heldOctets(): number {
    return this.framers.c2s.heldOctets + this.framers.s2c.heldOctets;
  }

  /** What waits is decided now, on what there is. */
  giveUp(): void {
    this.framers.c2s.giveUp();
    this.framers.s2c.giveUp();
  }

  data(side: Side, bytes: Uint8Array, frame: number, time: bigint): void {
    // In order, packet numbers only rise: a lower one had waited behind a hole.
    if (frame < this.highest[side]) this.connection.reorderedFrom[side] ??= frame;
    else this.highest[side] = frame;
    this.framers[side].push(bytes, frame, time);
  }

  gap(side: Side, hole: Hole): void {
    const { position, length, reason, frame } = hole;
    const since = Math.min(frame, this.highest[side] + 1);
    this.connection.holes.push({ side, position, length, reason, frame, since });
    const framer = this.framers[side];
    framer.gap(hole);
    // Inside a PDU whose end is known, the PDU itself has told all there is.
    if (framer.isLost) this.lose(side);
  }

  end(end: DirectionEnd): void {
    const framer = this.framers[end.side];
    this.endFrame = end.reason === 'capture-end' ? Number.POSITIVE_INFINITY : end.frame;
    framer.end();
    this.connection.unframed[end.side] = framer.unframed;
    this.connection.ends.push(end);
  }

  /** PDUs of the direction are missing: nobody knows what they changed. */
  private lose(side: Side): void {
    this.state.lose(side);
    this.messages.lose(side, 'the capture lacks a message that it looks back at');
  }

  private framer(side: Side, beginning: Beginning): PduFramer {
    return new PduFramer(
      this.decoder,
      () => this.state.params(side),
      wantedFor(this.decoder, side, beginning),
      (framed) => {
        this.noteFound(side, framed);
        const pdu = this.complete(this.toPdu(side, framed));
        this.sink(this.connection, pdu, framed.atEnd ? this.endFrame : framed.frame);
      },
    );
  }

  private noteFound(side: Side, { position, confidence }: FramedPdu): void {
    const sought = this.sought[side];
    if (sought === null) return;
    this.sought[side] = null;
    const before = this.connection.recovered;
    const skipped = { ...(before?.skipped ?? { c2s: 0, s2c: 0 }), [side]: position };
    const least = Math.min(before?.confidence ?? 1, Math.max(sought.confidence, confidence ?? 1));
    this.connection.recovered = { ...sought, confidence: least, skipped };
  }

  /** The next PDU of the direction is read with what this one has changed. */
  private complete(pdu: OpenPdu): SessionPdu {
    pdu.message = this.messages.add(pdu);
    this.state.change(pdu.direction, this.decoder.changes(pdu.decoded));
    return pdu;
  }

  private toPdu(side: Side, framed: FramedPdu): OpenPdu {
    const { protocol, transport, stream } = this.connection;
    const { position, length, frame, time, decoded, bytes, problem, confidence } = framed;
    return {
      protocol: protocol.id,
      transport,
      stream,
      direction: side,
      offset: position,
      length,
      frame,
      time,
      decoded,
      bytes,
      problem,
      confidence,
      message: null,
    };
  }
}

function beginningOf({ upgrade, recovered, server }: Connection, begun: boolean): Beginning {
  return {
    heads: { request: upgrade?.request ?? null, response: upgrade?.response ?? null },
    seen: {
      c2s: recovered === null && (begun || (upgrade !== null && upgrade.request !== null)),
      s2c: recovered === null && (begun || (upgrade !== null && upgrade.response !== null)),
    },
    sidesKnown: recovered?.directionFrom !== 'pdu',
    server,
  };
}
