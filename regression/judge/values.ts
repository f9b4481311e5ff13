import {
  canonicalText,
  type DecodedPdu,
  type DecodedStruct,
  leaves,
  memberValue,
  toHex,
  type Value,
  wirePosition,
} from '../../analyzer/index.ts';
import type { EnumType, ProtocolField, ProtocolFieldType } from '../../spec/index.ts';
import type { ScalarKind } from '../suite/field-paths.ts';
import { type Literal, literalAs } from '../suite/literal.ts';
import type { PathStep } from '../suite/suite.ts';

/** The value at a path; undefined: absent, also where it cannot be computed. */
export function valueAt(pdu: DecodedPdu, steps: readonly PathStep[]): Value {
  let at: Value = pdu.root;
  for (const step of steps) {
    if (typeof step === 'number') at = isList(at) ? at[step] : undefined;
    else at = isStruct(at) ? memberOf(at, step) : undefined;
  }
  return at;
}

function memberOf(object: DecodedStruct, id: string): Value {
  const found = memberValue(object, id);
  return 'value' in found ? found.value : undefined;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isStruct(value: Value): value is DecodedStruct {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** Whether our decoder's value is what the tests file says. */
export function fitsValue(value: Value, literal: Literal, enums: readonly EnumType[]): boolean {
  if (typeof value === 'boolean') return literalAs('bool', literal, []) === (value ? '1' : '0');
  if (typeof value === 'bigint') return literalAs('int', literal, enums) === value.toString();
  if (typeof value === 'string') return literal.text === value;
  if (value instanceof Uint8Array) return literalAs('bytes', literal, []) === toHex(value);
  if (typeof value !== 'number') return false;
  return literalAs('int', literal, enums) === value.toString() || fitsFloat(value, literal);
}

/** A literal stands for the nearest number of either width. */
function fitsFloat(value: number, literal: Literal): boolean {
  const text = literalAs('float', literal, []);
  if (text === undefined) return false;
  if (text === 'nan') return Number.isNaN(value);
  const wanted = Number(text.replace('inf', 'Infinity'));
  return value === wanted || value === Math.fround(wanted);
}

/**
 * Whether an engine's value is what the tests file says; undefined: the field is shown in a form of Wireshark's own
 * (an address, a time), which only the comparison with our decoding can judge.
 */
export function fitsShown(
  shown: string,
  type: ProtocolFieldType,
  { literal, enums }: { readonly literal: Literal; readonly enums: readonly EnumType[] },
): boolean | undefined {
  const kind = scalarOf(type);
  if (kind === undefined) return undefined;
  const text = literalAs(kind, literal, enums);
  if (text === undefined) return false;
  return canonicalText(type, shown) === canonicalText(type, text);
}

function scalarOf(type: ProtocolFieldType): ScalarKind | undefined {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return 'int';
    case 'bool':
      return 'bool';
    case 'float':
    case 'double':
      return 'float';
    case 'bytes':
      return 'bytes';
    case 'string':
      return 'string';
    case 'group':
    case 'ipv4':
    case 'ipv6':
    case 'ether':
    case 'guid':
    case 'absolute-time':
    case 'relative-time':
      return undefined;
  }
}

/** Where Wireshark shows a member: its field, and the how-manieth item of it in tree order. */
export interface ShownPlace {
  readonly path: string;
  readonly field: ProtocolField;
  readonly occurrence: number;
  /** Octets on the wire, counted from the PDU's first; null: computed. */
  readonly octets: { readonly start: number; readonly end: number } | null;
}

/** All that a PDU shows, in tree order. */
export function shownPlaces(pdu: DecodedPdu, fields: readonly ProtocolField[]): readonly ShownPlace[] {
  const places: ShownPlace[] = [];
  const counts = new Map<string, number>();
  for (const leaf of leaves(pdu)) {
    const field = fields[leaf.field];
    if (field === undefined || leaf.group) continue;
    const occurrence = counts.get(field.filter) ?? 0;
    counts.set(field.filter, occurrence + 1);
    const wire = leaf.range === null ? null : wirePosition(leaf.range);
    const octets =
      wire === null
        ? null
        : { start: Math.floor(wire.start / 8), end: Math.ceil((wire.start + wire.length) / 8) };
    places.push({ path: leaf.path, field, occurrence, octets });
  }
  return places;
}
