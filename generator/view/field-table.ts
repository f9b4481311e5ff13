import type { Content, Field, Protocol, ProtocolField } from '../../spec/index.ts';
import { luaString, oneLine } from '../lua/lua-text.ts';
import type { Plan } from '../plan/plan.ts';

/** A ProtoField: what Wireshark knows by a display filter name. */
export interface FieldEntry {
  readonly key: string;
  readonly kind: string;
  readonly arguments: string;
}

/** A bit field that Wireshark can cut out of its octets itself. */
export interface Mask {
  readonly octets: number;
  readonly mask: number;
}

/** Wireshark 4.0 cuts masks to 32 bits without a word. */
const WIDEST_MASK_OCTETS = 4;

export function fieldEntries(plan: Plan): readonly FieldEntry[] {
  const masks = fieldMasks(plan.protocol);
  return plan.protocol.protocolFields.map((field) => ({
    key: plan.names.field(field.id),
    ...protoField(plan, field, masks.get(field.id) ?? null),
  }));
}

/** By protocol field: its mask, when every content shown by it lies the same way. */
export function fieldMasks(protocol: Protocol): ReadonlyMap<number, Mask> {
  const masks = new Map<number, Mask | null>();
  for (const type of protocol.types) {
    for (const field of type.fields) {
      for (const content of bitContents(field.content)) {
        const mask = maskOf(field, content);
        const known = masks.get(content.field);
        masks.set(content.field, known === undefined || sameMask(known, mask) ? mask : null);
      }
    }
  }
  return new Map([...masks].flatMap(([id, mask]) => (mask === null ? [] : [[id, mask]])));
}

function bitContents(content: Content): readonly (Content & { readonly kind: 'bits' })[] {
  return content.kind === 'bits' ? [content] : [];
}

function maskOf(field: Field, content: Content & { readonly kind: 'bits' }): Mask | null {
  if (content.shift === null || field.repeat.kind !== 'once' || field.when !== null) return null;
  const octets = Math.ceil((content.shift + content.width) / 8);
  if (octets > WIDEST_MASK_OCTETS) return null;
  const ones = 2 ** content.width - 1;
  const below = content.order === 'be' ? octets * 8 - content.shift - content.width : content.shift;
  return { octets, mask: ones * 2 ** below };
}

function sameMask(left: Mask | null, right: Mask | null): boolean {
  return left?.mask === right?.mask && left?.octets === right?.octets;
}

function protoField(plan: Plan, field: ProtocolField, mask: Mask | null): Omit<FieldEntry, 'key'> {
  const constructor = constructorOf(plan, field, mask);
  const description = field.doc === '' ? 'nil' : luaString(oneLine(field.doc));
  const args = [luaString(field.filter), luaString(oneLine(field.label)), ...constructor.middle, description];
  return { kind: constructor.name, arguments: withoutTrailingNils(args).join(', ') };
}

interface Constructor {
  readonly name: string;
  /** Arguments between the label and the description. */
  readonly middle: readonly string[];
}

function constructorOf(plan: Plan, field: ProtocolField, mask: Mask | null): Constructor {
  const type = field.type;
  switch (type.kind) {
    case 'uint':
    case 'int':
      return {
        name: `${type.kind}${String(maskedBits(mask) ?? type.bits)}`,
        middle: [...integerDisplay(plan, field), maskText(mask)],
      };
    case 'bool':
      return { name: 'bool', middle: [String(maskedBits(mask) ?? 'base.NONE'), 'nil', maskText(mask)] };
    case 'bytes':
      return { name: 'bytes', middle: [bytesBase(field)] };
    case 'string':
      return { name: 'string', middle: ['base.UNICODE'] };
    case 'float':
    case 'double':
      return { name: type.kind, middle: [field.unit === '' ? 'nil' : `{ ${luaString(` ${field.unit}`)} }`] };
    case 'absolute-time':
      return { name: 'absolute_time', middle: ['base.UTC'] };
    case 'relative-time':
    case 'group':
    case 'ipv4':
    case 'ipv6':
    case 'ether':
    case 'guid':
      return { name: PLAIN_CONSTRUCTORS[type.kind], middle: [] };
  }
}

/** Types with nothing but a name and a description. */
const PLAIN_CONSTRUCTORS = {
  'relative-time': 'relative_time',
  group: 'none',
  ipv4: 'ipv4',
  ipv6: 'ipv6',
  ether: 'ether',
  guid: 'guid',
} as const;

function maskedBits(mask: Mask | null): number | null {
  return mask === null ? null : mask.octets * 8;
}

function maskText(mask: Mask | null): string {
  return mask === null ? 'nil' : `0x${mask.mask.toString(16).padStart(mask.octets * 2, '0')}`;
}

/** Base, and value string or unit. Signed numbers have but one base. */
function integerDisplay(plan: Plan, field: ProtocolField): readonly string[] {
  const base = field.type.kind === 'int' ? 'base.DEC' : INTEGER_BASES[field.display];
  if (field.unit !== '' && field.enum === null) {
    return [
      base === 'base.DEC' ? 'base.UNIT_STRING' : `base.UNIT_STRING + ${base}`,
      `{ ${luaString(` ${field.unit}`)} }`,
    ];
  }
  return [base, field.enum === null ? 'nil' : `values.${plan.names.enum(field.enum)}`];
}

const INTEGER_BASES: Readonly<Record<ProtocolField['display'], string>> = {
  default: 'base.DEC',
  dec: 'base.DEC',
  hex: 'base.HEX',
  oct: 'base.OCT',
  'dec-hex': 'base.DEC_HEX',
  'hex-dec': 'base.HEX_DEC',
  colon: 'base.DEC',
  dot: 'base.DEC',
  dash: 'base.DEC',
  none: 'base.DEC',
};

function bytesBase(field: ProtocolField): string {
  switch (field.display) {
    case 'colon':
      return 'base.COLON';
    case 'dot':
      return 'base.DOT';
    case 'dash':
      return 'base.DASH';
    case 'default':
    case 'dec':
    case 'hex':
    case 'oct':
    case 'dec-hex':
    case 'hex-dec':
    case 'none':
      return 'base.NONE';
  }
}

function withoutTrailingNils(args: readonly string[]): readonly string[] {
  return args.slice(0, args.findLastIndex((arg) => arg !== 'nil') + 1);
}
