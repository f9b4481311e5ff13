import type { Endpoint, UdpDatagram } from '../capture/segment.ts';
import type { Side } from '../capture/stream.ts';
import type { DecodeOutcome } from '../decode/index.ts';
import type { Bindings, Bound } from './bindings.ts';
import type { Connection } from './connection.ts';
import { newConnection } from './new-connection.ts';
import type { PduProblem, SessionPdu } from './pdu.ts';
import type { PduSink } from './protocol-stream.ts';
import { ConversationState } from './state/conversation-state.ts';

interface Flow {
  readonly stream: number;
  /** null: nobody's port. */
  readonly owner: Owner | null;
}

interface Owner {
  readonly connection: Connection;
  readonly bound: Bound;
  readonly state: ConversationState;
}

/** Nothing tells that a flow began before its first datagram, and no upgrade leads to one. */
const BEGINNING = {
  heads: { request: null, response: null },
  seen: { c2s: true, s2c: true },
  sidesKnown: true,
};

/** Flows remembered; the oldest are forgotten first, and their next datagram opens a new stream. */
const MAX_FLOWS = 200_000;

/** UDP: a PDU is a datagram. Streams are numbered as `udp.stream`, by first appearance. */
export class DatagramSession {
  private readonly bindings: Bindings;
  private readonly sinks: { opened: (connection: Connection) => void; pdu: PduSink };
  private readonly flows = new Map<string, Flow>();
  private streams = 0;

  constructor(bindings: Bindings, sinks: { opened: (connection: Connection) => void; pdu: PduSink }) {
    this.bindings = bindings;
    this.sinks = sinks;
  }

  /** @returns number of the stream the datagram belongs to */
  push(datagram: UdpDatagram): number {
    const flow = this.flowOf(datagram);
    if (flow.owner !== null) this.decode(datagram, flow.owner);
    return flow.stream;
  }

  private flowOf(datagram: UdpDatagram): Flow {
    const { source, destination } = datagram;
    const ends = [`${source.address} ${source.port}`, `${destination.address} ${destination.port}`].sort();
    const key = ends.join(' ');
    const known = this.flows.get(key);
    if (known !== undefined) return known;
    if (this.flows.size >= MAX_FLOWS) this.flows.delete(this.flows.keys().next().value ?? '');
    const flow = this.newFlow(source, destination);
    this.flows.set(key, flow);
    return flow;
  }

  private newFlow(source: Endpoint, destination: Endpoint): Flow {
    const stream = this.streams++;
    const byPort = this.bindings.port('udp', source, destination);
    if (byPort === undefined) return { stream, owner: null };
    const { bound, server } = byPort;
    const client = server === source ? destination : source;
    const connection = newConnection(bound.protocol, stream, { client, server }, 'udp');
    this.sinks.opened(connection);
    const state = new ConversationState(bound.protocol, { ...BEGINNING, server });
    return { stream, owner: { connection, bound, state } };
  }

  private decode(datagram: UdpDatagram, { connection, bound, state }: Owner): void {
    const side: Side = isFrom(datagram, connection.client) ? 'c2s' : 's2c';
    // The reader may reuse its buffer; the PDU keeps views.
    const bytes = new Uint8Array(datagram.payload);
    const outcome = bound.decoder.decode(bytes, 0, bytes.length, state.params(side));
    const decoded = outcome.kind === 'pdu' ? outcome.pdu : outcome.partial;
    state.change(side, bound.decoder.changes(decoded));
    const pdu: SessionPdu = {
      protocol: bound.protocol.id,
      transport: 'udp',
      stream: connection.stream,
      direction: side,
      offset: 0,
      length: outcome.kind === 'pdu' ? decoded.length : bytes.length,
      frame: datagram.frame,
      time: datagram.time,
      decoded,
      bytes: bytes.subarray(0, outcome.kind === 'pdu' ? decoded.length : bytes.length),
      problem: problemOf(outcome, datagram),
      confidence: null,
      message: null,
    };
    this.sinks.pdu(connection, pdu, datagram.frame);
  }
}

function isFrom(datagram: UdpDatagram, end: Endpoint): boolean {
  return datagram.source.port === end.port && datagram.source.address === end.address;
}

function problemOf(outcome: DecodeOutcome, datagram: UdpDatagram): PduProblem | null {
  if (datagram.missing > 0) {
    const message = `The snapshot length cut ${datagram.missing} octets off this datagram.`;
    return {
      kind: 'gap',
      position: datagram.payload.length,
      length: datagram.missing,
      reason: 'snaplen',
      message,
    };
  }
  if (outcome.kind === 'need-more') {
    return { kind: 'truncated', needed: outcome.needed, available: outcome.available };
  }
  const { problem } = outcome.pdu;
  if (problem === null) return null;
  if (problem.kind === 'malformed')
    return { kind: 'malformed', path: problem.path, offset: problem.offset, message: problem.message };
  return {
    kind: 'limit',
    path: problem.path,
    needed: problem.needed ?? BigInt(outcome.pdu.length),
    message: problem.message,
  };
}
