import { type DecodedStruct, type OctetRange, type Value, wirePosition } from '../../analyzer/index.ts';
import {
  type Check,
  type Expr,
  type Field,
  type Instance,
  type Param,
  type Protocol,
  visitExpr,
} from '../../spec/index.ts';
import type { DirectPdu } from '../run/decode-vector.ts';
import { VALID_RULE } from '../suite/suite.ts';

/** Where in a PDU a rule looks. */
export interface RulePlace {
  /** Paths of the members, the first in reading order first. */
  readonly fields: readonly string[];
  /** Octets that cover them, counted in what the PDU's side sends; null: the rule looks at no octets of this PDU. */
  readonly octets: OctetRange | null;
}

const NOWHERE: RulePlace = { fields: [], octets: null };

/** The members that a rule reads, as they stand in a PDU; of what has no octets of its own, the PDU itself. */
export function placeOfRule(id: string, pdu: DirectPdu, protocol: Protocol): RulePlace {
  if (id === VALID_RULE) return placeOfFaults(pdu);
  const checks = protocol.types.flatMap((type) => type.checks).filter((check) => check.id === id);
  // What our modules know by name is about messages.
  if (checks.length === 0) return { fields: ['message'], octets: wholePdu(pdu) };
  const read = new Set(checks.flatMap((check) => [...membersOf(check.expect, protocol)]));
  const own = placeOf(pdu, read);
  if (own.fields.length > 0) return { ...own, octets: own.octets ?? wholePdu(pdu) };
  return placeOfObjects(checks, pdu, protocol);
}

/**
 * Octets that the value of a computed member comes from; null: no such member. A param and what depends on nothing
 * else are about the whole PDU.
 */
export function placeOfComputed(path: string, pdu: DirectPdu, protocol: Protocol): OctetRange | null {
  for (const { member, path: found, range } of itemsOf(pdu.decoded.root, '')) {
    if (found !== path) continue;
    if (range !== null) return octetsOf(range, pdu.offset);
    if (!('value' in member)) return wholePdu(pdu);
    return placeOf(pdu, membersOf(member.value, protocol)).octets ?? wholePdu(pdu);
  }
  return null;
}

/** A rule that reads no member looks at the object it stands in: at its size, for instance. */
function placeOfObjects(checks: readonly Check[], pdu: DirectPdu, protocol: Protocol): RulePlace {
  const types = new Set(protocol.types.filter((type) => type.checks.some((check) => checks.includes(check))));
  for (const { value, path, range } of itemsOf(pdu.decoded.root, '')) {
    if (typeof value !== 'object' || !('items' in value) || !types.has(value.type)) continue;
    return { fields: [path], octets: range === null ? wholePdu(pdu) : octetsOf(range, pdu.offset) };
  }
  const isOfPdu = types.has(pdu.decoded.root.type) || pdu.message !== null;
  return isOfPdu ? { fields: [pdu.message === null ? 'PDU' : 'message'], octets: wholePdu(pdu) } : NOWHERE;
}

/** The PDU's own octets, in what its side sends. */
export function wholePdu({ offset, octets }: DirectPdu): OctetRange {
  return { start: offset, end: offset + octets.length };
}

function placeOfFaults({ decoded, offset }: DirectPdu): RulePlace {
  const [fault] = decoded.faults;
  if (fault === undefined) return NOWHERE;
  return { fields: [fault.path], octets: fault.range === null ? null : octetsOf(fault.range, offset) };
}

type Member = Field | Instance | Param;

/** Members that a value depends on, also through value instances. */
function membersOf(of: Expr, protocol: Protocol): ReadonlySet<Member> {
  const found = new Set<Member>();
  const visit = (expr: Expr): void =>
    visitExpr(expr, (part) => {
      if (part.kind !== 'member') return;
      const member = memberOf(part, protocol);
      if (member === undefined || found.has(member)) return;
      found.add(member);
      if ('value' in member) visit(member.value);
    });
  visit(of);
  return found;
}

function memberOf(
  { owner, member: { kind, index } }: Expr & { kind: 'member' },
  { types }: Protocol,
): Member | undefined {
  const type = types[owner];
  switch (kind) {
    case 'field':
      return type?.fields[index];
    case 'instance':
      return type?.instances[index];
    case 'param':
      return type?.params[index];
  }
}

/** What has octets comes first: that is where somebody will look. */
function placeOf({ decoded, offset }: DirectPdu, read: ReadonlySet<Member>): RulePlace {
  const [fields, computed]: [string[], string[]] = [[], []];
  let octets: OctetRange | null = null;
  for (const { member, path, range, value } of itemsOf(decoded.root, '')) {
    const isObject = typeof value === 'object' && 'items' in value;
    if (isObject || !read.has(member)) continue;
    const own = range === null ? null : octetsOf(range, offset);
    (own === null ? computed : fields).push(path);
    if (own !== null) octets = octets === null ? own : cover(octets, own);
  }
  return { fields: [...fields, ...computed], octets };
}

function cover(a: OctetRange, b: OctetRange): OctetRange {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}

type Range = Parameters<typeof wirePosition>[0];

interface PlacedItem {
  readonly member: Member;
  readonly path: string;
  readonly value: Value;
  readonly range: Range | null;
}

/** Ends as the tree of the PDU does, which the decoder has bounded. */
function* itemsOf(object: DecodedStruct, prefix: string): Generator<PlacedItem> {
  for (const { member, index, value, range } of object.items) {
    const path = prefix + member.id + (index === null ? '' : `[${index}]`);
    yield { member, path, value, range };
    const isObject = typeof value === 'object' && 'items' in value;
    if (isObject && range !== null) yield* itemsOf(value, `${path}.`);
  }
}

function octetsOf(range: Range, offset: number): OctetRange {
  const { start, length } = wirePosition(range);
  return { start: offset + Math.floor(start / 8), end: offset + Math.ceil((start + length) / 8) };
}
