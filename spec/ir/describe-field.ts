import type { FieldSymbol, InstanceSymbol, MemberSymbol } from '../passes/symbols.ts';
import type { Located } from '../syntax/spec-ast.ts';
import type { WantedField } from './field-table.ts';
import { defaultDisplay, labelFromId } from './labels.ts';
import type { Lowering } from './lowering.ts';
import { prefixOf } from './lowering.ts';
import type { Display, ProtocolFieldType } from './protocol.ts';

/** Display filter name of a member: the one the spec chose, else by type path. */
export function fieldName(
  member: MemberSymbol,
  written: Located<string> | undefined,
  lowering: Lowering,
): string {
  if (written === undefined) return `${prefixOf(member.owner, lowering)}.${member.id}`;
  reportBadName(written, lowering);
  return `${lowering.filter}.${written.value}`;
}

function reportBadName(written: Located<string>, lowering: Lowering): void {
  const reason = badFilterName(written.value);
  if (reason !== undefined) {
    lowering.sink.report('spec/filter-name', written.place, { name: written.value, reason });
  }
}

/** Why a name cannot be (part of) a display filter name; undefined: it can. */
export function badFilterName(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (/[^a-z0-9_.-]/.test(name)) return 'only lower-case letters, digits, "_", "-" and "." are allowed';
  if (!/^[a-z]/.test(name)) return 'it must begin with a letter';
  if (/\.\.|[.-]$/.test(name)) return 'a part of it is empty, or it ends in "." or "-"';
  if (/_(raw|tree)$/.test(name)) return 'tshark -T json uses names that end in "_raw" and "_tree" itself';
  return undefined;
}

/** Label, description and number base, without a name yet. */
export function describeField(
  member: MemberSymbol,
  type: ProtocolFieldType,
  enumId: number | null,
): Omit<WantedField, 'filter'> {
  const { decl } = member;
  const unnamed = member.kind === 'field' && !member.named;
  return {
    label: decl.wire.name ?? decl.origId ?? labelFromId(unnamed ? 'unnamed' : member.id),
    // One line: it becomes the field's description in Wireshark.
    doc: decl.doc.replace(/\s+/g, ' '),
    type,
    display: defaultDisplay(member.id, type, enumId !== null),
    unit: 'unit' in decl.wire ? decl.wire.unit : '',
    enum: enumId,
  };
}

/** Applies `-wireshark: {display}`, when it goes with the field. */
export function withDisplay(
  wanted: WantedField,
  member: FieldSymbol | InstanceSymbol,
  lowering: Lowering,
): WantedField {
  const { display } = member.decl.wire;
  // Objects are shown by their members; in a switch the key is about the primitive arms.
  if (display === undefined || wanted.type.kind === 'group') return wanted;
  const { value } = display;
  const allowed =
    value.kind === 'base'
      ? baseGoesWith(value.display, wanted.type)
      : typeGoesWith(value.type, wanted, member);
  if (!allowed) {
    const expected = `one that goes with ${DESCRIBED[wanted.type.kind]}`;
    const found = `"${value.kind === 'base' ? value.display : value.type.kind}"`;
    lowering.sink.report('spec/bad-value', display.place, { what: '"display"', expected, found });
    return wanted;
  }
  if (value.kind === 'type') return { ...wanted, type: value.type, display: 'default', enum: null };
  const plainOctets = wanted.type.kind === 'bytes' && value.display === 'hex';
  return { ...wanted, display: plainOctets ? 'none' : value.display };
}

const DESCRIBED: Readonly<Record<ProtocolFieldType['kind'], string>> = {
  group: 'an object',
  uint: 'an unsigned integer',
  int: 'a signed integer',
  float: 'a floating-point number',
  double: 'a floating-point number',
  bool: 'a boolean',
  bytes: 'octets',
  string: 'text',
  ipv4: 'an address',
  ipv6: 'an address',
  ether: 'an address',
  guid: 'an identifier',
  'absolute-time': 'a time',
  'relative-time': 'a time',
};

const NUMBER_BASES: readonly Display[] = ['dec', 'hex', 'oct', 'dec-hex', 'hex-dec'];
const OCTET_BASES: readonly Display[] = ['hex', 'colon', 'dot', 'dash', 'none'];

function baseGoesWith(display: Display, type: ProtocolFieldType): boolean {
  if (type.kind === 'uint') return NUMBER_BASES.includes(display);
  // Wireshark shows signed integers in decimal only.
  if (type.kind === 'int') return display === 'dec';
  return type.kind === 'bytes' && OCTET_BASES.includes(display);
}

const OCTETS_OF_TYPE: Readonly<Partial<Record<ProtocolFieldType['kind'], readonly number[]>>> = {
  ipv4: [4],
  ipv6: [16],
  ether: [6],
  guid: [16],
  'absolute-time': [4, 8],
  'relative-time': [4, 8],
};

function typeGoesWith(
  type: ProtocolFieldType,
  wanted: WantedField,
  member: FieldSymbol | InstanceSymbol,
): boolean {
  const lengths = OCTETS_OF_TYPE[type.kind] ?? [];
  if (wanted.type.kind === 'uint' || wanted.type.kind === 'int')
    return lengths.includes(wanted.type.bits / 8);
  if (wanted.type.kind !== 'bytes') return false;
  const written = member.decl.size?.text;
  return written !== undefined && lengths.some((length) => written === String(length));
}
