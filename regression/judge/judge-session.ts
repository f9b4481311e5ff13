import { type DecodedPdu, type SessionPdu, toJsonFields } from '../../analyzer/index.ts';
import { type Case, describeCase } from '../capture/cases.ts';
import type { DirectDecoding, DirectPdu } from '../run/decode-vector.ts';
import type { Failure, Judgement } from './failure.ts';
import { rulesBrokenBy } from './judge-decoding.ts';

/** Whatever the capture looks like, the session must find the very PDUs that the octets are by themselves. */
export function judgeSession(
  item: Case,
  decoding: DirectDecoding,
  pdus: readonly SessionPdu[],
  judgement: Judgement,
): void {
  const fail = (pdu: number | null, message: string, octets: Failure['octets'] = null): void => {
    const party = { kind: 'session' } as const;
    const variant = describeCase(item);
    judgement.fail({ party, variant, pdu, field: null, message, expected: null, found: null, octets });
  };
  if (pdus.length !== decoding.pdus.length) {
    fail(null, `${pdus.length} PDUs in the capture, ${decoding.pdus.length} in the octets by themselves`);
  }
  for (const [index, direct] of decoding.pdus.entries()) {
    const found = pdus[index];
    const difference = found === undefined ? undefined : differenceOf(direct, found, item);
    if (difference === undefined) continue;
    fail(index, difference, { start: direct.offset, end: direct.offset + direct.octets.length });
  }
}

function differenceOf(direct: DirectPdu, found: SessionPdu, { vector, carrier }: Case): string | undefined {
  if (found.direction !== vector.side) return `the PDU goes ${found.direction}, not ${vector.side}`;
  if (carrier.kind !== 'udp' && found.offset !== direct.offset) {
    return `the PDU begins at octet ${found.offset}, not ${direct.offset}`;
  }
  if (found.length !== direct.octets.length) {
    return `the PDU has ${found.length} octets, not ${direct.octets.length}`;
  }
  return problemDifference(direct, found) ?? contentDifference(direct, found);
}

/** What is over a limit is waited for all the same, and then the connection ends before it does. */
function problemDifference(direct: DirectPdu, found: SessionPdu): string | undefined {
  const problem = found.problem?.kind ?? null;
  if (problem === direct.problem || (direct.problem === 'limit' && problem === 'truncated')) return undefined;
  return `its problem is ${problem ?? 'none'}, not ${direct.problem ?? 'none'}`;
}

function contentDifference(direct: DirectPdu, found: SessionPdu): string | undefined {
  const rules = [...rulesBrokenBy(found)].join(' ');
  if (rules !== [...rulesBrokenBy(direct)].join(' ')) return `other rules are broken: ${rules || 'none'}`;
  return fieldsText(found.decoded) === fieldsText(direct.decoded)
    ? undefined
    : 'its fields have other values';
}

const texts = new WeakMap<DecodedPdu, string>();

function fieldsText(decoded: DecodedPdu): string {
  let text = texts.get(decoded);
  if (text === undefined) {
    text = JSON.stringify(toJsonFields(decoded, { full: true }));
    texts.set(decoded, text);
  }
  return text;
}
