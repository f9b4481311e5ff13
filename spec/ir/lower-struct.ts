import { describeType, isPoison } from '../expression/value-types.ts';
import type { TypeSymbol } from '../passes/symbols.ts';
import { isExternalUse, typeName } from '../passes/symbols.ts';
import type { TypeName, TypeUse } from '../syntax/spec-ast.ts';
import type { Expr } from './expression.ts';
import type { ContentContext } from './lower-content.ts';
import { lowerExtent } from './lower-extent.ts';
import type { Lowering } from './lowering.ts';
import { reportMismatch } from './lowering.ts';
import type { Content, Extent, ParentLink } from './protocol.ts';
import type { ValueType } from './value-type.ts';

/** An attribute whose type is one of the spec's own, or one from outside. */
export function lowerStruct(
  use: TypeUse,
  name: Extract<TypeName, { kind: 'user' }>,
  context: ContentContext,
): Content {
  const { member, scope, lowering, fields } = context;
  const { decl } = member;
  const extent = lowerExtent(decl, undefined, scope, lowering);
  const args = name.args.map((argument) => lowering.typed.check(argument, scope));
  if (decl.process !== undefined && extent === undefined) {
    const detail = '"process" needs "size", "size-eos" or "terminator": it works on the octets of an object.';
    lowering.sink.report('spec/key-conflict', decl.process.place, { detail });
  }
  const resolved = lowering.typed.model.resolvedTypes.get(use);
  if (resolved?.kind !== 'struct') {
    const field = fields.add({ kind: 'bytes' }, 'bytes', null);
    return { kind: 'opaque', name: use.text, extent: extent ?? TO_THE_END, field };
  }
  const { symbol } = resolved;
  checkArguments(use, symbol, args, lowering);
  return {
    kind: 'struct',
    type: lowering.typed.model.typeIds.get(symbol) ?? 0,
    args,
    extent: extent ?? null,
    parent: lowerParent(symbol, context),
    field: fields.add({ kind: 'group' }, 'struct', null),
  };
}

/** An object from outside, of unknown size. */
const TO_THE_END: Extent = {
  length: { kind: 'rest' },
  terminator: null,
  include: false,
  consume: true,
  eosError: true,
  padRight: null,
  process: null,
};

function lowerParent(symbol: TypeSymbol, context: ContentContext): ParentLink {
  const { member, scope, lowering } = context;
  const { parent } = member.decl;
  if (parent === undefined)
    return isExternalUse(member.owner, symbol) ? { kind: 'none' } : { kind: 'holder' };
  if (parent.kind === 'none') return { kind: 'none' };
  const object = lowering.typed.check(parent.object, scope);
  if ((object.type.kind !== 'struct' || object.type.type === null) && !isPoison(object.type)) {
    const wrong = { what: '"parent"', expected: 'an object of a known type', found: object.type };
    reportMismatch(parent.object.place, wrong, lowering);
  }
  return { kind: 'other', object };
}

/** Arguments given to a type: as many as it has params, and of their types. */
export function checkArguments(
  use: TypeUse,
  symbol: TypeSymbol,
  args: readonly Expr[],
  lowering: Lowering,
): void {
  const { typed, sink } = lowering;
  const { params } = symbol;
  if (params.length !== args.length) {
    const notes = [{ message: 'The type is declared here.', place: symbol.decl.place }];
    const counts = { declared: params.length, given: args.length };
    sink.report('spec/argument-count', use.place, { type: typeName(symbol), ...counts }, { notes });
    return;
  }
  for (const [index, param] of params.entries()) {
    const given = args[index];
    const declared = typed.memberType(param);
    if (given === undefined || isAssignable(given.type, declared)) continue;
    const notes = [{ message: 'The parameter is declared here.', place: param.place }];
    const params = {
      parameter: param.id,
      expected: describeType(declared, typed.model),
      found: describeType(given.type, typed.model),
    };
    sink.report('spec/argument-type', use.place, params, { notes });
  }
}

/** May a value of one type be given where another is wanted? */
export function isAssignable(given: ValueType, wanted: ValueType): boolean {
  if (isPoison(given) || isPoison(wanted) || wanted.kind === 'any') return true;
  if (given.kind === 'int' && wanted.kind === 'float') return true;
  if (given.kind !== wanted.kind) return false;
  if (given.kind === 'enum' && wanted.kind === 'enum') return given.enum === wanted.enum;
  if (given.kind === 'array' && wanted.kind === 'array') return isAssignable(given.element, wanted.element);
  if (given.kind === 'struct' && wanted.kind === 'struct') {
    return wanted.type === null || given.type === wanted.type;
  }
  return true;
}
