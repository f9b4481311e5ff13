import { isSafeInt } from '../../spec/index.ts';
import type { Expr, ValueType } from '../../spec/index.ts';
import { invariant } from '../invariant.ts';
import { binary, call, PRECEDENCE, prefix, primary, within } from '../lua/lua-expr.ts';
import type { LuaExpr } from '../lua/lua-expr.ts';
import { luaBytes, luaString } from '../lua/lua-text.ts';
import { Unsupported } from '../unsupported.ts';
import { compileArithmetic } from './arithmetic.ts';
import { compileCompare } from './compare.ts';
import type { CompileContext, Scope } from './context.ts';
import { compileMember } from './member.ts';
import { compileMethod } from './method.ts';

export type Compile = (expr: Expr) => LuaExpr;

interface Given {
  readonly context: CompileContext;
  readonly scope: Scope;
  readonly compile: Compile;
}
type Compilers = {
  readonly [K in Expr['kind']]: (expr: Extract<Expr, { kind: K }>, given: Given) => LuaExpr;
};

const COMPILERS: Compilers = {
  int: (expr) => intLiteral(expr.value),
  float: (expr) => floatLiteral(expr.value),
  bool: (expr) => primary(String(expr.value)),
  string: (expr) => primary(luaString(expr.value)),
  bytes: (expr) => primary(luaBytes(expr.value)),
  'byte-list': (expr, { compile }) => call('char', expr.elements.map(compile)),
  array: (expr, { compile }) => tableOf(expr.elements.map(compile)),
  enum: (expr) => intLiteral(expr.value),
  self: (_expr, { scope }) => primary(scope.self),
  root: (_expr, { scope }) => primary(`${scope.self}._root`),
  parent: (expr, { compile }) => primary(`${prefix(compile(expr.object))}._parent`),
  io: (expr, { compile }) => primary(`${prefix(compile(expr.object))}._io`),
  index: (_expr, { scope }) => {
    invariant(scope.index !== null, '`_index` outside of a repetition');
    return primary(scope.index);
  },
  it: (_expr, { scope }) => {
    invariant(scope.it !== null, '`_` outside of repeat-until, valid and switch');
    return scope.it;
  },
  member: (expr, { context, scope, compile }) => compileMember(context, scope, expr, compile),
  not: (expr, { compile }) => unary('not ', compile(expr.operand)),
  negate: (expr, { compile }) => {
    requireSafe(expr.operand.type, 'negating an integer beyond 53 bits');
    return unary('-', compile(expr.operand));
  },
  invert: (expr, { compile }) => {
    requireSafe(expr.operand.type, 'inverting the bits of an integer beyond 53 bits');
    return binary('-', PRECEDENCE.add, unary('-', compile(expr.operand)), primary('1'));
  },
  logic: (expr, { compile }) => binary(expr.op, PRECEDENCE[expr.op], compile(expr.left), compile(expr.right)),
  arithmetic: (expr, { context, compile }) => compileArithmetic(context, expr, compile),
  concat: (expr, { compile }) => binary('..', PRECEDENCE.concat, compile(expr.left), compile(expr.right)),
  compare: (expr, { context, compile }) => compileCompare(context, expr, compile),
  choose: (expr, { compile }) =>
    choose(compile(expr.condition), compile(expr.yes), compile(expr.no), expr.type),
  subscript: (expr, { context, compile }) => subscript(context, expr, compile),
  cast: (expr, { compile }) => compile(expr.operand),
  call: (expr, { context, scope, compile }) => compileMethod(context, scope, expr, compile),
  format: (expr, { context, compile }) => joinParts(context, expr.parts, compile),
};

/** A typed expression as Lua 5.1-5.4. @throws Unsupported */
export function compileExpr(context: CompileContext, scope: Scope, expr: Expr): LuaExpr {
  // The table has for each kind a function of that kind.
  const compiler = COMPILERS[expr.kind] as (expr: Expr, given: Given) => LuaExpr;
  return compiler(expr, { context, scope, compile: (inner) => compileExpr(context, scope, inner) });
}

export function isWide(type: ValueType): boolean {
  return type.kind === 'int' && !isSafeInt(type);
}

export function requireSafe(type: ValueType, feature: string): void {
  if (isWide(type)) throw new Unsupported(feature);
}

function intLiteral(value: bigint): LuaExpr {
  if (isSafeInt({ min: value, max: value })) {
    return value < 0n
      ? { text: value.toString(), precedence: PRECEDENCE.unary, fallible: false }
      : primary(value.toString());
  }
  const low = BigInt.asUintN(32, value).toString();
  const high = BigInt.asUintN(32, value >> 32n).toString();
  if (value >= 1n << 64n || value < -(1n << 63n)) throw new Unsupported('an integer beyond 64 bits');
  return primary(`${value < 0n ? 'Int64' : 'UInt64'}.new(${low}, ${high})`);
}

function floatLiteral(value: number): LuaExpr {
  if (Number.isNaN(value)) return primary('(0 / 0)');
  if (!Number.isFinite(value)) return primary(value > 0 ? 'math.huge' : '(-math.huge)');
  const text = String(value);
  const floating = /[.e]/u.test(text) ? text : `${text}.0`;
  return value < 0 || Object.is(value, -0)
    ? primary(`(${Object.is(value, -0) ? '-0.0' : floating})`)
    : primary(floating);
}

function tableOf(elements: readonly LuaExpr[]): LuaExpr {
  return primary(
    `{ ${elements.map((element) => element.text).join(', ')} }`,
    elements.some((one) => one.fallible),
  );
}

function unary(op: string, operand: LuaExpr): LuaExpr {
  // `- -x` would be a comment without the brackets.
  const text =
    operand.precedence <= PRECEDENCE.unary && operand.text.startsWith('-')
      ? `(${operand.text})`
      : within(operand, PRECEDENCE.unary);
  return { text: `${op}${text}`, precedence: PRECEDENCE.unary, fallible: operand.fallible };
}

/**
 * `c and y or n` is right as long as `y` is neither nil nor false. A bool may be false: then the condition, which
 * has no side effects, stands on both sides.
 */
function choose(condition: LuaExpr, yes: LuaExpr, no: LuaExpr, type: ValueType): LuaExpr {
  const chosen = binary('and', PRECEDENCE.and, condition, yes);
  if (type.kind !== 'bool') return binary('or', PRECEDENCE.or, chosen, no);
  const other = binary('and', PRECEDENCE.and, unary('not ', condition), no);
  return binary('or', PRECEDENCE.or, chosen, other);
}

function subscript(context: CompileContext, expr: Expr & { kind: 'subscript' }, compile: Compile): LuaExpr {
  requireSafe(expr.index.type, 'a subscript beyond 53 bits');
  const helper = expr.object.type.kind === 'bytes' ? 'octet_of' : 'element_of';
  return call(context.helpers.use(helper), [compile(expr.object), compile(expr.index)], true);
}

/** An f-string: ints in decimal, strings as they are. */
function joinParts(context: CompileContext, parts: readonly Expr[], compile: Compile): LuaExpr {
  if (parts.length === 0) return primary('""');
  const texts = parts.map((part) => {
    if (part.type.kind === 'string') return compile(part);
    if (part.type.kind === 'int') {
      if (isWide(part.type)) return call(context.helpers.use('wide_text'), [compile(part)]);
      return call('format', [primary('"%d"'), compile(part)]);
    }
    throw new Unsupported(`a ${part.type.kind} in an f-string`);
  });
  return texts.reduce((left, right) => binary('..', PRECEDENCE.concat, left, right));
}
