import type { Side } from '../capture/stream.ts';
import type { Decoder } from '../decode/index.ts';
import type { Connection, DirectionEnd } from './connection.ts';
import { paramsFor } from './params.ts';
import type { SessionPdu } from './pdu.ts';
import { type FramedPdu, type Hole, PduFramer } from './pdu-framer.ts';

/** What becomes of a PDU once it is cut: `due` is the packet at which it is told. */
export type PduSink = (connection: Connection, pdu: SessionPdu, due: number) => void;

/**
 * Both directions of a TCP conversation that a protocol owns. Offsets count from the protocol's first octet in each
 * direction.
 */
export class ProtocolStream {
  readonly connection: Connection;
  private readonly framers: Record<Side, PduFramer>;
  private readonly sink: PduSink;
  private readonly highest: Record<Side, number> = { c2s: 0, s2c: 0 };
  /** Packet at which the direction being ended ended. */
  private endFrame = Number.POSITIVE_INFINITY;

  constructor(connection: Connection, decoder: Decoder, sink: PduSink) {
    this.connection = connection;
    this.sink = sink;
    this.framers = { c2s: this.framer('c2s', decoder), s2c: this.framer('s2c', decoder) };
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
    this.framers[side].gap(hole);
  }

  end(end: DirectionEnd): void {
    const framer = this.framers[end.side];
    this.endFrame = end.reason === 'capture-end' ? Number.POSITIVE_INFINITY : end.frame;
    framer.end();
    this.connection.unframed[end.side] = framer.unframed;
    this.connection.ends.push(end);
  }

  private framer(side: Side, decoder: Decoder): PduFramer {
    const params = paramsFor(decoder.protocol, side);
    return new PduFramer(
      side,
      decoder,
      () => params,
      (framed) => {
        this.sink(this.connection, this.toPdu(side, framed), framed.atEnd ? this.endFrame : framed.frame);
      },
    );
  }

  private toPdu(side: Side, framed: FramedPdu): SessionPdu {
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
