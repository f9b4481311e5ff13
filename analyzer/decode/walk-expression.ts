import type { Expr } from '../../spec/index.ts';

const none = (): readonly Expr[] => [];
const pair = (expr: { readonly left: Expr; readonly right: Expr }): readonly Expr[] => [
  expr.left,
  expr.right,
];

const OPERANDS: { readonly [K in Expr['kind']]: (expr: Extract<Expr, { kind: K }>) => readonly Expr[] } = {
  int: none,
  float: none,
  bool: none,
  string: none,
  bytes: none,
  enum: none,
  self: none,
  index: none,
  it: none,
  'byte-list': (expr) => expr.elements,
  array: (expr) => expr.elements,
  root: (expr) => [expr.object],
  parent: (expr) => [expr.object],
  io: (expr) => [expr.object],
  member: (expr) => [expr.object],
  not: (expr) => [expr.operand],
  negate: (expr) => [expr.operand],
  invert: (expr) => [expr.operand],
  cast: (expr) => [expr.operand],
  logic: pair,
  arithmetic: pair,
  concat: pair,
  compare: pair,
  choose: (expr) => [expr.condition, expr.yes, expr.no],
  subscript: (expr) => [expr.object, expr.index],
  call: (expr) => [expr.object, ...expr.args],
  format: (expr) => expr.parts,
};

/** The expressions directly inside one. */
export function operandsOf(expr: Expr): readonly Expr[] {
  // The table pairs each kind with its own operands, which the type of an indexed access does not tell.
  const operands = OPERANDS[expr.kind] as (expr: Expr) => readonly Expr[];
  return operands(expr);
}

export type MemberExpr = Extract<Expr, { kind: 'member' }>;

/** Every member that an expression names, in order of writing. */
export function membersOf(expr: Expr): readonly MemberExpr[] {
  const inside = operandsOf(expr).flatMap(membersOf);
  return expr.kind === 'member' ? [...inside, expr] : inside;
}
