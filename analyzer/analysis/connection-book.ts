import { kindOf, WebsocketCollector, type WebsocketConclusion } from '../websocket/websocket-collector.ts';
import { compareCloses, findLegs, findReconnects, type Peer } from '../websocket/alike.ts';
import { type Handshake, readHandshake } from '../websocket/handshake.ts';
import { ruleHint } from '../websocket/hints.ts';
import type { Expectation } from '../websocket/pairs.ts';
import type { Endpoint } from '../capture/segment.ts';
import type { Side } from '../capture/stream.ts';
import { ConnectionJudge } from '../judge/connection-judge.ts';
import type { FindingInput, RuleBreach } from '../judge/finding.ts';
import { KeyPairs } from '../judge/key-pairs.ts';
import type { ConnectionReport, HandshakeReport, PairsReport } from '../report/report.ts';
import type { Bound } from '../session/bindings.ts';
import type { Connection, SessionObserver } from '../session/connection.ts';
import type { SessionPdu } from '../session/pdu.ts';
import type { TransportNotes } from '../session/transport-notes.ts';

/** What is kept of a connection while its PDUs pass. */
interface Entry {
  readonly connection: Connection;
  readonly judge: ConnectionJudge;
  readonly counts: Record<Side, Record<string, number>>;
  readonly websocket: WebsocketCollector | null;
  /** By the protocol, also of one carried inside, whose spec says what belongs together. */
  readonly pairs: Map<string, KeyPairs>;
}

export interface BookOptions {
  /** Warnings count as errors. */
  readonly strict: boolean;
  /** What an answer to a message is (WebSocket); `auto` unless given. */
  readonly expect?: Expectation;
}

/** Id of the spec whose protocol has a handshake, heartbeats and a close cause (analyzer/websocket). */
const WEBSOCKET = 'websocket';

/** Gathers the report of every connection from the session's events; of messages only digests are kept. */
export class ConnectionBook implements SessionObserver {
  /** What the connections show together; filled by `reports`. */
  readonly notes: string[] = [];
  private readonly entries = new Map<Connection, Entry>();
  private readonly options: BookOptions;
  /** Protocols whose spec says what belongs together, by id. */
  private readonly pairing: ReadonlyMap<string, Bound>;

  /** `bounds`: the protocols with the decoders that the PDUs come from. */
  constructor(options: BookOptions, bounds: readonly Bound[]) {
    this.options = options;
    const pairing = bounds.filter(({ protocol }) => protocol.pairing !== null);
    this.pairing = new Map(pairing.map((bound) => [bound.protocol.id, bound]));
  }

  opened(connection: Connection): void {
    const { protocol } = connection;
    const { strict, expect = 'auto' } = this.options;
    const isWebsocket = protocol.id === WEBSOCKET;
    const websocket = isWebsocket ? new WebsocketCollector(connection, expect) : null;
    const judge = new ConnectionJudge(connection, { strict, hintOf: isWebsocket ? ruleHint : () => null });
    const counts = { c2s: { bytes: 0 }, s2c: { bytes: 0 } };
    this.entries.set(connection, { connection, judge, counts, websocket, pairs: new Map() });
    if (websocket !== null) this.noteHandshake(connection, websocket);
  }

  pdu(connection: Connection, pdu: SessionPdu): void {
    const entry = this.entries.get(connection);
    if (entry === undefined) return;
    entry.judge.pdu(pdu);
    this.pair(entry, pdu);
    const counts = entry.counts[pdu.direction];
    if (pdu.parent !== undefined) {
      // Its octets are counted with the PDU that carries it.
      counts[pdu.protocol] = (counts[pdu.protocol] ?? 0) + 1;
      return;
    }
    const kind = entry.websocket === null ? 'pdus' : kindOf(pdu);
    counts[kind] = (counts[kind] ?? 0) + 1;
    counts['bytes'] = (counts['bytes'] ?? 0) + pdu.length;
  }

  delivered(connection: Connection, pdu: SessionPdu): void {
    if (pdu.parent === undefined) this.entries.get(connection)?.websocket?.pdu(pdu);
  }

  /** When everything was told: the connections of one capture also explain one another. */
  reports(transport: TransportNotes): ConnectionReport[] {
    const concluded = [...this.entries.values()].map((entry) => {
      const { stream } = entry.connection;
      const context = {
        reset: transport.resetOf(stream) ?? null,
        stalls: transport.stalls(stream),
        captureEnd: transport.last ?? 0n,
      };
      return { entry, conclusion: entry.websocket?.conclude(context) ?? null };
    });
    const peers = concluded.flatMap(({ entry, conclusion }) => peerOf(entry, conclusion));
    const closes = compareCloses(peers);
    const reconnects = findReconnects(peers);
    const inContext = peers.map((peer) => ({ ...peer, close: closes.get(peer.connection) ?? peer.close }));
    const storms = [...reconnects.values()].map(({ message }) => `Reconnect storm: ${message}.`);
    this.notes.push(...findLegs(inContext), ...storms);
    return concluded.map(({ entry, conclusion }) => {
      const { connection, judge } = entry;
      const reconnect = reconnects.get(connection);
      if (reconnect !== undefined) judge.add(reconnect);
      const close = closes.get(connection) ?? null;
      return reportOf(entry, conclusion, (known) => (close === null ? known.close : close));
    });
  }

  private pair({ pairs }: Entry, pdu: SessionPdu): void {
    const bound = this.pairing.get(pdu.protocol);
    if (bound === undefined) return;
    let known = pairs.get(pdu.protocol);
    if (known === undefined) pairs.set(pdu.protocol, (known = new KeyPairs()));
    known.pdu(pdu, bound.decoder.pair(pdu.decoded));
  }

  /** The upgrade was granted in spite of these: whoever goes on had to react. */
  private noteHandshake(connection: Connection, websocket: WebsocketCollector): void {
    if (connection.upgrade === null) return;
    const { rules } = connection.protocol;
    for (const { rule, direction, frame } of handshakeOf(connection).breaches) {
      const known = rules.find((declared) => declared.rule === rule);
      if (known?.severity === 'error') websocket.violated({ rule: known.id, direction, frame });
    }
  }
}

function reportOf(
  { connection, judge, counts, websocket, pairs }: Entry,
  conclusion: WebsocketConclusion | null,
  closeOf: (conclusion: WebsocketConclusion) => WebsocketConclusion['close'],
): ConnectionReport {
  const handshake = websocket === null ? null : handshakeOf(connection);
  const keyPairs = [...pairs.values()];
  const uncertain = connection.holes.length > 0;
  const breaches = [...breachesOf(handshake), ...breachesOf(conclusion)];
  for (const breach of breaches) judge.breach(breach);
  const unanswered = uncertain ? [] : keyPairs.flatMap((known) => known.findings());
  for (const finding of [...findingsOf(conclusion), ...unanswered]) judge.add(finding);
  const { protocol, transport, stream, client, server } = connection;
  return {
    protocol: protocol.id,
    transport,
    stream,
    client: endpointText(client),
    server: endpointText(server),
    parent: null,
    verdict: judge.verdict(),
    recovered: recoveredOf(connection),
    counts,
    pairs: pairsOf(keyPairs, conclusion, uncertain),
    findings: judge.findings(),
    websocket:
      conclusion === null || handshake === null
        ? null
        : conclusion.report(withoutBreaches(handshake), closeOf(conclusion)),
  };
}

function breachesOf(from: { readonly breaches: readonly RuleBreach[] } | null): readonly RuleBreach[] {
  return from?.breaches ?? [];
}

function findingsOf(conclusion: WebsocketConclusion | null): readonly FindingInput[] {
  return conclusion?.findings ?? [];
}

/** What the spec pairs by a key says more than what looks like an answer. */
function pairsOf(
  keyPairs: readonly KeyPairs[],
  conclusion: WebsocketConclusion | null,
  uncertain: boolean,
): PairsReport | null {
  const [first] = keyPairs.flatMap((known) => known.report(uncertain) ?? []);
  return first ?? conclusion?.pairs ?? null;
}

function peerOf({ connection, websocket }: Entry, conclusion: WebsocketConclusion | null): Peer[] {
  if (websocket === null || conclusion === null) return [];
  const { upgrade, refusal, ends } = connection;
  const [end] = ends;
  return [
    {
      connection,
      close: conclusion.close,
      began: upgrade?.time ?? refusal?.request?.place.time ?? null,
      ended: end === undefined || end.reason === 'capture-end' ? null : end.time,
      isBrowser: websocket.isBrowser,
      hasPings: websocket.hasPings,
    },
  ];
}

function handshakeOf({ upgrade, refusal }: Connection): Handshake {
  const heads = upgrade ?? refusal;
  return readHandshake(heads?.request ?? null, heads?.response ?? null);
}

function recoveredOf({ recovered }: Connection): ConnectionReport['recovered'] {
  if (recovered === null) return null;
  return { confidence: recovered.confidence, skippedBytes: { ...recovered.skipped } };
}

function withoutBreaches(handshake: Handshake): HandshakeReport {
  const { seen, key, accept, expectedAccept, acceptOk, version } = handshake;
  const { extensions, offered, subprotocol, offeredSubprotocols, status } = handshake;
  return {
    seen,
    key,
    accept,
    expectedAccept,
    acceptOk,
    version,
    extensions,
    offered,
    subprotocol,
    offeredSubprotocols,
    status,
  };
}

function endpointText({ address, port }: Endpoint): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
