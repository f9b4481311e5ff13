import type { Content, Protocol, ProtocolField, ProtocolFieldType } from '../../spec/index.ts';

/** How Wireshark must know a field of the spec. */
export interface ExpectedField {
  readonly filter: string;
  readonly label: string;
  readonly description: string;
  readonly type: string;
  /** null: Wireshark does not say which it is. */
  readonly base: string | null;
  readonly mask: bigint;
  readonly names: ReadonlyMap<bigint, string>;
  readonly unit: string;
}

/** A bit field in the octets it touches. */
interface Mask {
  readonly octets: number;
  readonly mask: bigint;
}

/** Wireshark 4.0 cuts masks to 32 bits: a field that touches more octets has none, and its value is set by hand. */
const WIDEST_MASK_OCTETS = 4;
/** A description is one line that fits a tooltip, and a name of a value no essay. */
const LONGEST_TEXT = 240;
const LONGEST_NAME = 100;

/** By the spec alone, whatever the generator made of it. */
export function expectedFields(protocol: Protocol): readonly ExpectedField[] {
  const masks = masksOf(protocol);
  return protocol.protocolFields.map((field) => expectedField(field, masks.get(field.id) ?? null, protocol));
}

function expectedField(field: ProtocolField, mask: Mask | null, protocol: Protocol): ExpectedField {
  const { filter, label, doc, type, unit } = field;
  return {
    filter,
    label: oneLine(label),
    description: oneLine(doc),
    type: typeName(type, mask),
    base: baseOf(field, mask),
    mask: mask?.mask ?? 0n,
    names: namesOf(field, protocol),
    unit: unit === '' || field.enum !== null ? '' : ` ${unit}`,
  };
}

/** Of one line, and cut where it is too long. */
function oneLine(text: string, limit = LONGEST_TEXT): string {
  const characters = [...text.replaceAll(/\s+/gu, ' ').trim()];
  return characters.length <= limit ? characters.join('') : `${characters.slice(0, limit - 1).join('')}…`;
}

/** A masked field is as wide as the octets that its mask lies in. */
function typeName(type: ProtocolFieldType, mask: Mask | null): string {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return `FT_${type.kind.toUpperCase()}${mask === null ? type.bits : mask.octets * 8}`;
    case 'float':
    case 'double':
    case 'bytes':
    case 'string':
    case 'ether':
    case 'guid':
      return `FT_${type.kind.toUpperCase()}`;
    case 'bool':
      return 'FT_BOOLEAN';
    case 'group':
      return 'FT_NONE';
    case 'ipv4':
      return 'FT_IPv4';
    case 'ipv6':
      return 'FT_IPv6';
    case 'absolute-time':
      return 'FT_ABSOLUTE_TIME';
    case 'relative-time':
      return 'FT_RELATIVE_TIME';
  }
}

const BASES: Readonly<Record<ProtocolField['display'], string>> = {
  default: 'BASE_DEC',
  dec: 'BASE_DEC',
  hex: 'BASE_HEX',
  oct: 'BASE_OCT',
  'dec-hex': 'BASE_DEC_HEX',
  'hex-dec': 'BASE_HEX_DEC',
  colon: 'BASE_DEC',
  dot: 'BASE_DEC',
  dash: 'BASE_DEC',
  none: 'BASE_DEC',
};

/** Of a boolean, the bits that its mask is in. */
function baseOf({ type, display }: ProtocolField, mask: Mask | null): string | null {
  if (type.kind === 'uint') return BASES[display];
  if (type.kind === 'int') return 'BASE_DEC';
  return type.kind === 'bool' ? `${mask === null ? 0 : mask.octets * 8}` : null;
}

/** A number that Lua does not hold exactly cannot have a name in a plugin. */
function namesOf(field: ProtocolField, { enums }: Protocol): ReadonlyMap<bigint, string> {
  const { type } = field;
  if (field.enum === null || (type.kind !== 'uint' && type.kind !== 'int')) return new Map();
  const bits = type.bits === 64 ? 64 : 32;
  const values = enums[field.enum]?.values ?? [];
  return new Map(
    values
      .filter(({ value }) => Number.isSafeInteger(Number(value)))
      .map(({ value, label }) => [BigInt.asUintN(bits, value), oneLine(label, LONGEST_NAME)]),
  );
}

function masksOf({ types }: Protocol): ReadonlyMap<number, Mask> {
  const masks = new Map<number, Mask>();
  for (const { fields } of types) {
    for (const { content } of fields) {
      const mask = maskOf(content);
      if (mask !== null && content.kind === 'bits') masks.set(content.field, mask);
    }
  }
  return masks;
}

function maskOf(content: Content): Mask | null {
  if (content.kind !== 'bits' || content.shift === null) return null;
  const { width, shift, order } = content;
  const octets = Math.ceil((shift + width) / 8);
  if (octets > WIDEST_MASK_OCTETS) return null;
  const below = order === 'be' ? octets * 8 - shift - width : shift;
  return { octets, mask: ((1n << BigInt(width)) - 1n) << BigInt(below) };
}
