import type { Place } from '../diagnostics/diagnostic.ts';
import type { Scope } from '../expression/check-context.ts';
import { areComparable } from '../expression/check-operators.ts';
import { codeUnitOctets, readableEncoding } from '../expression/encodings.ts';
import { describeType } from '../expression/value-types.ts';
import type { FieldSymbol, InstanceSymbol } from '../passes/symbols.ts';
import { bitOrderOf, encodingOf, endianOf } from '../passes/inherited-meta.ts';
import { elementScope, hasImplicitBytes } from '../passes/typed-model.ts';
import type { ExprText, SwitchDecl, TypeUse } from '../syntax/spec-ast.ts';
import { ContentFields } from './content-fields.ts';
import { lowerExtent } from './lower-extent.ts';
import { lowerStruct } from './lower-struct.ts';
import type { Lowering } from './lowering.ts';
import type { Content, Encoding, Extent, SwitchArm } from './protocol.ts';
import { bitsFieldType } from './field-type.ts';

/** Everything that the lowering of one attribute's content needs. */
export interface ContentContext {
  readonly member: FieldSymbol | InstanceSymbol;
  readonly scope: Scope;
  readonly lowering: Lowering;
  readonly fields: ContentFields;
  /** Where the bits of a bit field begin in their octet; null: not always at the same place. */
  readonly shift: number | null;
}

export function lowerContent(
  member: FieldSymbol | InstanceSymbol,
  shift: number | null,
  lowering: Lowering,
): Content {
  const scope = elementScope(member);
  const fields = new ContentFields(member, lowering);
  const context: ContentContext = { member, scope, lowering, fields, shift };
  const { decl } = member;
  if (decl.contents !== undefined && !hasOwnExtent(member)) {
    const field = fields.add({ kind: 'bytes' }, 'bytes', null);
    return { kind: 'contents', expected: decl.contents.value, field };
  }
  if (decl.type === undefined) return bytesContent(context);
  if ('on' in decl.type) return lowerSwitch(decl.type, context);
  return lowerUse(decl.type, context);
}

/** `contents` gives its own size, unless another one is written: then it is octets of that size, compared. */
export function hasOwnExtent(member: FieldSymbol | InstanceSymbol): boolean {
  const { decl } = member;
  return decl.size !== undefined || decl.sizeEos || decl.terminator !== undefined;
}

function bytesContent(context: ContentContext): Content {
  const extent = requiredExtent('run of octets', context.member.decl.place, undefined, context);
  return { kind: 'bytes', extent, field: context.fields.add({ kind: 'bytes' }, 'bytes', null) };
}

const NO_EXTENT: Extent = {
  length: { kind: 'rest' },
  terminator: null,
  include: false,
  consume: true,
  eosError: true,
  padRight: null,
  process: null,
};

/** `place`: of the attribute, or of the case in a switch. */
function requiredExtent(
  what: string,
  place: Place,
  impliedTerminator: Uint8Array | undefined,
  context: ContentContext,
): Extent {
  const { member, scope, lowering } = context;
  const extent = lowerExtent(member.decl, impliedTerminator, scope, lowering);
  if (extent !== undefined) return extent;
  if (!member.decl.misspelt) lowering.sink.report('spec/missing-size', place, { what });
  return NO_EXTENT;
}

function lowerSwitch(decl: SwitchDecl, context: ContentContext): Content {
  const { lowering, scope } = context;
  const on = lowering.typed.check(decl.on, scope);
  context.fields.announceSwitch(decl, hasImplicitBytes(context.member.decl));
  const caseScope: Scope = { ...scope, it: on.type };
  const arms: SwitchArm[] = [];
  let fallback: Content | null = null;
  for (const one of decl.cases) {
    const content = lowerUse(one.type, context);
    if (one.value === undefined) fallback = content;
    else arms.push({ value: checkCase(one.value, on.type, caseScope, lowering), content });
  }
  if (hasImplicitBytes(context.member.decl)) fallback = bytesContent(context);
  return { kind: 'switch', on, arms, fallback };
}

function checkCase(
  text: ExprText,
  on: SwitchArm['value']['type'],
  scope: Scope,
  lowering: Lowering,
): SwitchArm['value'] {
  const value = lowering.typed.check(text, scope);
  if (!areComparable(on, value.type)) {
    const { model } = lowering.typed;
    const params = { left: describeType(on, model), right: describeType(value.type, model) };
    lowering.sink.report('spec/not-comparable', text.place, params);
  }
  return value;
}

/** One type by its name, with the keys of the attribute. */
function lowerUse(use: TypeUse, context: ContentContext): Content {
  const { name } = use;
  switch (name.kind) {
    case 'number':
      return lowerNumber(use, context);
    case 'bits':
      return lowerBits(use, name, context);
    case 'str':
      return lowerString(use, name.zero, context);
    case 'user':
      return lowerStruct(use, name, context);
    case 'bytes':
    case 'bool':
    case 'io':
    case 'struct':
    case 'any':
    case 'array':
    case 'broken':
      // Only parameters have these types; of attributes they are unknown names, or reported already.
      return bytesOfNothing(context);
  }
}

function bytesOfNothing(context: ContentContext): Content {
  return { kind: 'bytes', extent: NO_EXTENT, field: context.fields.add({ kind: 'bytes' }, 'bytes', null) };
}

function lowerNumber(use: TypeUse, context: ContentContext): Content {
  const { name } = use;
  const { member, lowering, fields } = context;
  if (name.kind !== 'number') return bytesOfNothing(context);
  const { octets, numberKind } = name;
  const endian = octets === 1 ? 'be' : (name.endian ?? endianOf(member.owner));
  if (endian === undefined) lowering.sink.report('spec/missing-endian', use.place, { type: use.text });
  const order = endian ?? 'be';
  if (numberKind === 'f') {
    const type = octets === 4 ? ({ kind: 'float' } as const) : ({ kind: 'double' } as const);
    return {
      kind: 'float',
      octets: octets === 4 ? 4 : 8,
      endian: order,
      field: fields.add(type, use.text, null),
    };
  }
  const enumId = enumOf(context);
  const bits = (8 * octets) as 8 | 16 | 32 | 64;
  const field = fields.add({ kind: numberKind === 'u' ? 'uint' : 'int', bits }, use.text, enumId);
  return { kind: 'integer', octets, signed: numberKind === 's', endian: order, enum: enumId, field };
}

function enumOf(context: ContentContext): number | null {
  const name = context.member.decl.enum;
  return name === undefined ? null : (context.lowering.typed.model.resolvedEnums.get(name)?.id ?? null);
}

function lowerBits(
  use: TypeUse,
  name: { readonly width: number; readonly order: 'le' | 'be' | undefined },
  context: ContentContext,
): Content {
  const enumId = enumOf(context);
  const { shift, member } = context;
  const boolean = name.width === 1 && member.decl.enum === undefined;
  return {
    kind: 'bits',
    width: name.width,
    order: name.order ?? bitOrderOf(member.owner),
    boolean,
    enum: enumId,
    shift,
    field: context.fields.add(bitsFieldType(name.width, boolean, shift), use.text, enumId),
  };
}

function lowerString(use: TypeUse, zero: boolean, context: ContentContext): Content {
  const { member, lowering, fields } = context;
  const encoding = lowerEncoding(context);
  const { type } = member.decl;
  const place = type !== undefined && 'on' in type ? use.place : member.decl.place;
  if (encoding === undefined) lowering.sink.report('spec/missing-encoding', place, {});
  const terminator = zero ? new Uint8Array(codeUnitOctets(encoding ?? '')) : undefined;
  const extent = requiredExtent('text', place, terminator, context);
  const field = fields.add({ kind: 'string' }, use.text, null);
  return { kind: 'string', extent, encoding: encoding ?? 'ASCII', enum: null, field };
}

function lowerEncoding(context: ContentContext): Encoding | undefined {
  const written = context.member.decl.encoding?.value ?? encodingOf(context.member.owner);
  return written === undefined ? undefined : readableEncoding(written);
}
