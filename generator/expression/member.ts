import type { Expr, Field, Instance, Param, TypeId } from '../../spec/index.ts';
import { at } from '../invariant.ts';
import { call, prefix, primary } from '../lua/lua-expr.ts';
import type { LuaExpr } from '../lua/lua-expr.ts';
import { luaMember, luaString } from '../lua/lua-text.ts';
import type { Compile } from './compile.ts';
import type { CompileContext, Scope } from './context.ts';

type MemberExpr = Expr & { readonly kind: 'member' };

/**
 * Reading a member. Where the value may be absent (an `if` that did not hold, an object that was not read to its
 * end) the reading is guarded: an absent value in an expression is a problem, never a Lua error.
 */
export function compileMember(
  context: CompileContext,
  scope: Scope,
  expr: MemberExpr,
  compile: Compile,
): LuaExpr {
  const object = compile(expr.object);
  const owner = context.plan.type(expr.owner);
  const own = expr.object.kind === 'self' && expr.owner === scope.type;
  const isRead = isSurelyRead(scope, expr, own);
  const { index } = expr.member;
  switch (expr.member.kind) {
    case 'param': {
      const param = at(owner.params, index);
      const unknown = mayBeUnknown(context, param) && !(own && scope.knownParams);
      const value = primary(luaMember(prefix(object), param.id), object.fallible);
      return unknown ? guarded(context, value, param.id) : value;
    }
    case 'field': {
      const field = at(owner.fields, index);
      const value = context.plan.isDeferred(field)
        ? call(`get.${context.plan.getter(expr.owner, field.id)}`, [object])
        : primary(luaMember(prefix(object), field.id), object.fallible);
      return !isRead || mayBeAbsent(field) ? guarded(context, value, field.id) : value;
    }
    case 'instance': {
      const instance = at(owner.instances, index);
      const settled = isRead && context.plan.isSettled(expr.owner, instance);
      const fallible = !settled && (!isRead || instanceIsFallible(context, expr.owner, instance));
      const value = call(`get.${context.plan.getter(expr.owner, instance.id)}`, [object], fallible);
      return mayBeAbsent(instance) ? guarded(context, value, instance.id) : value;
    }
  }
}

/** Whether a param may have no value: a session variable that something stands in for always has one. */
function mayBeUnknown(context: CompileContext, { source }: Param): boolean {
  if (source.kind !== 'session') return source.kind === 'direction' || source.kind === 'server-port';
  const variable = context.plan.protocol.session.find(({ id }) => id === source.variable);
  return variable?.unseen === null || variable === undefined;
}

/** Members of the object itself, as far as it is read, and of those around it when they are whole. */
function isSurelyRead(scope: Scope, expr: MemberExpr, own: boolean): boolean {
  if (own) return expr.member.kind !== 'field' || expr.member.index < scope.fieldsRead;
  return scope.wholeTree && isAround(expr.object);
}

/** `_root`, `_parent`, `_parent._parent` ... */
function isAround(object: Expr): boolean {
  return (
    object.kind === 'root' ||
    (object.kind === 'parent' && (object.object.kind === 'self' || isAround(object.object)))
  );
}

function guarded(context: CompileContext, value: LuaExpr, id: string): LuaExpr {
  return call(context.helpers.use('present'), [value, primary(luaString(id))], true);
}

/** Whether the spec itself lets a whole object have no such value. */
export function mayBeAbsent(member: Field | Instance): boolean {
  if (member.when !== null) return true;
  if ('value' in member) return false;
  return member.content.kind === 'switch' && member.content.fallback === null;
}

/** Reading a parse instance can always fail: its octets need not be there. */
function instanceIsFallible(context: CompileContext, owner: TypeId, instance: Instance): boolean {
  return instance.kind === 'parse' || context.valueIsFallible(owner, instance);
}
