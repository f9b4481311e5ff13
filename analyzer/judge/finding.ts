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
}

export type Verdict = 'pass' | 'warn' | 'fail' | 'inconclusive';

/** The order of weight: one failing connection fails the capture, whatever the others are. */
const VERDICT_ORDER: readonly Verdict[] = ['fail', 'inconclusive', 'warn', 'pass'];

export function worstVerdict(verdicts: Iterable<Verdict>): Verdict {
  const seen = new Set(verdicts);
  return VERDICT_ORDER.find((verdict) => seen.has(verdict)) ?? 'pass';
}
