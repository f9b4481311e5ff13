import { kindOf, WebsocketCollector } from '../websocket/websocket-collector.ts';
import { type Handshake, readHandshake } from '../websocket/handshake.ts';
import type { Endpoint } from '../capture/segment.ts';
import type { Side } from '../capture/stream.ts';
import { ConnectionJudge } from '../judge/connection-judge.ts';
import type { ConnectionReport, HandshakeReport } from '../report/report.ts';
import type { Connection, SessionObserver } from '../session/connection.ts';
import type { SessionPdu } from '../session/pdu.ts';

/** What is kept of a connection while its PDUs pass. */
interface Entry {
  readonly connection: Connection;
  readonly judge: ConnectionJudge;
  readonly counts: Record<Side, Record<string, number>>;
  readonly websocket: WebsocketCollector | null;
}

/** Id of the spec whose protocol has a handshake, heartbeats and a close cause (analyzer/websocket). */
const WEBSOCKET = 'websocket';

/** Gathers the report of every connection from the session's events; memory grows with connections, not with PDUs. */
export class ConnectionBook implements SessionObserver {
  private readonly entries = new Map<Connection, Entry>();
  private readonly strict: boolean;

  constructor(strict: boolean) {
    this.strict = strict;
  }

  opened(connection: Connection): void {
    const { client, server, protocol } = connection;
    this.entries.set(connection, {
      connection,
      judge: new ConnectionJudge(connection, this.strict),
      counts: { c2s: { bytes: 0 }, s2c: { bytes: 0 } },
      websocket: protocol.id === WEBSOCKET ? new WebsocketCollector(client, server) : null,
    });
  }

  pdu(connection: Connection, pdu: SessionPdu): void {
    const entry = this.entries.get(connection);
    if (entry === undefined) return;
    entry.judge.pdu(pdu);
    entry.websocket?.pdu(pdu);
    const counts = entry.counts[pdu.direction];
    const kind = entry.websocket === null ? 'pdus' : kindOf(pdu);
    counts[kind] = (counts[kind] ?? 0) + 1;
    counts['bytes'] = (counts['bytes'] ?? 0) + pdu.length;
  }

  reports(): ConnectionReport[] {
    return [...this.entries.values()].map(reportOf);
  }
}

function reportOf({ connection, judge, counts, websocket }: Entry): ConnectionReport {
  const handshake = websocket === null ? null : handshakeOf(connection);
  for (const breach of handshake?.breaches ?? []) judge.add({ ...breach, offset: null });
  if (websocket !== null) for (const end of connection.ends) websocket.end(end);
  return {
    protocol: connection.protocol.id,
    transport: connection.transport,
    stream: connection.stream,
    client: endpointText(connection.client),
    server: endpointText(connection.server),
    parent: null,
    verdict: judge.verdict(),
    recovered: null,
    counts,
    pairs: null,
    findings: judge.findings(),
    websocket: websocket === null || handshake === null ? null : websocket.report(withoutBreaches(handshake)),
  };
}

function handshakeOf({ upgrade, refusal }: Connection): Handshake {
  const heads = upgrade ?? refusal;
  return readHandshake(heads?.request ?? null, heads?.response ?? null);
}

function withoutBreaches(handshake: Handshake): HandshakeReport {
  const { seen, key, accept, expectedAccept, acceptOk, version, extensions, offered, subprotocol, status } =
    handshake;
  return { seen, key, accept, expectedAccept, acceptOk, version, extensions, offered, subprotocol, status };
}

function endpointText({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
