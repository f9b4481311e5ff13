import type { FilterAlias, Protocol, ProtocolField } from '../../spec/index.ts';
import type { AliasedField, BitRange, Decoder } from '../decode/index.ts';
import { toHex } from '../decode/index.ts';
import type { SessionPdu } from '../session/pdu.ts';
import { type Canonical, canonicalString } from './canonical.ts';
import type { Diagnosis, Difference } from './difference.ts';
import type { ExpectedItem, ExpectedPdu, ExpectedPlace } from './expected.ts';
import type { View } from './view.ts';

/** What is known of a built-in dissector's ways, beside the aliases of the spec. */
export interface BuiltinDefects {
  explain(pdu: SessionPdu, difference: Difference): Diagnosis | null;
  derails(pdu: SessionPdu): Diagnosis | null;
}

const NO_DEFECTS: BuiltinDefects = { explain: () => null, derails: () => null };

/**
 * Wireshark's own dissector, compared through the aliases of the spec: each says which of the built-in's fields has the
 * same octets. undefined: the spec names no built-in.
 */
export function builtinView(
  protocol: Protocol,
  decoder: Decoder,
  defects: BuiltinDefects = NO_DEFECTS,
): View | undefined {
  const { replaces } = protocol;
  if (replaces === null) return undefined;
  const aliases = aliasesOf(protocol).filter(isComparable);
  const byFilter = new Map(aliases.map((alias, id) => [alias.filter, asField(alias, id)]));
  const plan = {
    protocol: replaces.dissector,
    fields: [...byFilter.values()],
    byFilter,
    names: new Set(byFilter.keys()),
    experts: new Map<string, ProtocolField>(),
    ofState: new Set<string>(),
  };
  return {
    layer: replaces.dissector,
    plan,
    coversPdu: false,
    expect: (_connection, pdu) => expectAliases(pdu, aliasesOfPdu(pdu, decoder), byFilter),
    explain: (pdu, difference) => defects.explain(pdu, difference),
    derails: (pdu) => defects.derails(pdu),
  };
}

/**
 * The same names below the layer of our own plugin, which goes on having them: of every member and of every whole
 * message, joined and inflated or not, and nothing excuses a difference. undefined: the spec names no built-in.
 */
export function aliasView(protocol: Protocol, decoder: Decoder): View | undefined {
  const view = builtinView(protocol, decoder);
  if (view === undefined) return undefined;
  const expect: View['expect'] = (_connection, pdu) =>
    expectAliases(pdu, allAliasesOf(pdu, decoder), view.plan.byFilter);
  return { ...view, expect };
}

/** How often each name stands below a PDU, also of those whose type depends on Wireshark's version. */
export function countAliases(pdu: SessionPdu, decoder: Decoder): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { alias, range } of allAliasesOf(pdu, decoder)) {
    if (range !== null) counts.set(alias.filter, (counts.get(alias.filter) ?? 0) + 1);
  }
  return counts;
}

type PlacedAlias = AliasedField & { readonly ofMessage: boolean };

/** A message that is one frame, sent as it is, is the same for both; others are judged by the built-in's own ways. */
function aliasesOfPdu({ decoded, message }: SessionPdu, decoder: Decoder): readonly PlacedAlias[] {
  const own = decoder.aliases(decoded).map((alias) => ({ ...alias, ofMessage: false }));
  if (message === null || message.decoded === null || message.processed || message.parts.length > 1)
    return own;
  return [...own, ...decoder.aliases(message.decoded).map((alias) => ({ ...alias, ofMessage: true }))];
}

function allAliasesOf({ decoded, message }: SessionPdu, decoder: Decoder): readonly PlacedAlias[] {
  const own = decoder.aliases(decoded).map((alias) => ({ ...alias, ofMessage: false }));
  const joined = message?.decoded ?? null;
  if (joined === null) return own;
  return [...own, ...decoder.aliases(joined).map((alias) => ({ ...alias, ofMessage: true }))];
}

function aliasesOf(protocol: Protocol): FilterAlias[] {
  return protocol.types.flatMap((type) =>
    [...type.fields, ...type.instances].flatMap(({ aliases }) => aliases),
  );
}

/** A field that has a value in every version; an FT_NONE of some versions only groups others. */
function isComparable({ types }: FilterAlias): boolean {
  return types.every(({ type }) => type.kind === types[0]?.type.kind && type.kind !== 'group');
}

function asField(alias: FilterAlias, id: number): ProtocolField {
  const type = alias.types[0]?.type ?? { kind: 'group' };
  return {
    id,
    filter: alias.filter,
    label: alias.label,
    doc: '',
    type,
    display: 'default',
    unit: '',
    enum: null,
  };
}

function expectAliases(
  pdu: SessionPdu,
  aliases: readonly PlacedAlias[],
  byFilter: ReadonlyMap<string, ProtocolField>,
): ExpectedPdu {
  const items = new Map<string, ExpectedItem[]>();
  for (const { alias, range, ofMessage } of aliases) {
    const field = byFilter.get(alias.filter);
    if (field === undefined || range === null) continue;
    const found = placeOf(range, alias.mask);
    // Where in the frame a message's octets lie, the message does not know.
    const place = ofMessage ? { ...found, origin: 'unknown' as const } : found;
    const item = { field, canonical: valueOf(field, place, alias.mask), place };
    items.set(alias.filter, [...(items.get(alias.filter) ?? []), item]);
  }
  return { pdu, items };
}

/** The octets that cover the member, and in them the bits of the built-in's mask. */
function placeOf({ source, start, length }: BitRange, mask: number): ExpectedPlace {
  const first = Math.floor(start / 8);
  const end = Math.ceil((start + length) / 8);
  const width = (end - first) * 8;
  const bits = mask === 0 ? { bitStart: 0, bitLength: width } : bitsOf(mask, width);
  const bytes = source.bytes.subarray(first, end);
  // The built-in unmasks into a buffer of its own only where there is a key.
  const origin = source.derived === null ? 'pdu' : 'unknown';
  return { start: first, length: end - first, ...bits, origin, bytes };
}

function bitsOf(mask: number, width: number): { bitStart: number; bitLength: number } {
  const below = Math.log2(mask & -mask);
  const bitLength = Math.log2(mask / 2 ** below + 1);
  return { bitStart: width - below - bitLength, bitLength };
}

function valueOf(field: ProtocolField, place: ExpectedPlace, mask: number): Canonical {
  const { kind } = field.type;
  if (kind === 'bytes') return toHex(place.bytes);
  if (kind === 'string') {
    return canonicalString(new TextDecoder('utf-8', { ignoreBOM: true }).decode(place.bytes));
  }
  return NUMBERS.has(kind) ? numberOf(place, mask) : undefined;
}

const NUMBERS: ReadonlySet<string> = new Set(['uint', 'int', 'bool']);

/** Built-in dissectors read network order. */
function numberOf(place: ExpectedPlace, mask: number): Canonical {
  if (place.bytes.length === 0) return undefined;
  const whole = BigInt(`0x${toHex(place.bytes)}`);
  if (mask === 0) return whole.toString();
  const below = BigInt(place.length * 8 - place.bitStart - place.bitLength);
  return ((whole & BigInt(mask)) >> below).toString();
}
