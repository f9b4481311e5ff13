import type { ArithmeticOp, Expr } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import type { Eval } from '../plan.ts';
import { BIG_OPS, FLOAT_OPS, NUMBER_OPS, wrap64 } from './arithmetic.ts';
import { compileBool } from './bool.ts';
import { compileValue } from './value.ts';
import { toBig, toNumber } from './narrow.ts';

type Arithmetic = Extract<Expr, { kind: 'arithmetic' }>;
type Operator = Extract<Expr, { kind: 'arithmetic' | 'negate' | 'invert' }>;

/** Ints (also those that are bigints elsewhere), enums and floats as a double. */
export function compileNumber(c: Compiler, expr: Expr): Eval<number> {
  if (expr.kind === 'int' || expr.kind === 'enum' || expr.kind === 'float') {
    const value = Number(expr.value);
    return () => value;
  }
  if (expr.kind === 'index') return (_, index) => index;
  if (expr.kind === 'negate' || expr.kind === 'invert' || expr.kind === 'arithmetic') {
    return compileNumberOperator(c, expr);
  }
  if (expr.kind === 'choose') {
    const condition = compileBool(c, expr.condition);
    const yes = compileNumber(c, expr.yes);
    const no = compileNumber(c, expr.no);
    return (n, i, it) => (condition(n, i, it) ? yes(n, i, it) : no(n, i, it));
  }
  const value = compileValue(c, expr);
  return (n, i, it) => {
    const v = value(n, i, it);
    return typeof v === 'number' ? v : toNumber(v, expr);
  };
}

function compileNumberOperator(c: Compiler, expr: Operator): Eval<number> {
  if (needsBig(c, expr)) {
    const big = compileBig(c, expr);
    return (n, i, it) => Number(big(n, i, it));
  }
  if (expr.kind === 'arithmetic') return compileNumberArithmetic(c, expr);
  const operand = compileNumber(c, expr.operand);
  // 0 - 0 is 0, -0 is not; but a float keeps its sign of zero.
  if (expr.kind === 'negate' && expr.type.kind === 'float') return (n, i, it) => -operand(n, i, it);
  if (expr.kind === 'negate') return (n, i, it) => 0 - operand(n, i, it);
  return (n, i, it) => -1 - operand(n, i, it);
}

function compileNumberArithmetic(c: Compiler, expr: Arithmetic): Eval<number> {
  const left = compileNumber(c, expr.left);
  const right = compileNumber(c, expr.right);
  if (expr.type.kind === 'float') {
    const apply = floatOperator(expr.op);
    return (n, i, it) => apply(left(n, i, it), right(n, i, it));
  }
  if (expr.op === 'add') return (n, i, it) => left(n, i, it) + right(n, i, it);
  if (expr.op === 'sub') return (n, i, it) => left(n, i, it) - right(n, i, it);
  const apply = NUMBER_OPS[expr.op];
  return (n, i, it) => apply(left(n, i, it), right(n, i, it));
}

function floatOperator(op: ArithmeticOp): (a: number, b: number) => number {
  const apply = FLOAT_OPS[op];
  if (apply === undefined) throw new Error(`the IR has "${op}" of floats`);
  return apply;
}

/** Whether some operand, or the result, does not fit a double. */
function needsBig(c: Compiler, expr: Operator): boolean {
  if (expr.type.kind === 'float') return false;
  const operands = expr.kind === 'arithmetic' ? [expr.left, expr.right] : [expr.operand];
  return c.isBig(expr.type) || operands.some((operand) => c.isBig(operand.type));
}

/** Ints and enums as a bigint. */
export function compileBig(c: Compiler, expr: Expr): Eval<bigint> {
  if (expr.kind === 'int' || expr.kind === 'enum') {
    const value = expr.value;
    return () => value;
  }
  if (expr.kind === 'negate' || expr.kind === 'invert' || expr.kind === 'arithmetic') {
    return compileBigOperator(c, expr);
  }
  if (expr.kind === 'choose') {
    const condition = compileBool(c, expr.condition);
    const yes = compileBig(c, expr.yes);
    const no = compileBig(c, expr.no);
    return (n, i, it) => (condition(n, i, it) ? yes(n, i, it) : no(n, i, it));
  }
  const value = compileValue(c, expr);
  return (n, i, it) => {
    const v = value(n, i, it);
    return typeof v === 'bigint' ? v : toBig(v, expr);
  };
}

function compileBigOperator(c: Compiler, expr: Operator): Eval<bigint> {
  const signed = isSigned(expr);
  if (expr.kind === 'arithmetic') {
    const left = compileBig(c, expr.left);
    const right = compileBig(c, expr.right);
    const apply = BIG_OPS[expr.op];
    return (n, i, it) => wrap64(apply(left(n, i, it), right(n, i, it)), signed);
  }
  const operand = compileBig(c, expr.operand);
  if (expr.kind === 'negate') return (n, i, it) => wrap64(-operand(n, i, it), signed);
  return (n, i, it) => wrap64(~operand(n, i, it), signed);
}

function isSigned(expr: Expr): boolean {
  return expr.type.kind === 'int' && expr.type.min < 0n;
}

/** A size, position or count: an int of either representation. */
export function compileInt(c: Compiler, expr: Expr): Eval<number | bigint> {
  return c.isBig(expr.type) ? compileBig(c, expr) : compileNumber(c, expr);
}
