import type { CompareOp, Expr, Field, Validation, ValueInstance, ValueType } from '../../../spec/index.ts';
import { compileCompare } from '../../expression/compare.ts';
import { compileExpr } from '../../expression/compile.ts';
import type { Scope } from '../../expression/context.ts';
import { binary, PRECEDENCE, primary, within } from '../../lua/lua-expr.ts';
import type { LuaExpr } from '../../lua/lua-expr.ts';
import type { ViewContext } from '../view-context.ts';

/** The type of one occurrence. */
export function elementType(member: Field | ValueInstance): ValueType {
  const repeated = 'repeat' in member && member.repeat.kind !== 'once';
  return repeated && member.type.kind === 'array' ? member.type.element : member.type;
}

/** Lua that is true when the value is valid. @throws Unsupported */
export function validCondition(
  context: ViewContext,
  scope: Scope,
  valid: Validation,
  value: { readonly text: string; readonly type: ValueType },
): LuaExpr {
  const it: Expr = { kind: 'it', type: value.type };
  const inner: Scope = { ...scope, it: primary(value.text) };
  const compare = (op: CompareOp, right: Expr): LuaExpr =>
    compileCompare(context, { kind: 'compare', op, left: it, right, type: { kind: 'bool' } }, (expr) =>
      compileExpr(context, inner, expr),
    );
  const rule = valid.rule;
  switch (rule.kind) {
    case 'equal':
      return compare('eq', rule.value);
    case 'range': {
      const bounds = [
        ...(rule.min === null ? [] : [compare('ge', rule.min)]),
        ...(rule.max === null ? [] : [compare('le', rule.max)]),
      ];
      return joined('and', bounds);
    }
    case 'any-of':
      return joined(
        'or',
        rule.values.map((one) => compare('eq', one)),
      );
    case 'in-enum':
      return {
        text: `values.${context.plan.names.enum(rule.enum)}[${value.text}] ~= nil`,
        precedence: PRECEDENCE.compare,
        fallible: false,
      };
    case 'expression':
      return compileExpr(context, inner, rule.expr);
  }
}

/** No alternative: nothing is valid; no bound: everything is. */
function joined(op: 'and' | 'or', parts: readonly LuaExpr[]): LuaExpr {
  const [first, ...rest] = parts;
  return rest.reduce(
    (left, right) => binary(op, PRECEDENCE[op], left, right),
    first ?? primary(String(op === 'and')),
  );
}

/** Said of a value that is not valid, when the spec has no words of its own. */
export function invalidText(id: string, valid: Validation): string {
  if (valid.message !== null) return valid.message;
  switch (valid.rule.kind) {
    case 'equal':
      return `"${id}" does not have the value it must have`;
    case 'range':
      return `"${id}" is out of its range`;
    case 'any-of':
      return `"${id}" has none of its allowed values`;
    case 'in-enum':
      return `"${id}" has a value that the enum does not name`;
    case 'expression':
      return `"${id}" does not fulfil its condition`;
  }
}

export function negated(expr: LuaExpr): string {
  return `not ${within(expr, PRECEDENCE.unary)}`;
}
