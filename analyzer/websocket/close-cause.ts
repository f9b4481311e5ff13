import type { Endpoint } from '../capture/segment.ts';
import type { Side } from '../capture/stream.ts';

/** Why a connection ended, as far as a capture can show it. */
export type CloseCause =
  | 'clean'
  | 'one-sided-close'
  | 'fin-without-close'
  | 'rst'
  | 'idle-timeout-suspected'
  | 'heartbeat-timeout-suspected'
  | 'protocol-error'
  | 'too-big-or-policy'
  | 'handshake-refused'
  | 'tls-alert'
  | 'open-at-end'
  | 'began-before-capture';

export interface CloseFrame {
  readonly side: Side;
  /** null: an empty close frame (an application sees 1005). */
  readonly code: number | null;
  readonly reason: string | null;
  readonly frame: number;
  readonly time: bigint;
}

export interface TransportEnd {
  readonly side: Side;
  readonly reason: 'fin' | 'rst' | 'port-reuse' | 'capture-end';
  readonly frame: number;
  readonly time: bigint;
}

/** All that the classifier looks at. */
export interface CloseEvidence {
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** HTTP status of the answer to the upgrade; null: not seen. */
  readonly status: number | null;
  /** The first close frame of each direction, in order of arrival. */
  readonly closes: readonly CloseFrame[];
  /** How each direction ended, in order. */
  readonly ends: readonly TransportEnd[];
  /** The last frame of any kind; null: none. */
  readonly lastFrame: { readonly side: Side; readonly frame: number; readonly time: bigint } | null;
  /** Pings at the end that were never answered, by the direction they were sent in. */
  readonly openPings: Readonly<Record<Side, number>>;
}

export interface CloseSummary {
  readonly cause: CloseCause;
  readonly by: 'client' | 'server' | null;
  readonly code: number | null;
  readonly reason: string | null;
  readonly evidence: string;
}

/** RFC 6455 section 7.4.1: policy violation, message too big. */
const POLICY_CODES: readonly number[] = [1008, 1009];
/** RFC 6455 section 7.4.1: protocol error, unsupported data, inconsistent data. */
const PROTOCOL_CODES: readonly number[] = [1002, 1003, 1007];
/** Shorter silences are the pace of the traffic, not a timeout. */
const SHORTEST_TIMEOUT_SECONDS = 1;
/** How near to a whole number of seconds a silence must be to look like a configured timeout. */
const ROUNDNESS = 0.02;
const ROUNDNESS_SECONDS = 0.06;
/** One ping without a pong may be in flight when the connection ends. */
const PINGS_FOR_TIMEOUT = 2;

export function classifyClose(evidence: CloseEvidence): CloseSummary {
  if (evidence.status !== null && evidence.status !== 101) return refused(evidence.status);
  const [first, second] = evidence.closes;
  if (first !== undefined) return byCloseFrame(evidence, first, second);
  const end = evidence.ends.find((item) => item.reason === 'fin' || item.reason === 'rst');
  if (end === undefined) return stillOpen(evidence);
  return byTransport(evidence, end);
}

function refused(status: number): CloseSummary {
  const evidence = `the server answered the upgrade with HTTP ${status}, not 101`;
  return { cause: 'handshake-refused', by: 'server', code: null, reason: null, evidence };
}

function byCloseFrame(
  evidence: CloseEvidence,
  first: CloseFrame,
  second: CloseFrame | undefined,
): CloseSummary {
  const codes = [first.code, second?.code ?? null].filter((code) => code !== null);
  const answer =
    second === undefined
      ? `never answered by the ${sender(other(first.side))}`
      : `answered in packet ${second.frame} after ${milliseconds(second.time - first.time)}`;
  const told = `Close ${first.code === null ? 'without a code' : first.code} from the ${sender(first.side)} in packet ${first.frame}, ${answer}`;
  return {
    cause: causeOfCodes(codes, second !== undefined),
    by: sender(first.side),
    code: first.code,
    reason: first.reason,
    evidence: withEnd(evidence, told),
  };
}

function causeOfCodes(codes: readonly number[], answered: boolean): CloseCause {
  if (codes.some((code) => POLICY_CODES.includes(code))) return 'too-big-or-policy';
  if (codes.some((code) => PROTOCOL_CODES.includes(code))) return 'protocol-error';
  return answered ? 'clean' : 'one-sided-close';
}

function byTransport(evidence: CloseEvidence, end: TransportEnd): CloseSummary {
  const silence = evidence.lastFrame === null ? null : Number(end.time - evidence.lastFrame.time) / 1e9;
  return {
    cause: causeOfTransport(evidence, end, silence),
    by: sender(end.side),
    code: null,
    reason: null,
    evidence: `${lastFrameText(evidence)}${silence === null ? '' : ` -> ${silence.toFixed(3)} s of silence`} -> ${endText(evidence, end)}, no Close frame (an application reports 1006)`,
  };
}

function causeOfTransport(evidence: CloseEvidence, end: TransportEnd, silence: number | null): CloseCause {
  if (evidence.openPings[end.side] >= PINGS_FOR_TIMEOUT) return 'heartbeat-timeout-suspected';
  if (end.reason === 'rst') return 'rst';
  if (end.side === 's2c' && silence !== null && isRound(silence)) return 'idle-timeout-suspected';
  return 'fin-without-close';
}

/** A silence of 60.001 s looks like a timeout of 60 s; one of 7.4 s does not. */
function isRound(seconds: number): boolean {
  if (seconds < SHORTEST_TIMEOUT_SECONDS - ROUNDNESS_SECONDS) return false;
  const distance = Math.abs(seconds - Math.round(seconds));
  return distance <= Math.max(ROUNDNESS_SECONDS, Math.min(ROUNDNESS * seconds, 0.25));
}

function stillOpen(evidence: CloseEvidence): CloseSummary {
  const text = `${lastFrameText(evidence)} -> the capture ends while the connection is open`;
  return { cause: 'open-at-end', by: null, code: null, reason: null, evidence: text };
}

function withEnd(evidence: CloseEvidence, told: string): string {
  const end = evidence.ends.find((item) => item.reason === 'fin' || item.reason === 'rst');
  return end === undefined ? told : `${told}; ${endText(evidence, end)} in packet ${end.frame}`;
}

function endText(evidence: CloseEvidence, end: TransportEnd): string {
  const from = end.side === 'c2s' ? evidence.client : evidence.server;
  return `${end.reason.toUpperCase()} from the ${sender(end.side)} (${from.address}:${from.port})`;
}

function lastFrameText(evidence: CloseEvidence): string {
  const { lastFrame } = evidence;
  return lastFrame === null ? 'no frame at all' : `last frame ${lastFrame.side} in packet ${lastFrame.frame}`;
}

function sender(side: Side): 'client' | 'server' {
  return side === 'c2s' ? 'client' : 'server';
}

function other(side: Side): Side {
  return side === 'c2s' ? 's2c' : 'c2s';
}

function milliseconds(nanoseconds: bigint): string {
  return `${(Number(nanoseconds) / 1e6).toFixed(1)} ms`;
}
