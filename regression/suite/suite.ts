import type { Side } from '../../analyzer/index.ts';
import type { EnumType, Protocol, SourceText } from '../../spec/index.ts';
import type { VariantName } from '../capture/variants.ts';
import type { VersionRange } from './version-range.ts';

/** A tests file, read and checked against its spec. */
export interface Suite {
  readonly source: SourceText;
  readonly protocol: Protocol;
  readonly vectors: readonly Vector[];
  readonly captures: readonly PinnedCapture[];
  readonly properties: PropertySettings;
  readonly coverage: CoverageSettings;
  readonly filters: FilterSettings;
}

/** Octets of one or more PDUs, and what must become of them. */
export interface Vector {
  readonly name: string;
  /** Line of the tests file, from 1. */
  readonly line: number;
  /** Who sends first. */
  readonly side: Side;
  /** In the order they are sent: on a stream those of a direction follow one another, as datagrams each is one. */
  readonly parts: readonly Part[];
  /** Frames given by values that no octets have: the vector fails, for spec and values contradict one another. */
  readonly unwritable: readonly Unwritable[];
  readonly end: VectorEnd;
  /** What the heads of an HTTP upgrade have that the usual ones have not; null: the usual ones. */
  readonly handshake: HandshakeChange | null;
  /** Values of the root type's params that were given by hand, by id. */
  readonly params: ReadonlyMap<string, GivenParam>;
  /** Of each PDU, in order; null: nothing is said of how many there are, nor of their fields. */
  readonly expect: readonly (readonly Expectation[])[] | null;
  /** Of each message that the PDUs make up, in order of completion; null: nothing is said of them. */
  readonly messages: readonly (readonly Expectation[])[] | null;
  /** Rules that are broken, these and no others (of scope `connection`: see `connection`). */
  readonly findings: ReadonlySet<string>;
  /** What the analyzer must say of the whole connection; null: nothing is said. */
  readonly connection: ConnectionExpectation | null;
  /** The Info column for all PDUs of the vector, joined; null: nothing is said. */
  readonly info: string | null;
  /** What the last PDU suffers from; null: nothing may be wrong. */
  readonly problem: ProblemKind | null;
  readonly requires: VersionRange | null;
  /** Ways of carrying the octets in which something else may come out, with the reason. */
  readonly differs: ReadonlyMap<VariantName, string>;
  /** Where Wireshark's own dissector is known to say something else. */
  readonly builtin: readonly BuiltinDeviation[];
}

/** Octets that one side sends. */
export interface Part {
  readonly side: Side;
  readonly octets: Uint8Array;
  /** How long after the part before, in ns. */
  readonly after: bigint;
}

export interface Unwritable {
  /** Line and column of the tests file, from 1. */
  readonly line: number;
  readonly column: number;
  /** Path of the member that it is about; null: the whole frame. */
  readonly field: string | null;
  /** Goes on after the name of the member. */
  readonly message: string;
}

/** How the TCP connection ends after the last part. */
export type VectorEnd =
  { readonly kind: 'fin' | 'rst'; readonly side: Side } | { readonly kind: 'open'; readonly side: null };

/** Changes to the heads of the upgrade. */
export interface HandshakeChange {
  readonly request: HeadChange;
  readonly response: HeadChange;
}
export interface HeadChange {
  /** The start line in place of the usual one; null: the usual one. */
  readonly line: string | null;
  /** By name as written; no values: the field is left out, several: it stands several times. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
}

/** A param that was given by hand. */
export interface GivenParam {
  readonly value: bigint | number | boolean | string | Uint8Array;
  /** How it reaches Wireshark and our session: in a head of the upgrade, as a preference, or not at all. */
  readonly reaches: 'upgrade' | 'preference' | 'decoder-only';
}

/** What `wiretwin analyze` must say of a connection; what is null or undefined is not looked at. */
export interface ConnectionExpectation {
  readonly line: number;
  readonly verdict: string | null;
  /** Close cause (WebSocket). */
  readonly close: string | null;
  /** All findings, of any scope: these rules and no others. */
  readonly findings: ReadonlySet<string> | null;
  /** `c2s.text`: 3 */
  readonly counts: ReadonlyMap<string, number>;
}

/** Filters in which the built-in dissector differs from what the spec says, by version. */
export interface BuiltinDeviation {
  readonly filters: ReadonlySet<string>;
  readonly tshark: VersionRange | null;
  readonly reason: string;
}

/** A capture file with what must come of it. */
export interface PinnedCapture {
  /** As written, relative to the tests file. */
  readonly file: string;
  readonly line: number;
  /** Where it comes from, and its licence. */
  readonly origin: string;
  /** Specs beside the suite's own, relative to the tests file: what carries it, or is carried by it. */
  readonly specs: readonly string[];
  /** TLS secrets, relative to the tests file. */
  readonly keylog: string | null;
  readonly expect: CaptureExpectation;
  /** NDJSON of `wiretwin decode`, relative to the tests file; null: none is kept. */
  readonly golden: string | null;
  readonly requires: VersionRange | null;
}
export interface CaptureExpectation {
  readonly verdict: string | null;
  readonly pdus: number | null;
  readonly messages: number | null;
  readonly connections: number | null;
  /** Close causes of the connections, in order. */
  readonly closes: readonly string[] | null;
  /** Rule and how often it is found; all rules that are found are listed. */
  readonly findings: ReadonlyMap<string, number> | null;
}

export interface PropertySettings {
  /** Generated frames; 0: none. */
  readonly runs: number;
  /** null: another one every time, and printed. */
  readonly seed: number | null;
}

export interface CoverageSettings {
  /** Percent; null: it is only told. */
  readonly minimum: number | null;
  /** Names of what cannot be covered (as the report has them), with the reason. */
  readonly except: ReadonlyMap<string, string>;
}

export interface FilterSettings {
  /** The plugin that users have, relative to the tests file; null: nothing is compared. */
  readonly released: string | null;
  /** Filters that break on purpose, with the reason. */
  readonly accepted: ReadonlyMap<string, string>;
}

export const PROBLEM_KINDS = ['truncated', 'malformed', 'limit'] as const;
export type ProblemKind = (typeof PROBLEM_KINDS)[number];

/** Name of the rule that `valid` and `contents` are: a value that may not be. */
export const VALID_RULE = 'VALID';

/** What one member of a PDU must be. */
export interface Expectation {
  /** `payload.code`, `records[2].tag` */
  readonly path: string;
  readonly steps: readonly PathStep[];
  readonly wanted: Wanted;
  /** Enums whose names may stand for the value. */
  readonly enums: readonly EnumType[];
}

/** A member's id, or a place in a repetition. */
export type PathStep = string | number;

export type Wanted =
  | { readonly kind: 'absent' }
  /** So many elements of a repeated member. */
  | { readonly kind: 'count'; readonly count: number }
  /** As written: what it means depends on what the member is. `quoted`: it stands in quotes. */
  | { readonly kind: 'literal'; readonly text: string; readonly quoted: boolean };
