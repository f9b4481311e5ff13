import type { ArithmeticOp, Expr } from '../ir/expression.ts';
import type { ValueType } from '../ir/value-type.ts';
import { BAD, placeOf } from './check-context.ts';
import type { CheckContext } from './check-context.ts';
import type { ExprAst } from './expression-ast.ts';
import { OPERATOR_TEXT } from './expression-ast.ts';
import { arithmeticInterval, inverted, negated } from './intervals.ts';
import { BOOL, describeType, FLOAT, isNumber, isPoison, STRING } from './value-types.ts';

type Operands = readonly [Expr, Expr];

export function checkUnary(
  ast: Extract<ExprAst, { kind: 'unary' }>,
  operand: Expr,
  context: CheckContext,
): Expr {
  const { type } = operand;
  if (isPoison(type)) return ast.op === 'not' ? { kind: 'not', operand, type: BOOL } : BAD;
  switch (ast.op) {
    case 'not':
      if (type.kind !== 'bool') return refuse('not', [operand], ast, context);
      return { kind: 'not', operand, type: BOOL };
    case 'negate':
      if (type.kind === 'float') return { kind: 'negate', operand, type };
      if (type.kind === 'int') return { kind: 'negate', operand, type: negated(type) };
      return refuse('-', [operand], ast, context);
    case 'invert':
      if (type.kind !== 'int') return refuse('~', [operand], ast, context);
      return { kind: 'invert', operand, type: inverted(type) };
  }
}

function refuse(operator: string, operands: readonly Expr[], ast: ExprAst, context: CheckContext): Expr {
  const { model, sink } = context.queries;
  const described = operands.map((operand) => describeType(operand.type, model)).join(' and ');
  sink.report('spec/operand-types', placeOf(context, ast.range), { operator, operands: described });
  return BAD;
}

export function checkLogic(
  ast: Extract<ExprAst, { kind: 'logic' }>,
  [left, right]: Operands,
  context: CheckContext,
): Expr {
  for (const operand of [left, right]) {
    if (operand.type.kind === 'bool' || isPoison(operand.type)) continue;
    refuse(ast.op, [left, right], ast, context);
    break;
  }
  return { kind: 'logic', op: ast.op, left, right, type: BOOL };
}

const BITWISE: ReadonlySet<ArithmeticOp> = new Set(['shl', 'shr', 'bit-and', 'bit-or', 'bit-xor'] as const);

export function checkArithmetic(
  ast: Extract<ExprAst, { kind: 'arithmetic' }>,
  [left, right]: Operands,
  context: CheckContext,
): Expr {
  if (isPoison(left.type) || isPoison(right.type)) return BAD;
  const { op } = ast;
  if (left.type.kind === 'int' && right.type.kind === 'int') {
    const type = arithmeticInterval(op, left.type, right.type);
    return { kind: 'arithmetic', op, left, right, type };
  }
  if (op === 'add' && left.type.kind === 'string' && right.type.kind === 'string') {
    return { kind: 'concat', left, right, type: STRING };
  }
  if (!BITWISE.has(op) && isNumber(left.type) && isNumber(right.type)) {
    return { kind: 'arithmetic', op, left, right, type: FLOAT };
  }
  return refuse(OPERATOR_TEXT[op], [left, right], ast, context);
}

export function checkCompare(
  ast: Extract<ExprAst, { kind: 'compare' }>,
  [left, right]: Operands,
  context: CheckContext,
): Expr {
  const { model, sink } = context.queries;
  const place = placeOf(context, ast.range);
  if (!isPoison(left.type) && !isPoison(right.type)) {
    if (!areComparable(left.type, right.type)) {
      const params = { left: describeType(left.type, model), right: describeType(right.type, model) };
      sink.report('spec/not-comparable', place, params);
    } else if (
      (left.type.kind === 'bool' || left.type.kind === 'enum') &&
      ast.op !== 'eq' &&
      ast.op !== 'ne'
    ) {
      refuse(OPERATOR_TEXT[ast.op], [left, right], ast, context);
    }
  }
  return { kind: 'compare', op: ast.op, left, right, type: BOOL };
}

/** Both of one kind that has an equality, or both numbers. */
export function areComparable(left: ValueType, right: ValueType): boolean {
  if (isPoison(left) || isPoison(right)) return true;
  if (isNumber(left) && isNumber(right)) return true;
  if (left.kind === 'enum' && right.kind === 'enum') return left.enum === right.enum;
  return (
    left.kind === right.kind && (left.kind === 'bool' || left.kind === 'string' || left.kind === 'bytes')
  );
}
