import type { SessionMessage } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { DirectDecoding, DirectPdu } from '../run/decode-vector.ts';
import { type Expectation, VALID_RULE, type Vector } from '../suite/suite.ts';
import { rulesOfHandshake } from '../suite/rules.ts';
import { ABOUT_NOTHING, type Failure, type Judgement } from './failure.ts';
import { placeOfComputed, placeOfRule, wholePdu } from './rule-place.ts';
import { valueText, wantedText } from './texts.ts';
import { fitsValue, isList, valueAt } from './values.ts';
import { firstDifference, narrowed, wireOctets } from './wire-octets.ts';

/** What a failure of our own decoder has in common. */
const DECODER = { party: { kind: 'decoder' }, variant: null } as const;
const PLAIN = { ...ABOUT_NOTHING, ...DECODER };

/** A vector with what our decoder makes of it, without any capture. */
export interface Decoded {
  readonly vector: Vector;
  readonly decoding: DirectDecoding;
  readonly protocol: Protocol;
}

/** Holds what our decoder makes of a vector against what the tests file says. */
export function judgeDecoding(decoded: Decoded, judgement: Judgement): void {
  const { vector, decoding } = decoded;
  judgeWritten(vector, judgement);
  judgeCount(vector, decoding, judgement);
  for (const [index, pdu] of decoding.pdus.entries()) {
    for (const expectation of vector.expect?.[index] ?? []) {
      judgeExpectation(expectation, { pdu, index, protocol: decoded.protocol }, judgement);
    }
  }
  judgeMessages(decoded, judgement);
  judgeFindings(decoded, judgement);
  judgeProblem(vector, decoding, judgement);
  judgeInfo(vector, decoding, judgement);
}

function judgeWritten({ unwritable }: Vector, judgement: Judgement): void {
  for (const { line, column, field, message: why } of unwritable) {
    const who = field === null ? 'it' : field;
    const message = `a frame cannot be written (line ${line}, column ${column}): ${who} ${why}`;
    judgement.fail({ ...PLAIN, field, message });
  }
}

function judgeCount({ expect, parts }: Vector, decoding: DirectDecoding, judgement: Judgement): void {
  const found = decoding.pdus.length;
  if (expect !== null && expect.length !== found) {
    const message = `${count(found, 'PDU')} where ${expect.length} ${expect.length === 1 ? 'is' : 'are'} expected`;
    const place = { ...whole(decoding), field: 'PDUs' };
    judgement.fail({ ...PLAIN, ...place, message, expected: `${expect.length}`, found: `${found}` });
  }
  if (decoding.leftOver === 0) return;
  const end = parts.reduce((sum, { octets }) => sum + octets.length, 0);
  const octets = { start: end - decoding.leftOver, end };
  judgement.fail({ ...PLAIN, message: `${count(decoding.leftOver, 'octet')} left over at the end`, octets });
}

interface PlacedPdu {
  readonly pdu: DirectPdu;
  readonly index: number;
  readonly protocol: Protocol;
}

function judgeExpectation(
  expectation: Expectation,
  { pdu, index, protocol }: PlacedPdu,
  judgement: Judgement,
): void {
  const { path, steps, wanted } = expectation;
  const value = valueAt(pdu.decoded, steps);
  const expected = wantedText(expectation);
  const found = valueText(value, wanted.kind === 'literal' && wanted.quoted);
  judgement.observe({ pdu: index, field: path, source: 'expected', text: expected });
  judgement.observe({ pdu: index, field: path, source: 'decoder', text: found });
  if (isAsWanted(expectation, value)) return;
  const message = `${path} is ${found}, expected ${expected}`;
  const own = wireOctets(pdu, path) ?? placeOfComputed(path, pdu, protocol) ?? wholePdu(pdu);
  const octets = narrowed(own, firstDifference(wanted, value));
  judgement.fail({
    ...DECODER,
    pdu: index,
    field: path,
    message,
    expected,
    found,
    octets,
    side: pdu.side,
  });
}

function isAsWanted({ wanted, enums }: Expectation, value: ReturnType<typeof valueAt>): boolean {
  switch (wanted.kind) {
    case 'absent':
      return value === undefined;
    case 'count':
      return isList(value) && value.length === wanted.count;
    case 'literal':
      return fitsValue(value, wanted, enums);
  }
}

/** Messages are shown under the PDU that completes them, and so are failures. */
function judgeMessages({ vector, decoding }: Decoded, judgement: Judgement): void {
  if (vector.messages === null) return;
  const found = decoding.pdus.flatMap((pdu, index) =>
    pdu.message === null ? [] : [{ pdu, index, message: pdu.message }],
  );
  if (found.length !== vector.messages.length) {
    const [expected, seen] = [`${vector.messages.length}`, `${found.length}`];
    const message = `${count(found.length, 'message')} where ${expected} ${expected === '1' ? 'is' : 'are'} expected`;
    judgement.fail({ ...PLAIN, ...whole(decoding), field: 'messages', message, expected, found: seen });
  }
  for (const [index, expectations] of vector.messages.entries()) {
    const place = found[index];
    if (place === undefined) continue;
    for (const expectation of expectations) judgeMessage(expectation, place, judgement);
  }
}

interface CompletedMessage {
  readonly pdu: DirectPdu;
  readonly index: number;
  readonly message: SessionMessage;
}

function judgeMessage(
  expectation: Expectation,
  { pdu, index, message: { decoded, incomplete } }: CompletedMessage,
  judgement: Judgement,
): void {
  const value = decoded === null ? undefined : valueAt(decoded, expectation.steps);
  if (isAsWanted(expectation, value)) return;
  const { path, wanted } = expectation;
  const expected = wantedText(expectation);
  const found = valueText(value, wanted.kind === 'literal' && wanted.quoted);
  const why = incomplete === null ? '' : `: ${incomplete}`;
  judgement.fail({
    ...DECODER,
    pdu: index,
    field: `message.${path}`,
    message: `${path} of the message that ends here is ${found}${why}, expected ${expected}`,
    expected,
    found,
    octets: wholePdu(pdu),
    side: pdu.side,
  });
}

type BrokenBy = Pick<DirectPdu, 'decoded' | 'message'>;

/** Rules of the spec that a PDU, or the message that it completes, breaks, and `VALID` for values that may not be. */
export function rulesBrokenBy({ decoded, message }: BrokenBy): ReadonlySet<string> {
  const breaches = [...decoded.breaches, ...(message?.breaches ?? [])];
  const rules = new Set(breaches.map(({ check }) => check.id));
  for (const { id } of message?.ruleBreaches ?? []) rules.add(id);
  if (decoded.faults.length > 0 || (message?.decoded?.faults.length ?? 0) > 0) rules.add(VALID_RULE);
  return rules;
}

/** Rules of the handshake need a capture: our session and the engines are held to them. */
function judgeFindings(decoded: Decoded, judgement: Judgement): void {
  const { vector, decoding, protocol } = decoded;
  const elsewhere = rulesOfHandshake(protocol);
  const expected = new Set([...vector.findings].filter((rule) => !elsewhere.has(rule)));
  const found = new Set(decoding.pdus.flatMap((pdu) => [...rulesBrokenBy(pdu)]));
  for (const failure of compareRules(expected, found)) {
    judgement.fail({ ...PLAIN, ...failure, ...placeIn(failure, decoded) });
  }
}

/** Of a rule that is broken and should not be, the PDU that breaks it; of one that is not, the last that it looks at. */
function placeIn(
  { expected, found }: Pick<Failure, 'expected' | 'found'>,
  { decoding: { pdus }, protocol }: Decoded,
): Pick<Failure, 'pdu' | 'field' | 'octets' | 'side'> {
  const rule = found ?? expected ?? '';
  const places = pdus
    .map((pdu, index) => ({ pdu, index, place: placeOfRule(rule, pdu, protocol) }))
    .filter(({ pdu, place }) => (found === null ? place.octets !== null : rulesBrokenBy(pdu).has(rule)));
  const chosen = found === null ? places.at(-1) : places[0];
  if (chosen === undefined) return { pdu: null, field: null, octets: null, side: null };
  const { pdu, index, place } = chosen;
  return { pdu: index, field: place.fields[0] ?? null, octets: place.octets, side: pdu.side };
}

export type RuleFailure = Required<Pick<Failure, 'rule' | 'message' | 'expected' | 'found'>>;

/** One failure for each rule that only one side has. */
export function compareRules(expected: ReadonlySet<string>, found: ReadonlySet<string>): RuleFailure[] {
  const failures: RuleFailure[] = [];
  for (const rule of expected) {
    if (found.has(rule)) continue;
    failures.push({ rule, message: `the rule ${rule} is not reported`, expected: rule, found: null });
  }
  for (const rule of found) {
    if (expected.has(rule)) continue;
    const message = `the rule ${rule} is reported, and not expected`;
    failures.push({ rule, message, expected: null, found: rule });
  }
  return failures;
}

function judgeProblem({ problem }: Vector, { pdus }: DirectDecoding, judgement: Judgement): void {
  const last = pdus.findLast((pdu) => pdu.problem !== null);
  const found = last?.problem ?? null;
  if (found === problem) return;
  const expected = problem ?? 'none';
  const what = last === undefined ? 'no problem' : `the problem "${found ?? ''}" (${last.problemText})`;
  const octets = last === undefined ? whole({ pdus }).octets : wholePdu(last);
  const message = `${what}, expected ${problem === null ? 'none' : `"${problem}"`}`;
  const side = last?.side ?? null;
  judgement.fail({ ...PLAIN, field: 'problem', message, expected, found: found ?? 'none', octets, side });
}

/** How the plugin joins the texts of the PDUs of one packet. */
export function joinInfo(texts: readonly string[]): string {
  return texts.join(', ');
}

/** All octets of the first side that has any. */
function whole({ pdus }: Pick<DirectDecoding, 'pdus'>): Pick<Failure, 'octets' | 'side'> {
  const side = pdus[0]?.side ?? null;
  const own = pdus.filter((pdu) => pdu.side === side);
  const [first, last] = [own[0], own.at(-1)];
  if (first === undefined || last === undefined) return { octets: null, side };
  return { octets: { start: first.offset, end: wholePdu(last).end }, side };
}

function judgeInfo({ info }: Vector, { pdus }: DirectDecoding, judgement: Judgement): void {
  if (info === null) return;
  const found = joinInfo(pdus.filter(({ problem }) => problem !== 'truncated').map((pdu) => pdu.info));
  if (found === info) return;
  const message = `Info is "${found}", expected "${info}"`;
  judgement.fail({ ...PLAIN, ...whole({ pdus }), field: 'Info', message, expected: info, found });
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
