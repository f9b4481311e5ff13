import type { Side } from '../capture/stream.ts';
import { fieldValues } from '../http/head.ts';
import { placeOf } from '../judge/connection-judge.ts';
import type { Finding, FindingInput, RuleBreach } from '../judge/finding.ts';
import type { HandshakeReport, PairsReport, PayloadSample, WebsocketReport } from '../report/report.ts';
import type { Connection } from '../session/connection.ts';
import type { SessionPdu } from '../session/pdu.ts';
import type { ResetNote, StallNote } from '../session/transport-notes.ts';
import { findApplicationHeartbeat } from './application-heartbeat.ts';
import {
  classifyClose,
  type CloseFrame,
  type CloseSummary,
  type LastFrame,
  type TransportEnd,
} from './close-cause.ts';
import { closeBreaches } from './close-rules.ts';
import { FragmentWatch } from './fragment-watch.ts';
import { HeartbeatTracker } from './heartbeat.ts';
import { MessageCollector } from './message-collector.ts';
import { MessageLog } from './message-log.ts';
import { OPCODE, opcodeName, readFrame, type WebsocketFrame } from './opcode.ts';
import { type Expectation, pairMessages, type Pairs } from './pairs.ts';
import { pongBreaches, skippedPings } from './pong-rules.ts';
import { ReactionWatch } from './reaction.ts';
import { explainRefusal } from './refusal.ts';
import { otherSide, senderOf } from './sides.ts';
import { stalledAt, stallFindings } from './stalls.ts';
import { sampleOf } from './sample.ts';
import { unansweredBreaches } from './unanswered.ts';

/** What the transport told of a connection beyond its octets. */
export interface TransportContext {
  readonly reset: ResetNote | null;
  readonly stalls: readonly StallNote[];
  /** Time of the last segment of the capture. */
  readonly captureEnd: bigint;
}

/** What is known of one connection when it is over; other connections may still change its close cause. */
export interface WebsocketConclusion {
  readonly close: CloseSummary;
  readonly breaches: readonly RuleBreach[];
  readonly findings: readonly FindingInput[];
  readonly pairs: PairsReport | null;
  report(handshake: HandshakeReport, close: CloseSummary): WebsocketReport;
}

/** What only WebSocket has, gathered while the frames of one connection pass. */
export class WebsocketCollector {
  private readonly connection: Connection;
  private readonly expectation: Expectation;
  private readonly heartbeat: HeartbeatTracker;
  private readonly fragments = new FragmentWatch();
  private readonly reaction = new ReactionWatch();
  private readonly log = new MessageLog();
  private readonly collector = new MessageCollector((message) => this.log.add(message));
  private readonly closes: CloseFrame[] = [];
  private readonly samples: Record<Side, PayloadSample | null> = { c2s: null, s2c: null };
  private readonly seen: Record<Side, boolean>;
  private readonly last: Record<Side, LastFrame | null> = { c2s: null, s2c: null };
  private readonly afterClose: Record<Side, LastFrame | null> = { c2s: null, s2c: null };

  constructor(connection: Connection, expectation: Expectation) {
    this.connection = connection;
    this.expectation = expectation;
    this.heartbeat = new HeartbeatTracker(connection.ends);
    const { upgrade } = connection;
    this.seen = { c2s: (upgrade?.request ?? null) !== null, s2c: (upgrade?.response ?? null) !== null };
  }

  /** A breach of severity error: its receiver had to react. */
  violated(finding: Pick<Finding, 'rule' | 'direction' | 'frame'>): void {
    this.reaction.violated(finding);
  }

  pdu(pdu: SessionPdu): void {
    const frame = readFrame(pdu);
    const { direction, time } = pdu;
    this.seen[direction] = true;
    this.collector.pdu(pdu);
    this.noteViolations(pdu);
    const note = { side: direction, frame: pdu.frame, time };
    // What comes after a FIN or RST of the other side ended no silence.
    if (!this.isEnding(pdu)) this.last[direction] = note;
    if (this.closes.some((close) => close.side !== direction)) this.afterClose[direction] = note;
    this.reaction.frame(pdu, frame);
    this.fragments.frame(pdu, frame);
    this.heartbeat.frame(pdu, frame);
    if (pdu.problem !== null) return;
    if (frame.opcode === OPCODE.close) this.close(pdu, frame);
    this.samples[direction] ??= sampleOf(pdu, frame);
  }

  conclude(transport: TransportContext): WebsocketConclusion {
    const ends = endsOf(this.connection, transport.reset);
    const until = this.answerable(ends, transport.captureEnd);
    const uncertain = this.uncertain();
    const pairs = pairMessages(this.log.messages, this.expectation, goneAt(ends, 'c2s'));
    const missing = (side: Side): number =>
      uncertain[otherSide(side)] ? 0 : this.heartbeat.unanswered(side, until[side]).missing.length;
    const close = classifyClose({
      client: this.connection.client,
      server: this.connection.server,
      refused: this.refusal(),
      closes: this.closes,
      ends,
      last: this.last,
      opened: this.connection.upgrade?.time ?? null,
      missingPings: { c2s: missing('c2s'), s2c: missing('s2c') },
      violations: this.violations(),
      sizes: { c2s: this.fragments.sizes('c2s'), s2c: this.fragments.sizes('s2c') },
      recovered: this.connection.recovered !== null,
      alert: this.connection.tls?.alerts.find(({ level }) => level === 'fatal') ?? null,
      stalled: stalledAt(this.connection, transport.stalls, ends[0]?.time ?? null),
    });
    const summary = this.heartbeat.summary(until);
    const application = findApplicationHeartbeat(this.log.messages);
    return {
      close,
      breaches: this.breaches({ ends, until, uncertain, pairs, transport }),
      findings: [
        ...skippedPings(this.heartbeat),
        ...this.fragments.findings(),
        ...stallFindings(this.connection, transport),
      ],
      pairs: pairs === null ? null : pairsReport(pairs, this.isPatchy(uncertain)),
      report: (handshake, { idle, hint, ...rest }) => ({
        handshake,
        heartbeat: { ...summary, application },
        close: { ...rest, hint, idleMs: idle === null ? null : Number(idle) / 1e6 },
        sample: this.samples,
      }),
    };
  }

  /** Whether the client is a browser, which cannot send pings. */
  get isBrowser(): boolean {
    const request = this.connection.upgrade?.request ?? null;
    if (request === null) return false;
    const [agent = ''] = fieldValues(request, 'User-Agent');
    return agent.includes('Mozilla/') && fieldValues(request, 'Origin').length > 0;
  }

  get hasPings(): boolean {
    return !this.heartbeat.isQuiet;
  }

  private breaches(known: {
    readonly ends: readonly TransportEnd[];
    readonly until: Readonly<Record<Side, bigint>>;
    readonly uncertain: Readonly<Record<Side, boolean>>;
    readonly pairs: Pairs | null;
    readonly transport: TransportContext;
  }): RuleBreach[] {
    const { ends, until, uncertain, pairs, transport } = known;
    const fragments = { c2s: this.fragments.openAt('c2s'), s2c: this.fragments.openAt('s2c') };
    const { closes, afterClose } = this;
    const { captureEnd } = transport;
    const failed = ends[0]?.side ?? null;
    return [
      ...pongBreaches(this.heartbeat, { until, uncertain }),
      ...closeBreaches({ closes, ends, captureEnd, afterClose, uncertain, fragments }),
      ...this.reaction.breaches(failed).filter(({ direction }) => !uncertain[direction]),
      ...(pairs === null || this.isPatchy(uncertain)
        ? []
        : unansweredBreaches(pairs, this.log.messages, {
            inferred: this.expectation === 'auto',
            closed: closes[0]?.side === 's2c',
          })),
    ];
  }

  /** Octets are missing, or a whole direction: what is not there may have been sent. */
  private uncertain(): Record<Side, boolean> {
    const { holes, unframed, recovered } = this.connection;
    const of = (side: Side): boolean =>
      holes.some((hole) => hole.side === side) ||
      unframed[side] > 0 ||
      !this.seen[side] ||
      (recovered?.skipped[side] ?? 0) > 0;
    return { c2s: of('c2s'), s2c: of('s2c') };
  }

  private isPatchy(uncertain: Readonly<Record<Side, boolean>>): boolean {
    return uncertain.c2s || uncertain.s2c || this.log.dropped > 0;
  }

  /** Until when a ping of the direction could be answered: nobody answers after a Close, or when TCP is over. */
  private answerable(ends: readonly TransportEnd[], captureEnd: bigint): Record<Side, bigint> {
    const times = [...this.closes, ...ends].map(({ time }) => time);
    const until = times.reduce((least, time) => (time < least ? time : least), captureEnd);
    return { c2s: until, s2c: until };
  }

  private violations(): Record<Side, { readonly frame: number; readonly text: string } | null> {
    const told = (side: Side): { frame: number; text: string } | null => {
      const violation = this.reaction.violations[side];
      if (violation === null) return null;
      const { rule, frame } = violation;
      return { frame, text: `${rule} of the ${senderOf(side)} in packet ${frame}` };
    };
    return { c2s: told('c2s'), s2c: told('s2c') };
  }

  private noteViolations(pdu: SessionPdu): void {
    const { direction, frame, decoded, message, problem } = pdu;
    const { rules } = this.connection.protocol;
    const named = (message?.ruleBreaches ?? []).flatMap(
      ({ rule }) => rules.find((known) => known.rule === rule) ?? [],
    );
    const broken = [
      ...[...decoded.breaches, ...(message?.breaches ?? [])].map(({ check }) => check),
      ...named,
    ];
    const worst = broken.find(({ severity }) => severity === 'error');
    if (worst !== undefined) this.violated({ rule: worst.id, direction, frame });
    else if (problem?.kind === 'malformed') this.violated({ rule: 'MALFORMED', direction, frame });
  }

  private refusal(): { readonly text: string; readonly hint: string | null } | null {
    const { refusal } = this.connection;
    if (refusal?.response == null) return null;
    return explainRefusal(refusal.request, refusal.response);
  }

  private isEnding({ frame }: SessionPdu): boolean {
    return this.connection.ends.some((end) => end.reason !== 'capture-end' && end.frame < frame);
  }

  private close(pdu: SessionPdu, frame: WebsocketFrame): void {
    if (this.closes.some((known) => known.side === pdu.direction)) return;
    this.closes.push({
      ...placeOf(pdu),
      side: pdu.direction,
      code: frame.closeCode ?? null,
      reason: frame.closeReason ?? null,
      time: pdu.time,
    });
  }
}

/** Kind by which frames are counted in a report. */
export function kindOf(pdu: SessionPdu): string {
  return opcodeName(readFrame(pdu).opcode);
}

/** A RST ends both directions at once: it counts once, for who sent it. */
function endsOf({ ends, client }: Connection, reset: ResetNote | null): TransportEnd[] {
  const found: TransportEnd[] = [];
  for (const { side, reason, frame, time } of ends) {
    if (reason === 'fin') found.push({ side, reason, frame, time });
    if (reason !== 'rst' || found.some((end) => end.reason === 'rst')) continue;
    const fromClient =
      reset === null
        ? side === 'c2s'
        : reset.sender.port === client.port && reset.sender.address === client.address;
    found.push({ side: fromClient ? 'c2s' : 's2c', reason, frame, time });
  }
  return found.sort((a, b) => a.frame - b.frame);
}

function goneAt(ends: readonly TransportEnd[], side: Side): bigint | null {
  return ends.find((end) => end.side === side)?.time ?? null;
}

function pairsReport(pairs: Pairs, uncertain: boolean): PairsReport {
  const { kind, requests, answered, unanswered, latencyMs } = pairs;
  return { kind, requests, answered, unanswered, latencyMs, uncertain };
}
