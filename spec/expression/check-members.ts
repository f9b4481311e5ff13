import type { Expr, MemberRef } from '../ir/expression.ts';
import type { MemberSymbol, TypeSymbol } from '../passes/symbols.ts';
import { typeName } from '../passes/symbols.ts';
import { checkSizeofValue } from './check-cast.ts';
import { BAD, placeOf } from './check-context.ts';
import type { CheckContext } from './check-context.ts';
import { checkProperty } from './check-methods.ts';
import type { ExprAst, TextRange } from './expression-ast.ts';
import { describeType, IO, isPoison, NO_STRUCT, POSITION } from './value-types.ts';

/** A name by itself: a member of the object in whose type the expression stands, or one of the special names. */
export function checkName(id: string, range: TextRange, context: CheckContext): Expr {
  const { queries, scope } = context;
  const self = selfOf(context);
  switch (id) {
    case '_root':
      return { kind: 'root', object: self, type: structOf(rootOf(scope.self), context) };
    case '_parent':
      return { kind: 'parent', object: self, type: queries.parentType(scope.self) };
    case '_io':
      return { kind: 'io', object: self, type: IO };
    case '_index':
      if (scope.repeated) return { kind: 'index', type: POSITION };
      return refuseSpecial(id, 'a repeated attribute', range, context);
    case '_':
      if (scope.it !== undefined) return { kind: 'it', type: scope.it };
      return refuseSpecial(id, '"repeat-until" and "valid"', range, context);
    case '_sizeof':
      return checkSizeofValue(self, range, context);
    default:
      return memberOf(self, scope.self, { id, range }, context);
  }
}

function selfOf(context: CheckContext): Expr {
  return { kind: 'self', type: structOf(context.scope.self, context) };
}

function structOf(symbol: TypeSymbol, context: CheckContext): Extract<Expr['type'], { kind: 'struct' }> {
  return { kind: 'struct', type: context.queries.model.typeIds.get(symbol) ?? null };
}

function rootOf(symbol: TypeSymbol): TypeSymbol {
  let root = symbol;
  while (root.up !== undefined) root = root.up;
  return root;
}

function refuseSpecial(id: string, where: string, range: TextRange, context: CheckContext): Expr {
  const help = `It has a meaning only inside ${where}.`;
  const params = { type: 'This place', name: id };
  context.queries.sink.report('spec/unknown-member', placeOf(context, range), params, { help });
  return BAD;
}

/** `object.id`: a member of a struct, or a property of another value. */
export function checkMember(
  ast: Extract<ExprAst, { kind: 'member' }>,
  object: Expr,
  context: CheckContext,
): Expr {
  if (ast.id === '_sizeof') return checkSizeofValue(object, ast.range, context);
  if (isPoison(object.type)) return BAD;
  if (object.type.kind !== 'struct') return checkProperty(ast, object, context);
  const { queries } = context;
  if (ast.id === '_io') return { kind: 'io', object, type: IO };
  // The parent of an object of unknown type exists too; only a cast can make use of it.
  if (ast.id === '_parent' && object.type.type === null) return { kind: 'parent', object, type: NO_STRUCT };
  const symbol = object.type.type === null ? undefined : queries.model.typesById[object.type.type];
  if (symbol === undefined) return refuseUntyped(ast, object, context);
  if (ast.id === '_parent') return { kind: 'parent', object, type: queries.parentType(symbol) };
  if (ast.id === '_root') return { kind: 'root', object, type: structOf(rootOf(symbol), context) };
  return memberOf(object, symbol, { id: ast.id, range: ast.idRange }, context);
}

function refuseUntyped(ast: Extract<ExprAst, { kind: 'member' }>, object: Expr, context: CheckContext): Expr {
  const { model, sink } = context.queries;
  const help =
    object.kind === 'parent'
      ? 'The type is used in several types, in none, or from another file: say which by "_parent.as<TYPE>".'
      : 'Say which type it is by ".as<TYPE>".';
  const params = { type: capitalized(describeType(object.type, model)), name: ast.id };
  sink.report('spec/unknown-member', placeOf(context, ast.idRange), params, { help });
  return BAD;
}

function memberOf(
  object: Expr,
  owner: TypeSymbol,
  name: { readonly id: string; readonly range: TextRange },
  context: CheckContext,
): Expr {
  const { queries } = context;
  const member = owner.members.get(name.id);
  if (member === undefined) return refuseMember(owner, name, context);
  const type = queries.memberType(member);
  if (isPoison(type)) return BAD;
  const ownerId = queries.model.typeIds.get(owner) ?? 0;
  return { kind: 'member', object, owner: ownerId, member: memberRef(member), type };
}

function memberRef(member: MemberSymbol): MemberRef {
  return { kind: member.kind, index: member.index, id: member.id };
}

function refuseMember(
  owner: TypeSymbol,
  name: { readonly id: string; readonly range: TextRange },
  context: CheckContext,
): Expr {
  const place = placeOf(context, name.range);
  const help = context.queries.sink.suggest(name.id, () => owner.members.keys());
  if (!/^[a-z_][a-z0-9_]*$/.test(name.id)) {
    context.queries.sink.report('spec/bad-identifier', place, { what: 'a member', id: name.id }, { help });
    return BAD;
  }
  const params = { type: `The type "${typeName(owner)}"`, name: name.id };
  context.queries.sink.report('spec/unknown-member', place, params, { help });
  return BAD;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
