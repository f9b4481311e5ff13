import { type DecodedPdu, type DecodedStruct, type OctetRange, wirePosition } from '../../analyzer/index.ts';
import {
  type Check,
  type Expr,
  type Field,
  type Instance,
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

/** The members that a rule reads, as they stand in a PDU; of a rule that our modules know by name, the PDU itself. */
export function placeOfRule(id: string, pdu: DirectPdu, protocol: Protocol): RulePlace {
  if (id === VALID_RULE) return placeOfFaults(pdu);
  const checks = protocol.types.flatMap((type) => type.checks).filter((check) => check.id === id);
  if (checks.length === 0) return { fields: [], octets: wholeOf(pdu) };
  const read = new Set(checks.flatMap((check) => [...membersRead(check, protocol)]));
  const own = placeOf(pdu.decoded, read, pdu.offset);
  // What a message consists of has been joined: its octets are those of the PDU that completes it.
  const isOfMessage = own.octets === null && pdu.message !== null;
  return isOfMessage ? { fields: [], octets: wholeOf(pdu) } : own;
}

function wholeOf({ offset, octets }: DirectPdu): OctetRange {
  return { start: offset, end: offset + octets.length };
}

function placeOfFaults({ decoded, offset }: DirectPdu): RulePlace {
  const [fault] = decoded.faults;
  if (fault === undefined) return NOWHERE;
  return { fields: [fault.path], octets: fault.range === null ? null : octetsOf(fault.range, offset) };
}

/** Fields and instances that a check's value depends on, also through value instances. */
function membersRead({ expect }: Check, protocol: Protocol): ReadonlySet<Field | Instance> {
  const found = new Set<Field | Instance>();
  const visit = (expr: Expr): void =>
    visitExpr(expr, (part) => {
      if (part.kind !== 'member') return;
      const member = memberOf(part, protocol);
      if (member === undefined || found.has(member)) return;
      found.add(member);
      if ('value' in member) visit(member.value);
    });
  visit(expect);
  return found;
}

function memberOf(
  { owner, member: { kind, index } }: Expr & { kind: 'member' },
  { types }: Protocol,
): Field | Instance | undefined {
  const type = types[owner];
  if (kind === 'field') return type?.fields[index];
  return kind === 'instance' ? type?.instances[index] : undefined;
}

/** The PDU itself is no place: a rule that reads the whole payload looks at the payload. */
function placeOf(pdu: DecodedPdu, read: ReadonlySet<unknown>, offset: number): RulePlace {
  const fields: string[] = [];
  let octets: OctetRange | null = null;
  for (const { path, range } of itemsOf(pdu.root, '', read)) {
    fields.push(path);
    const own = range === null ? null : octetsOf(range, offset);
    if (own === null) continue;
    octets =
      octets === null
        ? own
        : { start: Math.min(octets.start, own.start), end: Math.max(octets.end, own.end) };
  }
  return { fields, octets };
}

type Range = Parameters<typeof wirePosition>[0];

/** Ends as the tree of the PDU does, which the decoder has bounded. */
function* itemsOf(
  object: DecodedStruct,
  prefix: string,
  read: ReadonlySet<unknown>,
): Generator<{ readonly path: string; readonly range: Range | null }> {
  for (const { member, index, value, range } of object.items) {
    const path = prefix + member.id + (index === null ? '' : `[${index}]`);
    const isObject = typeof value === 'object' && 'items' in value;
    if (read.has(member) && !isObject) yield { path, range };
    if (isObject && range !== null) yield* itemsOf(value, `${path}.`, read);
  }
}

function octetsOf(range: Range, offset: number): OctetRange {
  const { start, length } = wirePosition(range);
  return { start: offset + Math.floor(start / 8), end: offset + Math.ceil((start + length) / 8) };
}
