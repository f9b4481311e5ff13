import type { Conversation, StreamEvent } from '../capture/stream.ts';
import { TcpReassembler } from '../capture/tcp/reassembler.ts';
import type { Transport } from '../capture/segment.ts';
import type { Bindings, Bound } from './bindings.ts';
import { InnerProtocols } from '../inner/inner-protocols.ts';
import type { Connection, SessionObserver } from './connection.ts';
import { Delivery } from './delivery.ts';
import { DatagramSession } from './datagram-session.ts';
import { HeldStreams } from './held-streams.ts';
import { InOrder } from './in-order.ts';
import { PacketIndex } from './packet-index.ts';
import { DecryptedHandler } from '../secure/decrypted-handler.ts';
import type { SecureCapture } from '../secure/secure-capture.ts';
import type { SessionPdu } from './pdu.ts';
import { type StreamHandler, BoundHandler, UpgradeHandler } from './stream-handler.ts';
import { Sightings } from './sightings.ts';
import { TransportNotes } from './transport-notes.ts';

interface Due {
  readonly connection: Connection;
  readonly pdu: SessionPdu;
}

/**
 * From transport packets, in the order of the capture, to the connections and PDUs of the protocols asked for.
 *
 * It does not care whether the packets come from a capture file or from tshark's JSON.
 */
export class Session {
  readonly packets = new PacketIndex();
  readonly sightings = new Sightings();
  readonly transport = new TransportNotes();
  private readonly bindings: Bindings;
  private readonly observer: SessionObserver;
  private readonly handlers = new Map<number, StreamHandler>();
  /** Streams in which octets wait until it is known whose they are, or where a PDU begins; seldom any. */
  private readonly held = new HeldStreams();
  private readonly reassembler: TcpReassembler;
  private readonly datagrams: DatagramSession;
  private readonly order: InOrder<Due>;
  private readonly delivery: Delivery;
  private readonly inner: InnerProtocols;
  private readonly connectionList: Connection[] = [];
  private readonly byStream = { tcp: new Map<number, Connection>(), udp: new Map<number, Connection>() };

  /** What an engine decrypted; null: there were no keys. */
  readonly secure: SecureCapture | null;

  constructor(bindings: Bindings, observer: SessionObserver, secure: SecureCapture | null = null) {
    this.secure = secure;
    this.bindings = bindings;
    this.observer = observer;
    this.order = new InOrder(({ connection, pdu }) => observer.pdu(connection, pdu));
    this.delivery = new Delivery((connection, pdu) => observer.delivered?.(connection, pdu));
    this.reassembler = new TcpReassembler((event) => this.streamEvent(event));
    this.inner = new InnerProtocols(bindings);
    this.datagrams = new DatagramSession(bindings, {
      opened: (connection) => this.opened(connection),
      pdu: (connection, pdu, due) => this.due(connection, pdu, due),
    });
  }

  /** All connections so far, in the order they were recognised. */
  get connections(): readonly Connection[] {
    return this.connectionList;
  }

  /** The connection that a stream is; undefined: none of the protocols'. */
  connectionOn(transport: 'tcp' | 'udp', stream: number): Connection | undefined {
    return this.byStream[transport].get(stream);
  }

  push(transport: Transport): void {
    switch (transport.kind) {
      case 'tcp': {
        const stream = this.reassembler.push(transport);
        this.packets.set(transport.frame, stream);
        this.transport.segment(stream, transport);
        break;
      }
      case 'udp':
        this.packets.set(transport.frame, this.datagrams.push(transport));
        break;
    }
    this.giveUpOverdue(transport.frame);
    const settled = this.settledBefore(transport.frame);
    this.order.settleBefore(settled);
    this.delivery.settleBefore(settled);
  }

  finish(): void {
    this.reassembler.finish();
    this.order.finish();
    this.delivery.finish();
  }

  /** No PDU of a packet with a lower number will come any more. */
  settledBefore(frame: number): number {
    return Math.min(frame, this.reassembler.pendingFrom() ?? frame, this.held.oldestFrame ?? frame);
  }

  private giveUpOverdue(frame: number): void {
    const stream = this.held.overdue(frame);
    const handler = stream === undefined ? undefined : this.handlers.get(stream);
    if (stream === undefined || handler === undefined) return;
    handler.giveUp();
    this.noteHeld(stream, handler);
  }

  private noteHeld(stream: number, handler: StreamHandler): void {
    this.held.update(stream, handler.isOver ? undefined : handler.heldFrom(), handler.heldOctets);
  }

  private streamEvent(event: StreamEvent): void {
    const { stream } = event.conversation;
    if (event.kind === 'open') {
      const handler = this.handlerFor(event.conversation);
      const pieces = this.secure?.streams.get(stream)?.pieces ?? [];
      const isDecrypted = pieces.length > 0;
      this.handlers.set(
        stream,
        isDecrypted ? new DecryptedHandler(event.conversation, pieces, handler) : handler,
      );
      return;
    }
    const handler = this.handlers.get(stream);
    if (handler === undefined) return;
    handler.push(event);
    this.noteHeld(stream, handler);
    if (handler.isOver) this.handlers.delete(stream);
  }

  private handlerFor(conversation: Conversation): StreamHandler {
    const { client, server } = conversation;
    const sink = (connection: Connection, pdu: SessionPdu, due: number): void =>
      this.due(connection, pdu, due);
    const byPort = this.bindings.port('tcp', client, server);
    if (byPort !== undefined) {
      return new BoundHandler(conversation, byPort, (connection) => this.opened(connection), sink);
    }
    const waiting: Bound[] = this.bindings.tokens.flatMap((token) => this.bindings.upgrade(token) ?? []);
    return new UpgradeHandler(conversation, waiting, {
      opened: (connection) => this.opened(connection),
      pdu: sink,
      sighted: this.sightings,
    });
  }

  private opened(connection: Connection): void {
    const secure = connection.transport === 'tcp' ? this.secure?.streams.get(connection.stream) : undefined;
    if (secure !== undefined) connection.tls = { alerts: secure.alerts };
    this.connectionList.push(connection);
    this.byStream[connection.transport].set(connection.stream, connection);
    this.observer.opened(connection);
  }

  private due(connection: Connection, pdu: SessionPdu, frame: number): void {
    const { stream, direction, offset } = pdu;
    if (this.observer.delivered !== undefined) this.delivery.add(connection, pdu, frame);
    this.order.add({ frame, stream, side: direction, offset }, { connection, pdu });
    // Inner PDUs come right after the one that completes their message.
    for (const inner of this.inner.inside(connection, pdu)) {
      this.order.add({ frame, stream, side: direction, offset }, { connection, pdu: inner });
    }
  }
}
