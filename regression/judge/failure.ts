import type { OctetRange, Side } from '../../analyzer/index.ts';
import type { Vector } from '../suite/suite.ts';

/** Who is wrong, or disagrees: our decoder alone, our session over a capture, or an engine by its label. */
export type Party =
  | { readonly kind: 'decoder' }
  | { readonly kind: 'session' }
  | { readonly kind: 'engine'; readonly engine: string };

/** One way a vector did not come out as it must. */
export interface Failure {
  readonly party: Party;
  /** In which way it was carried; null: in no capture at all. */
  readonly variant: string | null;
  /** From 0; null: about the vector as a whole. */
  readonly pdu: number | null;
  /** Path in the spec, or a display filter name; null: about no field. */
  readonly field: string | null;
  /** Id of the rule that it is about: `field` is where the rule looks, and no value of its is wrong. */
  readonly rule?: string;
  /** A sentence without the names of party and variant. */
  readonly message: string;
  readonly expected: string | null;
  readonly found: string | null;
  /** Octets that it is about, counted in all that `side` sends (as datagrams: in all parts); null: not known. */
  readonly octets: OctetRange | null;
  /** Whose octets they are; null: of a vector with one side only, its. */
  readonly side?: Side | null;
}

/** Of a failure, what is not known until somebody says it. */
export const ABOUT_NOTHING = {
  pdu: null,
  field: null,
  expected: null,
  found: null,
  octets: null,
  side: null,
} as const;

/** What somebody has for a field that is expected to have a value: one cell of the table. */
export interface Observation {
  readonly pdu: number;
  readonly field: string;
  /** `expected`, `decoder`, or an engine's label. */
  readonly source: string;
  readonly text: string;
}

/** An engine's part in judging a vector. */
export interface EngineVerdict {
  readonly label: string;
  /** Why it had no part; null: it had. */
  readonly skipped: string | null;
}

export interface VectorResult {
  readonly vector: Vector;
  readonly status: 'pass' | 'fail';
  readonly pdus: number;
  /** In how many ways it was carried. */
  readonly variants: number;
  readonly engines: readonly EngineVerdict[];
  readonly failures: readonly Failure[];
  /** Empty when it passed. */
  readonly observations: readonly Observation[];
}

/** The same failure tells nothing new a thousand times over. */
const MAX_FAILURES = 100;

/** Gathers what is wrong with one vector. */
export class Judgement {
  readonly failures: Failure[] = [];
  readonly observations: Observation[] = [];
  #seen = new Set<string>();

  observe(observation: Observation): void {
    const { pdu, field, source } = observation;
    const key = `${pdu} ${source} ${field}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.observations.push(observation);
  }

  fail(failure: Failure): void {
    if (this.failures.length < MAX_FAILURES) this.failures.push(failure);
  }
}
