import type { Breach, DecodedPdu } from '../decode/index.ts';
import type { SessionPdu } from './pdu.ts';

/** What a module of ours found in a message (spec: `rules`), by the name of the rule. */
export interface MessageBreach {
  /** e.g. `inflate-data`, `inflate-limit` */
  readonly rule: string;
  /** Id of the spec's rule of that name, e.g. `PMD-INFLATE`. */
  readonly id: string;
  /** What was found, for people. */
  readonly message: string;
}

/** A message: the data of its parts joined, and what the spec makes of them. */
export interface SessionMessage {
  /** The PDUs it came in, in order; the last one is the PDU that completed it. */
  readonly parts: readonly Omit<SessionPdu, 'message'>[];
  /** The parts' data joined: unmasked, but as compressed as it was sent. */
  readonly octets: Uint8Array;
  /** The object of the type that the spec names (Reassembly.type); null: the octets are not all there. */
  readonly decoded: DecodedPdu | null;
  /** Processes of the spec (inflate) were applied to the octets. */
  readonly processed: boolean;
  /** Checks of the spec with the scope `message`. */
  readonly breaches: readonly Breach[];
  readonly ruleBreaches: readonly MessageBreach[];
  /** Why its content cannot be had, or not all of it: a sentence; null: it is whole. */
  readonly incomplete: string | null;
}
