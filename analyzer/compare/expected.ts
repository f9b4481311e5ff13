import type { ProtocolField } from '../../spec/index.ts';
import { type BitRange, type Leaf, leaves, toHex, type Value } from '../decode/index.ts';
import type { SessionPdu } from '../session/pdu.ts';
import { type Canonical, canonicalString } from './canonical.ts';
import type { FieldPlan } from './field-plan.ts';

/** One field of a decoded PDU, ready to be met by an engine's. */
export interface ExpectedItem {
  readonly field: ProtocolField;
  readonly canonical: Canonical;
  /** null: computed, no octets of its own. */
  readonly place: ExpectedPlace | null;
}

/** The smallest range of octets that covers the field's bits. */
export interface ExpectedPlace {
  readonly start: number;
  readonly length: number;
  /** Bits of the range, counted from its top bit; the whole range for most fields. */
  readonly bitStart: number;
  readonly bitLength: number;
  /** Where an engine counts its position from; `unknown`: only its length and octets can be compared. */
  readonly origin: 'pdu' | 'derived' | 'unknown';
  readonly bytes: Uint8Array;
}

export interface ExpectedPdu {
  readonly pdu: SessionPdu;
  /** By display filter name, each list in tree order. */
  readonly items: ReadonlyMap<string, readonly ExpectedItem[]>;
}

export function expectPdu(pdu: SessionPdu, plan: FieldPlan): ExpectedPdu {
  const items = new Map<string, ExpectedItem[]>();
  const add = (item: ExpectedItem): void => {
    const list = items.get(item.field.filter);
    if (list === undefined) items.set(item.field.filter, [item]);
    else list.push(item);
  };
  for (const leaf of leaves(pdu.decoded)) addLeaf(leaf, plan, add);
  const { message } = pdu;
  // A message is shown under the PDU that completes it, from a buffer of its own.
  if (message !== null && message.decoded !== null) {
    for (const leaf of leaves(message.decoded)) {
      addLeaf(leaf, plan, (item) => add({ ...item, place: ofBuffer(item.place) }));
    }
  }
  for (const field of expertsOf(pdu, plan)) add({ field, canonical: '', place: null });
  return { pdu, items };
}

function addLeaf(leaf: Leaf, plan: FieldPlan, add: (item: ExpectedItem) => void): void {
  const field = plan.fields[leaf.field];
  if (leaf.group || field === undefined || field.type.kind === 'group') return;
  add(expectItem(leaf, field));
}

function ofBuffer(place: ExpectedPlace | null): ExpectedPlace | null {
  return place === null ? null : { ...place, origin: 'derived' };
}

/** Expert infos of the rules that the PDU, or the message that it completes, breaks. */
function expertsOf({ decoded, message }: SessionPdu, plan: FieldPlan): ProtocolField[] {
  const broken = [...decoded.breaches, ...(message?.breaches ?? [])].map(({ check }) => check.id);
  const named = (message?.ruleBreaches ?? []).map(({ id }) => id);
  return [...broken, ...named].flatMap((id) => plan.experts.get(id) ?? []);
}

function expectItem(leaf: Leaf, field: ProtocolField): ExpectedItem {
  const place = leaf.range === null ? null : placeOf(leaf.range);
  return { field, canonical: canonicalValue(leaf.value, field, place), place };
}

function placeOf(range: BitRange): ExpectedPlace {
  const start = Math.floor(range.start / 8);
  const end = Math.ceil((range.start + range.length) / 8);
  return {
    start,
    length: end - start,
    bitStart: range.start - start * 8,
    bitLength: range.length,
    origin: range.source.derived === null ? 'pdu' : 'derived',
    bytes: range.source.bytes.subarray(start, end),
  };
}

/** The decoder's value in the form that tshark's text is brought into. */
function canonicalValue(value: Value, field: ProtocolField, place: ExpectedPlace | null): Canonical {
  const { kind } = field.type;
  switch (kind) {
    case 'ipv4':
      return place === null ? undefined : [...place.bytes].join('.');
    case 'ipv6':
    case 'ether':
    case 'guid':
      return place === null ? undefined : toHex(place.bytes);
    case 'absolute-time':
    case 'relative-time':
      return timeOf(value, field.unit);
    case 'float':
      return typeof value === 'number' ? floatText(value, 6) : undefined;
    case 'double':
      return typeof value === 'number' ? floatText(value, 15) : undefined;
    case 'group':
    case 'uint':
    case 'int':
    case 'bool':
    case 'bytes':
    case 'string':
      return plainValue(value);
  }
}

function plainValue(value: Value): Canonical {
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (typeof value === 'number' || typeof value === 'bigint') return value.toString();
  if (typeof value === 'string') return canonicalString(value);
  return value instanceof Uint8Array ? toHex(value) : undefined;
}

function floatText(value: number, digits: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  const rounded = Number(value.toPrecision(digits));
  return rounded === 0 ? '0' : String(rounded);
}

const NANOSECONDS: Readonly<Record<string, bigint>> = {
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1000n,
  µs: 1000n,
  ns: 1n,
};

/** Nanoseconds; the field's unit says what the integer counts, seconds when it has none. */
function timeOf(value: Value, unit: string): Canonical {
  if (typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const scale = NANOSECONDS[unit === '' ? 's' : unit];
  return scale === undefined ? undefined : (BigInt(value) * scale).toString();
}
