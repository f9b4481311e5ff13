import type { Expr } from '../../spec/index.ts';
import { binary, call, PRECEDENCE, primary } from '../lua/lua-expr.ts';
import type { LuaExpr } from '../lua/lua-expr.ts';
import { constantInt } from '../plan/extents.ts';
import { Unsupported } from '../unsupported.ts';
import { isWide } from './compile.ts';
import type { Compile } from './compile.ts';
import type { CompileContext } from './context.ts';

type ArithmeticExpr = Expr & { readonly kind: 'arithmetic' };

/**
 * Arithmetic of the expression language: ints divide and take remainders floored (docs/adr), whatever Lua's own
 * operators do; results of ints are ints also in Lua 5.4, where `/` and `^` give floats.
 */
export function compileArithmetic(context: CompileContext, expr: ArithmeticExpr, compile: Compile): LuaExpr {
  if (isWide(expr.type) || isWide(expr.left.type) || isWide(expr.right.type)) {
    throw new Unsupported('arithmetic with integers beyond 53 bits');
  }
  const operands: Operands = { context, expr, left: compile(expr.left), right: compile(expr.right) };
  const { left, right } = operands;
  switch (expr.op) {
    case 'add':
      return binary('+', PRECEDENCE.add, left, right);
    case 'sub':
      return binary('-', PRECEDENCE.add, left, right);
    case 'mul':
      return binary('*', PRECEDENCE.multiply, left, right);
    case 'div':
      return divide(operands);
    case 'mod':
      return remainder(operands);
    case 'shl':
      return shiftLeft(operands);
    case 'shr':
      return shiftRight(operands);
    case 'bit-and':
      return bitAnd(operands);
    case 'bit-or':
      return call(context.helpers.use('bit_or'), [left, right]);
    case 'bit-xor':
      return call(context.helpers.use('bit_xor'), [left, right]);
  }
}

interface Operands {
  readonly context: CompileContext;
  readonly expr: ArithmeticExpr;
  readonly left: LuaExpr;
  readonly right: LuaExpr;
}

/** Ints round down; a divisor that may be 0 is tested. */
function divide({ context, expr, left, right }: Operands): LuaExpr {
  const quotient = binary('/', PRECEDENCE.multiply, left, right);
  if (expr.type.kind !== 'int') return quotient;
  const divisor = constantInt(expr.right);
  if (divisor === null || divisor === 0) return call(context.helpers.use('divide'), [left, right], true);
  return call('floor', [quotient]);
}

/** Lua's `%` takes the sign of the divisor in every version, as the language wants it. */
function remainder({ context, expr, left, right }: Operands): LuaExpr {
  const divisor = constantInt(expr.right);
  if (expr.type.kind === 'int' && (divisor === null || divisor === 0)) {
    return call(context.helpers.use('remainder'), [left, right], true);
  }
  return binary('%', PRECEDENCE.multiply, left, right);
}

function shiftLeft({ context, expr, left, right }: Operands): LuaExpr {
  const factor = powerOfTwo(expr.right);
  if (factor === null) return call(context.helpers.use('shift_left'), [left, right], true);
  return binary('*', PRECEDENCE.multiply, left, factor);
}

function shiftRight({ context, expr, left, right }: Operands): LuaExpr {
  const factor = powerOfTwo(expr.right);
  if (factor === null) return call(context.helpers.use('shift_right'), [left, right], true);
  return call('floor', [binary('/', PRECEDENCE.multiply, left, factor)]);
}

/** 2^n of a constant shift. */
function powerOfTwo(by: Expr): LuaExpr | null {
  const count = constantInt(by);
  return count === null || count < 0 || count > 52 ? null : primary(String(2 ** count));
}

/** `x & 0xff`: the remainder by a power of two, also of negative numbers in two's complement. */
function bitAnd({ context, expr, left, right }: Operands): LuaExpr {
  const mask = constantInt(expr.right);
  if (mask !== null && mask > 0 && Number.isInteger(Math.log2(mask + 1)) && mask < 2 ** 52) {
    return binary('%', PRECEDENCE.multiply, left, primary(String(mask + 1)));
  }
  return call(context.helpers.use('bit_and'), [left, right]);
}
