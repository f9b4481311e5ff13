import type { Finding, Verdict } from '../judge/finding.ts';
import type { EngineDifference, Explained } from '../compare/difference.ts';

/** `analyze --format json` (contracts; docs/schema/analyze.schema.json). Adding is free, renaming is breaking. */
export interface AnalysisReport {
  readonly schemaVersion: 1;
  readonly verdict: Verdict;
  readonly capture: CaptureSummary;
  readonly engines: readonly EngineSummary[];
  readonly connections: readonly ConnectionReport[];
  readonly crossCheck: CrossCheckReport | null;
  /** What stood in the way of a better answer, each a sentence with what to do next. */
  readonly notes: readonly string[];
  /** What failed: the input, an engine, the plugin. Each makes exit code 3. */
  readonly failures: readonly string[];
}

export interface CaptureSummary {
  readonly file: string;
  readonly linkTypes: readonly string[];
  /** Captured packets. */
  readonly frames: number;
  /** The file or the JSON ended early. */
  readonly truncated: boolean;
  /** Holes in TCP streams that belong to a connection. */
  readonly gaps: number;
}

export interface EngineSummary {
  readonly name: string;
  /** null: the JSON came through a pipe. */
  readonly version: string | null;
  readonly lua: string | null;
  readonly plugin: string | null;
  readonly pluginHash: string | null;
}

export interface ConnectionReport {
  readonly protocol: string;
  readonly transport: 'tcp' | 'udp';
  readonly stream: number;
  readonly client: string;
  readonly server: string;
  readonly parent: null | { readonly protocol: string; readonly stream: number };
  readonly verdict: Verdict;
  readonly recovered: null | {
    readonly confidence: number;
    readonly skippedBytes: { readonly c2s: number; readonly s2c: number };
  };
  readonly counts: { readonly c2s: DirectionCounts; readonly s2c: DirectionCounts };
  readonly pairs: PairsReport | null;
  readonly findings: readonly Finding[];
  readonly websocket: WebsocketReport | null;
}

/** Requests and their answers: of WebSocket, messages of the client and what the server sent back. */
export interface PairsReport {
  /** `echo`, `reply`: what an answer was taken to be; `key`: the spec says what belongs together. */
  readonly kind: 'echo' | 'reply' | 'key';
  readonly requests: number;
  readonly answered: number;
  /** `index` counts as the lines of `wiretwin messages` do. */
  readonly unanswered: readonly { readonly frame: number; readonly index: number }[];
  readonly latencyMs: Milliseconds | null;
  /** The capture has holes: an answer may be in one of them. */
  readonly uncertain: boolean;
}

export interface Milliseconds {
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** PDUs by kind, and `bytes`: octets of all of them. */
export type DirectionCounts = Readonly<Record<string, number>>;

export interface WebsocketReport {
  readonly handshake: HandshakeReport;
  readonly heartbeat: HeartbeatReport;
  readonly close: CloseReport;
  /** The first text of each direction as the wire has it and as the peer reads it. */
  readonly sample: { readonly c2s: PayloadSample | null; readonly s2c: PayloadSample | null };
}

export interface PayloadSample {
  readonly frame: number;
  /** Octets as on the wire, hex; at most the first 32. */
  readonly wire: string;
  readonly maskingKey: string | null;
  readonly text: string;
}

export interface HandshakeReport {
  readonly seen: 'both' | 'request' | 'response' | 'none';
  readonly key: string | null;
  readonly accept: string | null;
  readonly expectedAccept: string | null;
  readonly acceptOk: boolean | null;
  readonly version: string | null;
  readonly extensions: string | null;
  readonly offered: string | null;
  readonly subprotocol: string | null;
  readonly offeredSubprotocols: string | null;
  readonly status: number | null;
}

export interface HeartbeatReport {
  readonly pings: number;
  readonly answered: number;
  readonly missed: number;
  readonly unsolicited: number;
  /** Pongs that came after the next ping, or after the sender had left. */
  readonly late: number;
  /** Pings sent too shortly before the end for anything to follow from a missing pong. */
  readonly inFlight: number;
  /** Of the missed: the other side was sending a large message just then. */
  readonly missedWhileBusy: number;
  readonly intervalMs: number | null;
  readonly rttMs: Milliseconds | null;
  readonly application: ApplicationHeartbeatReport | null;
}

/** Heartbeats that are messages of the application's own. */
export interface ApplicationHeartbeatReport {
  readonly pattern: string;
  readonly by: 'client' | 'server';
  readonly sent: number;
  readonly intervalMs: number;
  readonly missed: number;
  /** Numbers of the beats without an answer, from 1. */
  readonly missedNumbers: readonly number[];
}

export interface CloseReport {
  readonly cause: string;
  readonly by: 'client' | 'server' | null;
  readonly code: number | null;
  readonly reason: string | null;
  readonly evidence: string;
  readonly hint: string | null;
  /** Silence before TCP was ended without a Close frame; null: it ended otherwise. */
  readonly idleMs: number | null;
}

export interface CrossCheckReport {
  readonly against: 'plugin' | 'builtin';
  /** Fewest PDUs that any engine compared. */
  readonly pdus: number;
  readonly fields: number;
  readonly agreed: number;
  readonly explained: readonly Explained[];
  readonly differences: readonly EngineDifference[];
}
