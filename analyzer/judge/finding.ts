import type { Severity } from '../../spec/index.ts';
import type { Side } from '../capture/stream.ts';

/** A rule of the protocol that a connection broke, or something worth knowing of it. */
export interface Finding {
  /** Rule id: `MASK-C2S`, `HS-ACCEPT`, `TRUNCATED` ... */
  readonly rule: string;
  readonly severity: Severity;
  readonly direction: Side | null;
  /** Captured packet in which it shows. */
  readonly frame: number;
  /** Position of the PDU in its direction; null: not about a PDU. */
  readonly offset: number | null;
  /** Where the rule stands, e.g. `RFC 6455 5.1`; empty: a rule of ours. */
  readonly reference: string;
  readonly message: string;
  /** The first octets of what it is about, as on the wire; null: nothing that was sent. */
  readonly hex: string | null;
  /** What to do about it; null: nothing is known. */
  readonly hint: string | null;
}

/** What a finding must say; the rest is null unless given. */
export type FindingInput = Omit<Finding, 'hex' | 'hint'> & Partial<Pick<Finding, 'hex' | 'hint'>>;

/** A breach of a rule that the spec declares and a module of ours looks for (Protocol.rules), by its name. */
export interface RuleBreach {
  /** e.g. `upgrade-accept` */
  readonly rule: string;
  /** Who broke it. */
  readonly direction: Side;
  readonly frame: number;
  readonly offset: number | null;
  readonly message: string;
  readonly hex: string | null;
  readonly hint: string | null;
  /** Legal, or nobody's fault in this place, but worth knowing. */
  readonly onlyInfo?: boolean;
  /** Where exactly it stands, where the rule's own reference is wider. */
  readonly reference?: string;
}

/** By weight: one failing connection fails the capture, whatever the others are. */
export const VERDICTS = ['fail', 'inconclusive', 'warn', 'pass'] as const;
export type Verdict = (typeof VERDICTS)[number];

export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  const seen = new Set(verdicts);
  return VERDICTS.find((verdict) => seen.has(verdict)) ?? 'pass';
}
