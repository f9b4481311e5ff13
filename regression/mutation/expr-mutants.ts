import type { ArithmeticOp, CompareOp, EnumType, Expr } from '../../spec/index.ts';
import type { Operator } from './mutant.ts';

/** Another expression in the place of one. */
export interface ExprChange {
  readonly operator: Operator;
  readonly after: Expr;
}

const COMPARISONS: Readonly<Record<CompareOp, CompareOp>> = {
  eq: 'ne',
  ne: 'eq',
  lt: 'le',
  le: 'lt',
  gt: 'ge',
  ge: 'gt',
};
const ARITHMETIC: Readonly<Record<ArithmeticOp, ArithmeticOp>> = {
  add: 'sub',
  sub: 'add',
  mul: 'add',
  div: 'mul',
  mod: 'div',
  shl: 'shr',
  shr: 'shl',
  'bit-and': 'bit-or',
  'bit-or': 'bit-and',
  'bit-xor': 'bit-or',
};

/** What somebody could have written instead; of the expression itself, not of its parts. */
export function changesOf(expr: Expr, enums: readonly EnumType[]): readonly ExprChange[] {
  if (expr.kind === 'compare') return comparisonChanges(expr);
  if (expr.kind === 'logic') {
    return [{ operator: 'logic', after: { ...expr, op: expr.op === 'and' ? 'or' : 'and' } }];
  }
  if (expr.kind === 'not') return [{ operator: 'logic', after: expr.operand }];
  if (expr.kind === 'choose') {
    return [{ operator: 'condition', after: { ...expr, yes: expr.no, no: expr.yes } }];
  }
  if (expr.kind === 'arithmetic') {
    return [{ operator: 'arithmetic', after: { ...expr, op: ARITHMETIC[expr.op] } }];
  }
  return constantChanges(expr, enums);
}

/** `< 126` and `<= 126` differ as `< 126` and `< 127` do: constants have their own changes. */
function comparisonChanges(expr: Expr & { kind: 'compare' }): readonly ExprChange[] {
  const isOrder = expr.op !== 'eq' && expr.op !== 'ne';
  if (isOrder && (expr.left.kind === 'int' || expr.right.kind === 'int')) return [];
  return [{ operator: 'comparison', after: { ...expr, op: COMPARISONS[expr.op] } }];
}

function constantChanges(expr: Expr, enums: readonly EnumType[]): readonly ExprChange[] {
  const operator = 'constant';
  if (expr.kind === 'int') {
    return [1n, -1n].map((step) => ({ operator, after: intExpr(expr.value + step) }));
  }
  if (expr.kind === 'bool') return [{ operator, after: { ...expr, value: !expr.value } }];
  if (expr.kind === 'string') return [{ operator: 'text', after: { ...expr, value: `${expr.value}~` } }];
  if (expr.kind === 'bytes' && expr.value.length > 0) {
    return [
      {
        operator,
        after: { ...expr, value: expr.value.map((octet, index) => (index === 0 ? octet ^ 1 : octet)) },
      },
    ];
  }
  if (expr.kind === 'enum') {
    const { values } = enums[expr.enum] ?? { values: [] };
    const own = values.findIndex(({ value }) => value === expr.value);
    const other = values[(own + 1) % values.length];
    if (other === undefined || other.value === expr.value) return [];
    return [{ operator, after: { ...expr, value: other.value, name: other.name } }];
  }
  return [];
}

export function intExpr(value: bigint): Expr & { kind: 'int' } {
  return { kind: 'int', value, type: { kind: 'int', min: value, max: value } };
}

export function negated(operand: Expr): Expr {
  return { kind: 'not', operand, type: { kind: 'bool' } };
}

/** One more than the expression says. */
export function oneMore(left: Expr): Expr {
  if (left.kind === 'int') return intExpr(left.value + 1n);
  const type = left.type.kind === 'int' ? { ...left.type, max: left.type.max } : left.type;
  return { kind: 'arithmetic', op: 'add', left, right: intExpr(1n), type };
}
