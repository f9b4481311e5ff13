import type { CompareOp, Expr, ValueType } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import type { Eval } from '../plan.ts';
import type { Slot } from '../slot.ts';
import { compareBytes, compareText, sameSlot } from './order.ts';
import { toBool, unfit } from './narrow.ts';
import { compileInt, compileNumber } from './number.ts';
import { compileBytes, compileText } from './text.ts';
import { compileValue } from './value.ts';

type Compare = Extract<Expr, { kind: 'compare' }>;

export function compileBool(c: Compiler, expr: Expr): Eval<boolean> {
  if (expr.kind === 'bool') {
    const value = expr.value;
    return () => value;
  }
  if (expr.kind === 'not') {
    const operand = compileBool(c, expr.operand);
    return (n, i, it) => !operand(n, i, it);
  }
  if (expr.kind === 'logic') {
    const left = compileBool(c, expr.left);
    const right = compileBool(c, expr.right);
    if (expr.op === 'and') return (n, i, it) => left(n, i, it) && right(n, i, it);
    return (n, i, it) => left(n, i, it) || right(n, i, it);
  }
  if (expr.kind === 'compare') return compileCompare(c, expr);
  const value = compileValue(c, expr);
  return (n, i, it) => {
    const v = value(n, i, it);
    return typeof v === 'boolean' ? v : toBool(v, expr);
  };
}

function compileCompare(c: Compiler, expr: Compare): Eval<boolean> {
  const kinds = [expr.left.type.kind, expr.right.type.kind];
  if (kinds.every((kind) => kind === 'string')) {
    return ordered(expr.op, compileText(c, expr.left), compileText(c, expr.right), compareText);
  }
  if (kinds.every((kind) => kind === 'bytes')) {
    return ordered(expr.op, compileBytes(c, expr.left), compileBytes(c, expr.right), compareBytes);
  }
  if (kinds.every((kind) => kind === 'int' || kind === 'float' || kind === 'enum')) {
    return compileNumberCompare(c, expr);
  }
  return compileSame(c, expr);
}

function compileNumberCompare(c: Compiler, expr: Compare): Eval<boolean> {
  if (c.isBig(expr.left.type) || c.isBig(expr.right.type)) {
    // JavaScript compares a bigint with a double exactly.
    return ordered(expr.op, compileMixed(c, expr.left), compileMixed(c, expr.right), compareMixed);
  }
  return numberCompare(expr.op, compileNumber(c, expr.left), compileNumber(c, expr.right));
}

function compileMixed(c: Compiler, expr: Expr): Eval<number | bigint> {
  return isFloat(expr.type) ? compileNumber(c, expr) : compileInt(c, expr);
}

function isFloat(type: ValueType): boolean {
  return type.kind === 'float';
}

function numberCompare(op: CompareOp, left: Eval<number>, right: Eval<number>): Eval<boolean> {
  switch (op) {
    case 'eq':
      return (n, i, it) => left(n, i, it) === right(n, i, it);
    case 'ne':
      return (n, i, it) => left(n, i, it) !== right(n, i, it);
    case 'lt':
      return (n, i, it) => left(n, i, it) < right(n, i, it);
    case 'le':
      return (n, i, it) => left(n, i, it) <= right(n, i, it);
    case 'gt':
      return (n, i, it) => left(n, i, it) > right(n, i, it);
    case 'ge':
      return (n, i, it) => left(n, i, it) >= right(n, i, it);
  }
}

/** NaN is unlike and beside everything: comparing with it yields NaN, of which no operator but `ne` holds. */
function compareMixed(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  if (a > b) return 1;
  return a == b ? 0 : Number.NaN;
}

function ordered<T>(
  op: CompareOp,
  left: Eval<T>,
  right: Eval<T>,
  order: (a: T, b: T) => number,
): Eval<boolean> {
  switch (op) {
    case 'eq':
      return (n, i, it) => order(left(n, i, it), right(n, i, it)) === 0;
    case 'ne':
      return (n, i, it) => order(left(n, i, it), right(n, i, it)) !== 0;
    case 'lt':
      return (n, i, it) => order(left(n, i, it), right(n, i, it)) < 0;
    case 'le':
      return (n, i, it) => order(left(n, i, it), right(n, i, it)) <= 0;
    case 'gt':
      return (n, i, it) => order(left(n, i, it), right(n, i, it)) > 0;
    case 'ge':
      return (n, i, it) => order(left(n, i, it), right(n, i, it)) >= 0;
  }
}

/** Bools, and operands whose type only the data tells. */
function compileSame(c: Compiler, expr: Compare): Eval<boolean> {
  const left = compileValue(c, expr.left);
  const right = compileValue(c, expr.right);
  const negated = expr.op === 'ne';
  return (n, i, it) => {
    const a: Slot = left(n, i, it);
    const b: Slot = right(n, i, it);
    if (a === undefined) return unfit(a, expr.left);
    if (b === undefined) return unfit(b, expr.right);
    return sameSlot(a, b) !== negated;
  };
}
