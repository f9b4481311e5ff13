import type { Endpoint } from '../capture/segment.ts';
import type { Side } from '../capture/stream.ts';
import { HINTS } from './hints.ts';
import { durationText } from '../judge/percentiles.ts';
import { otherSide, plural, senderOf } from './sides.ts';

/** Why a connection ended, as far as a capture can show it. */
export const CLOSE_CAUSES = [
  'clean',
  'one-sided-close',
  'fin-without-close',
  'rst',
  'idle-timeout-suspected',
  'heartbeat-timeout-suspected',
  'protocol-error',
  'too-big-or-policy',
  'handshake-refused',
  'tls-alert',
  'open-at-end',
  'began-before-capture',
] as const;
export type CloseCause = (typeof CLOSE_CAUSES)[number];

export interface CloseFrame {
  readonly side: Side;
  /** null: an empty close frame (an application sees 1005). */
  readonly code: number | null;
  readonly reason: string | null;
  readonly frame: number;
  readonly offset: number;
  readonly hex: string;
  readonly time: bigint;
}

/** A FIN or RST, by who sent it. */
export interface TransportEnd {
  readonly side: Side;
  readonly reason: 'fin' | 'rst';
  readonly frame: number;
  readonly time: bigint;
}

/** The last frame of a direction before the connection began to end. */
export interface LastFrame {
  readonly side: Side;
  readonly frame: number;
  readonly time: bigint;
}

/** All that the classifier looks at. */
export interface CloseEvidence {
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** Why the upgrade was not granted, and what to do; null: it was. */
  readonly refused: { readonly text: string; readonly hint: string | null } | null;
  /** The first close frame of each direction, in order of arrival. */
  readonly closes: readonly CloseFrame[];
  /** FIN and RST, the first one first. */
  readonly ends: readonly TransportEnd[];
  readonly last: Readonly<Record<Side, LastFrame | null>>;
  /** When the upgrade was granted; null: not seen. */
  readonly opened: bigint | null;
  /** Pings that were never answered though there was time, by the direction they were sent in. */
  readonly missingPings: Readonly<Record<Side, number>>;
  /** The first breach of severity error in each direction, as `rule in packet n`. */
  readonly violations: Readonly<Record<Side, { readonly frame: number; readonly text: string } | null>>;
  /** The message that was being read when the other side said Close, and the largest that was taken before. */
  readonly sizes: Readonly<Record<Side, { readonly last: number; readonly largestBefore: number } | null>>;
  readonly recovered: boolean;
  /** The first fatal alert, where the connection is inside TLS and alerts could be read; null: none. */
  readonly alert: { readonly side: Side; readonly name: string; readonly frame: number } | null;
  /** How long the side had not been reading when TCP ended, its window closed; null: it read. In nanoseconds. */
  readonly stalled: Readonly<Record<Side, bigint | null>>;
}

export interface CloseSummary {
  readonly cause: CloseCause;
  readonly by: 'client' | 'server' | null;
  readonly code: number | null;
  readonly reason: string | null;
  readonly evidence: string;
  readonly hint: string | null;
  /** Silence before the connection was ended without a Close frame, in nanoseconds; null: it ended otherwise. */
  readonly idle: bigint | null;
}

/** RFC 6455 section 7.4.1: policy violation, message too big. */
const TOO_BIG = 1009;
const POLICY_CODES: readonly number[] = [1008, TOO_BIG];
/** RFC 6455 section 7.4.1: protocol error, unsupported data, inconsistent data. */
const PROTOCOL_CODES: readonly number[] = [1002, 1003, 1007];
/** Shorter silences are the pace of the traffic, not a timeout. */
export const SHORTEST_TIMEOUT_SECONDS = 1;
/** A client ends its connections itself: only a long round silence before that looks like a proxy's timeout. */
const SHORTEST_CLIENT_TIMEOUT_SECONDS = 10;
/** How near to a whole number of seconds a silence must be to look like a configured timeout. */
const ROUNDNESS = 0.02;
const ROUNDNESS_SECONDS = 0.06;
const ROUNDNESS_MOST_SECONDS = 0.25;

export function classifyClose(evidence: CloseEvidence): CloseSummary {
  const { refused, closes, ends, last } = evidence;
  const nothing = { by: null, code: null, reason: null, hint: null, idle: null };
  if (refused !== null) {
    const { text, hint } = refused;
    return { ...nothing, cause: 'handshake-refused', by: 'server', evidence: text, hint };
  }
  const [first, second] = closes;
  if (first !== undefined) return byCloseFrame(evidence, first, second);
  const { alert } = evidence;
  if (alert !== null) {
    const by = senderOf(alert.side);
    const told = `TLS alert "${alert.name}" from the ${by} in packet ${alert.frame}, no Close frame`;
    return { ...nothing, cause: 'tls-alert', by, evidence: told, hint: HINTS.tlsAlert };
  }
  const [end] = ends;
  if (end !== undefined) return byTransport(evidence, end);
  const latest = latestOf(last);
  const seen = latest === null ? 'no frame at all' : `last frame ${latest.side} in packet ${latest.frame}`;
  return evidence.recovered
    ? {
        ...nothing,
        cause: 'began-before-capture',
        evidence: `the capture begins after the upgrade and ends while the connection is open; ${seen}`,
        hint: HINTS.began,
      }
    : {
        ...nothing,
        cause: 'open-at-end',
        evidence: `${seen} -> the capture ends while the connection is open`,
      };
}

function byCloseFrame(
  evidence: CloseEvidence,
  first: CloseFrame,
  second: CloseFrame | undefined,
): CloseSummary {
  const { cause, note, hint } = causeOfClose(evidence, first, second);
  const code = first.code === null ? 'without a code' : first.code;
  const told = [
    `Close ${code} from the ${senderOf(first.side)} in packet ${first.frame}`,
    answerText(evidence, first, second),
    ...(note === null ? [] : [note]),
    ...endTexts(evidence, first),
  ];
  return {
    cause,
    by: senderOf(first.side),
    code: first.code,
    reason: first.reason,
    evidence: told.join('; '),
    hint,
    idle: null,
  };
}

interface Cause {
  readonly cause: CloseCause;
  readonly note: string | null;
  readonly hint: string | null;
}

function causeOfClose(evidence: CloseEvidence, first: CloseFrame, second: CloseFrame | undefined): Cause {
  const policy = [first, second].find((close) => POLICY_CODES.includes(close?.code ?? 0));
  if (policy !== undefined) return policyCause(evidence, policy);
  const violation = [first, second]
    .filter((close) => close !== undefined)
    .map((close) => evidence.violations[otherSide(close.side)])
    .find((known, at) => known !== null && known.frame <= ([first, second][at]?.frame ?? 0));
  const code = [first.code, second?.code ?? 0].find((known) => PROTOCOL_CODES.includes(known ?? 0));
  if (violation !== undefined && violation !== null) {
    const note = `after ${violation.text}`;
    if (code !== undefined || second === undefined)
      return { cause: 'protocol-error', note, hint: HINTS.protocolError };
  }
  if (code !== undefined) return { cause: 'protocol-error', note: null, hint: HINTS.protocolError };
  if (second !== undefined) return { cause: 'clean', note: null, hint: null };
  const reset = evidence.ends[0]?.reason === 'rst' && evidence.ends[0].side === first.side;
  return { cause: 'one-sided-close', note: null, hint: reset ? HINTS.closeReset : HINTS.closeEcho };
}

function policyCause({ sizes }: CloseEvidence, close: CloseFrame): Cause {
  if (close.code !== TOO_BIG) return { cause: 'too-big-or-policy', note: null, hint: HINTS.policy };
  const size = sizes[otherSide(close.side)];
  const sender = senderOf(otherSide(close.side));
  const before =
    size === null || size.largestBefore === 0 ? '' : `, the largest taken before it ${size.largestBefore}`;
  const note = size === null ? null : `the last message of the ${sender} has ${size.last} octets${before}`;
  return { cause: 'too-big-or-policy', note, hint: HINTS.readLimit };
}

function answerText({ ends }: CloseEvidence, first: CloseFrame, second: CloseFrame | undefined): string {
  if (second !== undefined) {
    return `answered in packet ${second.frame} after ${durationText(second.time - first.time)}`;
  }
  const end = ends.find(({ time }) => time >= first.time);
  const had =
    end === undefined ? '' : `, ${durationText(end.time - first.time)} until the ${end.reason.toUpperCase()}`;
  return `never answered by the ${senderOf(otherSide(first.side))}${had}`;
}

function endTexts(evidence: CloseEvidence, close: CloseFrame): string[] {
  const [end] = evidence.ends;
  if (end === undefined) return [];
  const seen1006 =
    end.reason === 'rst' && end.side === close.side
      ? ' (a browser then reports 1006 though the Close is on the wire)'
      : '';
  return [`${endText(evidence, end)} in packet ${end.frame}${seen1006}`];
}

function byTransport(evidence: CloseEvidence, end: TransportEnd): CloseSummary {
  const { last, opened } = evidence;
  const latest = latestOf(last);
  const since = latest?.time ?? opened;
  const idle = since === null || since > end.time ? null : end.time - since;
  const { cause, note, hint } = causeOfTransport(evidence, end, idle);
  const parts = [
    latest === null ? 'no frame after the upgrade' : `last frame ${latest.side} in packet ${latest.frame}`,
    ...(idle === null ? [] : [`${durationText(idle)} of silence`]),
    `${endText(evidence, end)} in packet ${end.frame}, no Close frame (an application reports 1006)`,
  ];
  return {
    cause,
    by: senderOf(end.side),
    code: null,
    reason: null,
    evidence: `${parts.join(' -> ')}${note === null ? '' : `; ${note}`}`,
    hint,
    idle,
  };
}

function causeOfTransport(evidence: CloseEvidence, end: TransportEnd, idle: bigint | null): Cause {
  const missing = evidence.missingPings[end.side];
  const peer = otherSide(end.side);
  if (missing > 0) {
    const note = `the last ${plural(missing, 'ping')} of the ${senderOf(end.side)} had no pong`;
    return { cause: 'heartbeat-timeout-suspected', note, hint: HINTS.heartbeat };
  }
  const violation = evidence.violations[peer];
  if (violation !== null && violation.frame <= end.frame) {
    return { cause: 'protocol-error', note: `after ${violation.text}`, hint: HINTS.protocolError };
  }
  const stalled = evidence.stalled[peer];
  if (stalled !== null) {
    const note = `the ${senderOf(peer)} was not reading: its TCP window had been closed for ${durationText(stalled)}`;
    return { cause: end.reason === 'rst' ? 'rst' : 'fin-without-close', note, hint: HINTS.slowConsumer };
  }
  if (end.reason === 'rst') return { cause: 'rst', note: null, hint: HINTS.reset };
  if (idle !== null && looksConfigured(idle, end.side)) {
    return { cause: 'idle-timeout-suspected', note: null, hint: HINTS.idleProxy };
  }
  const unheard = silenceOf(evidence, peer, end.time);
  if (end.side === 's2c' && unheard !== null && unheard !== idle && looksConfigured(unheard, 's2c')) {
    const note = `the server had heard nothing from the client for ${durationText(unheard)}`;
    return { cause: 'idle-timeout-suspected', note, hint: HINTS.readDeadline };
  }
  return { cause: 'fin-without-close', note: null, hint: HINTS.abrupt };
}

function silenceOf({ last, opened }: CloseEvidence, side: Side, until: bigint): bigint | null {
  const since = last[side]?.time ?? opened;
  return since === null || since > until ? null : until - since;
}

function looksConfigured(idle: bigint, by: Side): boolean {
  const shortest = by === 's2c' ? SHORTEST_TIMEOUT_SECONDS : SHORTEST_CLIENT_TIMEOUT_SECONDS;
  const length = Number(idle) / 1e9;
  return length >= shortest - ROUNDNESS_SECONDS && isRound(length);
}

/** A silence of 60.001 s looks like a timeout of 60 s; one of 7.4 s does not. */
function isRound(length: number): boolean {
  const distance = Math.abs(length - Math.round(length));
  return distance <= Math.max(ROUNDNESS_SECONDS, Math.min(ROUNDNESS * length, ROUNDNESS_MOST_SECONDS));
}

function latestOf(last: CloseEvidence['last']): LastFrame | null {
  const { c2s, s2c } = last;
  if (c2s === null || s2c === null) return c2s ?? s2c;
  return c2s.time > s2c.time ? c2s : s2c;
}

function endText({ client, server }: CloseEvidence, end: TransportEnd): string {
  const from = end.side === 'c2s' ? client : server;
  return `${end.reason.toUpperCase()} from the ${senderOf(end.side)} (${from.address}:${from.port})`;
}
