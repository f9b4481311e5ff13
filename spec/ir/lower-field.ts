import { BYTES } from '../expression/value-types.ts';
import type { FieldSymbol, InstanceSymbol, ParamSymbol } from '../passes/symbols.ts';
import { plainScope } from '../passes/typed-model.ts';
import type { RepeatDecl } from '../syntax/spec-ast.ts';
import { describeField, fieldName, withDisplay } from './describe-field.ts';
import { fieldTypeOf } from './field-type.ts';
import { lowerAliases } from './lower-aliases.ts';
import { hasOwnExtent, lowerContent } from './lower-content.ts';
import { lowerValid } from './lower-valid.ts';
import type { Lowering } from './lowering.ts';
import { checkVariable, lowerExpr } from './lowering.ts';
import type { Handover } from './state.ts';
import type { Field, Instance, Param, ParamSource, ProtocolFieldId, Repeat, Validation } from './protocol.ts';
import type { ValueType } from './value-type.ts';

/** Where a field begins, as far as that is the same in every object. */
export interface StaticStart {
  readonly offsetBits: number | null;
  readonly shift: number | null;
}

export function lowerField(
  member: FieldSymbol | InstanceSymbol,
  start: StaticStart,
  lowering: Lowering,
): Field {
  const { decl } = member;
  const { typed } = lowering;
  const what = { what: '"if"', kind: 'bool' } as const;
  return {
    id: member.id,
    named: member.kind === 'instance' || member.named,
    doc: decl.doc,
    when: decl.when === undefined ? null : lowerExpr(decl.when, what, plainScope(member.owner), lowering),
    repeat: lowerRepeat(decl.repeat, member, lowering),
    content: lowerContent(member, start.shift, lowering),
    valid: lowerFieldValid(member, lowering),
    hidden: decl.wire.hidden,
    aliases: lowerAliases(decl.wire.aliases, member.owner, lowering),
    handover: lowerHandover(member, lowering),
    type: typed.memberType(member),
    staticOffsetBits: start.offsetBits,
    span: member.place.span,
  };
}

/** The octets of a field are what others can be given: neither an object nor a repetition. */
function lowerHandover(member: FieldSymbol | InstanceSymbol, lowering: Lowering): Handover | null {
  const { handover } = member.decl.wire;
  if (handover === undefined) return null;
  const scope = { ...plainScope(member.owner), wire: true };
  return {
    tables: handover.tables.map(({ table, key }) => ({ table, key: lowering.typed.check(key, scope) })),
    heuristics: handover.heuristics,
    dissector: handover.dissector ?? null,
  };
}

function lowerFieldValid(member: FieldSymbol | InstanceSymbol, lowering: Lowering): Validation | null {
  const { contents, valid } = member.decl;
  if (contents !== undefined && hasOwnExtent(member)) {
    const value = { kind: 'bytes', value: contents.value, type: BYTES } as const;
    return { rule: { kind: 'equal', value }, severity: 'error', message: null };
  }
  return lowerValid(valid, member, lowering.typed.elementType(member.decl), lowering);
}

function lowerRepeat(decl: RepeatDecl, member: FieldSymbol | InstanceSymbol, lowering: Lowering): Repeat {
  const scope = plainScope(member.owner);
  switch (decl.kind) {
    case 'once':
      return { kind: 'once' };
    case 'eos':
      return { kind: 'to-end' };
    case 'count': {
      const what = { what: '"repeat-expr"', kind: 'int' } as const;
      return { kind: 'count', count: lowerExpr(decl.count, what, scope, lowering) };
    }
    case 'until': {
      const what = { what: '"repeat-until"', kind: 'bool' } as const;
      const it = lowering.typed.elementType(member.decl);
      const until = lowerExpr(decl.until, what, { ...scope, it, repeated: true }, lowering);
      return { kind: 'until', until };
    }
  }
}

export function lowerInstance(member: InstanceSymbol, lowering: Lowering): Instance {
  const { decl } = member;
  const scope = plainScope(member.owner);
  if (decl.value === undefined) {
    const field = lowerField(
      member,
      { offsetBits: null, shift: decl.pos === undefined ? null : 0 },
      lowering,
    );
    const pos =
      decl.pos === undefined ? null : lowerExpr(decl.pos, { what: '"pos"', kind: 'int' }, scope, lowering);
    const io =
      decl.io === undefined ? null : lowerExpr(decl.io, { what: '"io"', kind: 'io' }, scope, lowering);
    return { ...field, kind: 'parse', pos, io };
  }
  const type = lowering.typed.memberType(member);
  const { typed } = lowering;
  const what = { what: '"if"', kind: 'bool' } as const;
  return {
    kind: 'value',
    id: member.id,
    doc: decl.doc,
    when: decl.when === undefined ? null : lowerExpr(decl.when, what, scope, lowering),
    value: typed.check(decl.value, scope),
    valid: lowerValid(decl.valid, member, type, lowering),
    field: decl.wire.hidden ? null : computedField(member, type, lowering),
    hidden: decl.wire.hidden,
    aliases: lowerAliases(decl.wire.aliases, member.owner, lowering),
    type,
    span: member.place.span,
  };
}

/** The protocol field of a computed value; null: Wireshark has no type for it. */
function computedField(
  member: InstanceSymbol | ParamSymbol,
  type: ValueType,
  lowering: Lowering,
): ProtocolFieldId | null {
  const element = type.kind === 'array' ? type.element : type;
  const enumId = element.kind === 'enum' ? element.enum : null;
  const numberType = element.kind === 'enum' ? enumNumber(member, lowering) : element;
  const fieldType = fieldTypeOf(numberType);
  if (fieldType === undefined) return null;
  const written = member.decl.wire.filter;
  const described = describeField(member, fieldType, enumId);
  const wanted = { ...described, filter: fieldName(member, written, lowering) };
  const shown = member.kind === 'param' ? wanted : withDisplay(wanted, member, lowering);
  return lowering.table.add(shown, written?.place);
}

function enumNumber(member: InstanceSymbol | ParamSymbol, lowering: Lowering): ValueType {
  const { typed } = lowering;
  const owner = typed.model.typeIds.get(member.owner) ?? 0;
  const ref = { kind: member.kind, index: member.index, id: member.id };
  const object = { kind: 'self', type: { kind: 'struct', type: owner } } as const;
  return typed.enumInterval({ kind: 'member', object, owner, member: ref, type: typed.memberType(member) });
}

export function lowerParam(member: ParamSymbol, isRoot: boolean, lowering: Lowering): Param {
  const { decl } = member;
  const type = lowering.typed.memberType(member);
  const source = lowerSource(member, type, isRoot, lowering);
  const shown = source.kind === 'argument' && !decl.wire.hidden;
  return {
    id: member.id,
    type,
    source,
    field: shown ? computedField(member, type, lowering) : null,
    span: member.place.span,
  };
}

function lowerSource(member: ParamSymbol, type: ValueType, isRoot: boolean, lowering: Lowering): ParamSource {
  const { source } = member.decl.wire;
  if (source.kind === 'argument') {
    if (isRoot) reportNoSource(member, lowering);
    return source;
  }
  if (!isRoot) {
    const detail = `Only parameters of the spec itself have a "source": "${member.id}" is given by who uses its type.`;
    lowering.sink.report('spec/key-conflict', source.place, { detail });
  }
  if (source.kind === 'direction' || source.kind === 'server-port') {
    const [kind, wanted] = source.kind === 'direction' ? ['bool', '"bool"'] : ['int', 'an integer type'];
    if (type.kind !== kind) {
      const what = `A parameter with "source: ${source.kind}"`;
      const params = { what, expected: `of the type ${wanted}`, found: 'another' };
      lowering.sink.report('spec/bad-value', source.place, params);
    }
    return { kind: source.kind };
  }
  if (source.kind === 'session') {
    const variable = source.variable ?? { value: member.id, place: source.place };
    checkVariable(variable, lowering);
    return { kind: 'session', variable: variable.value };
  }
  const initial = lowering.typed.check(source.initial, plainScope(member.owner));
  if (initial.type.kind !== type.kind) {
    const params = { what: '"init"', expected: 'a value of the type of the parameter', found: 'another' };
    lowering.sink.report('spec/bad-value', source.initial.place, params);
  }
  return { kind: 'preference', name: source.name.value, initial, label: source.label };
}

function reportNoSource(member: ParamSymbol, lowering: Lowering): void {
  const help = 'Say where it comes from: "-wireshark: {source: direction}" or "{source: pref, name, init}".';
  lowering.sink.report('spec/param-without-source', member.place, { id: member.id }, { help });
}
