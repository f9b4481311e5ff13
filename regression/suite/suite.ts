import type { Side } from '../../analyzer/index.ts';
import type { EnumType, Protocol, SourceText } from '../../spec/index.ts';
import type { VersionRange } from './version-range.ts';

/** A tests file, read and checked against its spec. */
export interface Suite {
  readonly source: SourceText;
  readonly protocol: Protocol;
  readonly vectors: readonly Vector[];
}

/** Octets of one or more PDUs, and what must become of them. */
export interface Vector {
  readonly name: string;
  /** Line of the tests file. */
  readonly line: number;
  readonly side: Side;
  /** As listed under `hex`: on a stream they follow one another, as datagrams each is one. */
  readonly parts: readonly Uint8Array[];
  /** Of each PDU, in order; null: nothing is said of how many there are, nor of their fields. */
  readonly expect: readonly (readonly Expectation[])[] | null;
  /** Rules that are broken, these and no others. */
  readonly findings: ReadonlySet<string>;
  /** The Info column for all PDUs of the vector; null: nothing is said. */
  readonly info: string | null;
  /** What the last PDU suffers from; null: nothing may be wrong. */
  readonly problem: ProblemKind | null;
  readonly requires: VersionRange | null;
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
