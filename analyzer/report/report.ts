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
  readonly pairs: null;
  readonly findings: readonly Finding[];
  readonly websocket: WebsocketReport | null;
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
  readonly status: number | null;
}

export interface HeartbeatReport {
  readonly pings: number;
  readonly answered: number;
  readonly missed: number;
  readonly unsolicited: number;
  readonly rttMs: {
    readonly min: number;
    readonly p50: number;
    readonly p95: number;
    readonly max: number;
  } | null;
  readonly application: null;
}

export interface CloseReport {
  readonly cause: string;
  readonly by: 'client' | 'server' | null;
  readonly code: number | null;
  readonly reason: string | null;
  readonly evidence: string;
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
