import { leaves, type SessionPdu, toHex, type Value } from '../../analyzer/index.ts';
import { type Case, describeCase } from '../capture/cases.ts';
import type { DirectDecoding, DirectPdu } from '../run/decode-vector.ts';
import { ABOUT_NOTHING, type Failure, type Judgement } from './failure.ts';
import { rulesBrokenBy } from './judge-decoding.ts';
import { ABSENT, valueText } from './texts.ts';
import { isList } from './values.ts';
import { wireOctets } from './wire-octets.ts';

/** What is wrong with one PDU, without who and how. */
type Wrong = Pick<Failure, 'message'> & Partial<Pick<Failure, 'field' | 'expected' | 'found' | 'octets'>>;

/** Whatever the capture looks like, the session must find the very PDUs that the octets are by themselves. */
export function judgeSession(
  item: Case,
  decoding: DirectDecoding,
  pdus: readonly SessionPdu[],
  judgement: Judgement,
): void {
  const fail = (pdu: number | null, wrong: Wrong): void => {
    const party = { kind: 'session' } as const;
    const variant = describeCase(item);
    const side = pdu === null ? null : (decoding.pdus[pdu]?.side ?? null);
    judgement.fail({ ...ABOUT_NOTHING, ...wrong, party, variant, pdu, side });
  };
  if (pdus.length !== decoding.pdus.length) {
    const message = `${pdus.length} PDUs in the capture, ${decoding.pdus.length} in the octets by themselves`;
    fail(null, { message });
  }
  for (const [index, direct] of decoding.pdus.entries()) {
    const found = pdus[index];
    const wrong = found === undefined ? undefined : differenceOf(direct, found, item);
    if (wrong === undefined) continue;
    fail(index, { octets: { start: direct.offset, end: direct.offset + direct.octets.length }, ...wrong });
  }
}

function differenceOf(direct: DirectPdu, found: SessionPdu, { carrier }: Case): Wrong | undefined {
  const { side, offset, octets } = direct;
  if (found.direction !== side) return { message: `the PDU goes ${found.direction}, not ${side}` };
  if (carrier.kind !== 'udp' && found.offset !== offset) {
    return { message: `the PDU begins at octet ${found.offset}, not ${offset}` };
  }
  if (found.length !== octets.length) {
    return { message: `the PDU has ${found.length} octets, not ${octets.length}` };
  }
  return problemDifference(direct, found) ?? contentDifference(direct, found);
}

/** What is over a limit is waited for all the same, and then the connection ends before it does. */
function problemDifference(direct: DirectPdu, found: SessionPdu): Wrong | undefined {
  const problem = found.problem?.kind ?? null;
  if (problem === direct.problem || (direct.problem === 'limit' && problem === 'truncated')) return undefined;
  return { message: `its problem is ${problem ?? 'none'}, not ${direct.problem ?? 'none'}` };
}

function contentDifference(direct: DirectPdu, found: SessionPdu): Wrong | undefined {
  const rules = [...rulesBrokenBy(found)].join(' ');
  if (rules !== [...rulesBrokenBy(direct)].join(' '))
    return { message: `other rules are broken: ${rules || 'none'}` };
  return fieldDifference(shownOf(direct), shownOf(found), direct);
}

type Shown = ReadonlyMap<string, Value>;

/** Values by path; of the message that the PDU completes, below `message.`. */
function shownOf({ decoded, message }: Pick<DirectPdu, 'decoded' | 'message'>): Shown {
  const shown = new Map<string, Value>();
  for (const { path, value, group } of leaves(decoded)) if (!group) shown.set(path, value);
  const ofMessage = message?.decoded;
  if (ofMessage === null || ofMessage === undefined) return shown;
  for (const { path, value, group } of leaves(ofMessage)) if (!group) shown.set(`message.${path}`, value);
  return shown;
}

function fieldDifference(expected: Shown, found: Shown, direct: DirectPdu): Wrong | undefined {
  for (const path of new Set([...expected.keys(), ...found.keys()])) {
    const [own, other] = [expected.get(path), found.get(path)];
    if (sameValue(own, other)) continue;
    const [wanted, seen] = [
      expected.has(path) ? valueText(own) : ABSENT,
      found.has(path) ? valueText(other) : ABSENT,
    ];
    const message = `${path} is ${seen}, by itself ${wanted}`;
    const octets = wireOctets(direct, path);
    const wrong = { message, field: path, expected: wanted, found: seen };
    return octets === null ? wrong : { ...wrong, octets };
  }
  return undefined;
}

function sameValue(a: Value, b: Value): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return toHex(a) === toHex(b);
  if (isList(a) && isList(b)) return a.length === b.length;
  return Object.is(a, b);
}
