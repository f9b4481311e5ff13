import type { CompareOp, Expr } from '../../spec/index.ts';
import type { HelperName } from '../helpers.ts';
import { call, comparison, PRECEDENCE, within } from '../lua/lua-expr.ts';
import type { LuaExpr } from '../lua/lua-expr.ts';
import { isWide } from './compile.ts';
import type { Compile } from './compile.ts';
import type { CompileContext } from './context.ts';

const OPERATORS: Readonly<Record<CompareOp, string>> = {
  eq: '==',
  ne: '~=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

export function compileCompare(
  context: CompileContext,
  expr: Expr & { readonly kind: 'compare' },
  compile: Compile,
): LuaExpr {
  const left = compile(expr.left);
  const right = compile(expr.right);
  if (isWide(expr.left.type) || isWide(expr.right.type)) {
    return helperCompare(context, { equal: 'wide_equal', less: 'wide_less' }, expr.op, [left, right]);
  }
  const ordered = expr.op !== 'eq' && expr.op !== 'ne';
  if (ordered && (expr.left.type.kind === 'string' || expr.left.type.kind === 'bytes')) {
    // Lua's own `<` on strings follows the user's locale.
    return helperCompare(context, { equal: 'wide_equal', less: 'octets_less' }, expr.op, [left, right]);
  }
  return comparison(OPERATORS[expr.op], left, right);
}

/** Six comparisons out of equality and less. */
function helperCompare(
  context: CompileContext,
  helpers: { readonly equal: HelperName; readonly less: HelperName },
  op: CompareOp,
  [left, right]: readonly [LuaExpr, LuaExpr],
): LuaExpr {
  const equal = (): LuaExpr => call(context.helpers.use(helpers.equal), [left, right]);
  const less = (a: LuaExpr, b: LuaExpr): LuaExpr => call(context.helpers.use(helpers.less), [a, b]);
  switch (op) {
    case 'eq':
      return equal();
    case 'ne':
      return negated(equal());
    case 'lt':
      return less(left, right);
    case 'gt':
      return less(right, left);
    case 'le':
      return negated(less(right, left));
    case 'ge':
      return negated(less(left, right));
  }
}

function negated(expr: LuaExpr): LuaExpr {
  return {
    text: `not ${within(expr, PRECEDENCE.unary)}`,
    precedence: PRECEDENCE.unary,
    fallible: expr.fallible,
  };
}
