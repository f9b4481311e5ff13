import type { RawRange } from '../../engines/index.ts';
import { toHex } from '../decode/index.ts';
import { isPartial } from '../session/pdu.ts';
import { canonicalText } from './canonical.ts';
import type { Difference, DifferenceKind, OctetRange } from './difference.ts';
import type { ExpectedItem, ExpectedPdu, ExpectedPlace } from './expected.ts';
import type { ObservedItem, ObservedPdu } from './observed.ts';
import type { View } from './view.ts';

/** What comparing one pair of PDUs came to. */
export interface PduComparison {
  readonly fields: number;
  readonly agreed: number;
  readonly differences: readonly Difference[];
}

/** Longer values are cut in the report; the comparison is of the whole. */
const SHOWN_CHARACTERS = 200;

/** Field by field: both have it, equal value, same octets (where the engine gives positions). */
export function comparePdu(expected: ExpectedPdu, observed: ObservedPdu, view: View): PduComparison {
  const differences: Difference[] = [];
  let fields = 0;
  const { stream, direction } = expected.pdu;
  const report: Report = (kind, field, detail) => {
    differences.push({ frame: observed.frame, stream, direction, field, kind, ...detail });
  };
  const partial = isPartial(expected.pdu);
  for (const filter of new Set([...expected.items.keys(), ...observed.items.keys()])) {
    const items = expected.items.get(filter) ?? [];
    const others = observed.items.get(filter) ?? [];
    if (partial && !isComparableAlone(items, others)) continue;
    fields += Math.max(items.length, others.length);
    compareItems(filter, items, { others, layer: observed.raw }, report);
  }
  const agreed = fields - differences.length;
  const whole = partial || !view.coversPdu ? undefined : compareWhole(expected, observed);
  if (whole !== undefined) report('range', view.layer, whole);
  return { fields, agreed, differences };
}

type Report = (kind: DifferenceKind, field: string, detail: Detail) => void;

/** Each item disagrees once at most. */
function compareItems(
  filter: string,
  items: readonly ExpectedItem[],
  { others, layer }: { others: readonly ObservedItem[]; layer: RawRange | null },
  report: Report,
): void {
  for (let index = 0; index < Math.max(items.length, others.length); index += 1) {
    const found = compareItem(items[index], others[index], layer);
    if (found !== undefined) report(found.kind, filter, found.detail);
  }
}

/** Of a PDU that is not whole, what both sides have is compared, and only what cannot have been cut itself. */
function isComparableAlone(items: readonly ExpectedItem[], others: readonly ObservedItem[]): boolean {
  const kind = items[0]?.field.type.kind;
  return others.length === items.length && kind !== 'bytes' && kind !== 'string';
}

interface Detail {
  readonly decoded: string | null;
  readonly tshark: string | null;
  readonly byteRange: OctetRange | null;
}

/** The layer must cover the PDU, no more and no less, and its octets must be the PDU's. */
function compareWhole({ pdu }: ExpectedPdu, { raw }: ObservedPdu): Detail | undefined {
  if (raw === null) return undefined;
  if (raw.length !== pdu.length) {
    const range = { start: 0, end: pdu.length };
    return { decoded: `${pdu.length} octets`, tshark: `${raw.length} octets`, byteRange: range };
  }
  if (raw.hex === null) return undefined;
  const at = firstDifference(toHex(pdu.bytes), raw.hex);
  if (at === null) return undefined;
  return { ...octetsAt(pdu.bytes, raw.hex, at), byteRange: { start: at, end: at + 1 } };
}

function compareItem(
  expected: ExpectedItem | undefined,
  observed: ObservedItem | undefined,
  layer: RawRange | null,
): { kind: DifferenceKind; detail: Detail } | undefined {
  if (expected === undefined) {
    const tshark = shorten(observed?.value ?? '');
    return { kind: 'only-tshark', detail: { decoded: null, tshark, byteRange: null } };
  }
  const { canonical, place, field } = expected;
  const byteRange = place === null ? null : { start: place.start, end: place.start + place.length };
  const decoded = shorten(canonical ?? '');
  if (observed === undefined) return { kind: 'only-decoded', detail: { decoded, tshark: null, byteRange } };
  const text = canonicalText(field.type, observed.value ?? '');
  if (canonical === undefined || text !== canonical) {
    return { kind: 'value', detail: { decoded, tshark: shorten(text ?? observed.value ?? ''), byteRange } };
  }
  const elsewhere = compareRange(place, observed.raw, layer);
  if (elsewhere === undefined) return undefined;
  return { kind: 'range', detail: { ...elsewhere, byteRange } };
}

/** undefined: same octets, or the engine gives no positions. */
function compareRange(
  place: ExpectedPlace | null,
  raw: RawRange | null,
  layer: RawRange | null,
): { decoded: string; tshark: string } | undefined {
  // Without positions for the layer there are none at all; an empty item never has one (reference: tshark -x).
  if (layer === null) return undefined;
  if (place === null || place.length === 0) {
    if (raw === null || raw.length === 0) return undefined;
    return { decoded: 'no octets', tshark: rangeText(raw.position, raw.length) };
  }
  const base = place.origin === 'derived' ? 0 : layer.position;
  const decoded = rangeText(base + place.start, place.length);
  if (raw === null) return { decoded, tshark: 'no octets' };
  const elsewhere = place.origin !== 'unknown' && raw.position !== base + place.start;
  if (elsewhere || raw.length !== place.length) {
    return { decoded, tshark: rangeText(raw.position, raw.length) };
  }
  return compareBits(place, raw) ?? compareOctets(place, raw);
}

function compareBits(place: ExpectedPlace, raw: RawRange): { decoded: string; tshark: string } | undefined {
  if (raw.bitmask === 0n) return undefined;
  const below = BigInt(place.length * 8 - place.bitStart - place.bitLength);
  const mask = ((1n << BigInt(place.bitLength)) - 1n) << below;
  if (mask === raw.bitmask) return undefined;
  return { decoded: `mask 0x${mask.toString(16)}`, tshark: `mask 0x${raw.bitmask.toString(16)}` };
}

function compareOctets(place: ExpectedPlace, raw: RawRange): { decoded: string; tshark: string } | undefined {
  if (raw.hex === null) return undefined;
  const at = firstDifference(toHex(place.bytes), raw.hex);
  return at === null ? undefined : octetsAt(place.bytes, raw.hex, at);
}

function octetsAt(bytes: Uint8Array, hex: string, at: number): { decoded: string; tshark: string } {
  return {
    decoded: `octet ${at}: ${toHex(bytes.subarray(at, at + 1)) || 'none'}`,
    tshark: `octet ${at}: ${hex.slice(at * 2, at * 2 + 2) || 'none'}`,
  };
}

/** Index of the first octet in which two hex texts differ; null: equal. */
function firstDifference(a: string, b: string): number | null {
  if (a === b) return null;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) if (a[index] !== b[index]) return index >> 1;
  return length >> 1;
}

function rangeText(position: number, length: number): string {
  return `octets ${position}+${length}`;
}

function shorten(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}…`;
}
