import type { Expr } from './expression.ts';

type ChildrenOf = { readonly [K in Expr['kind']]: (expr: Extract<Expr, { kind: K }>) => readonly Expr[] };

const none = (): readonly Expr[] => [];
const pair = (expr: { readonly left: Expr; readonly right: Expr }): readonly Expr[] => [
  expr.left,
  expr.right,
];
const object = (expr: { readonly object: Expr }): readonly Expr[] => [expr.object];
const operand = (expr: { readonly operand: Expr }): readonly Expr[] => [expr.operand];

const CHILDREN: ChildrenOf = {
  int: none,
  float: none,
  bool: none,
  string: none,
  bytes: none,
  enum: none,
  self: none,
  root: object,
  index: none,
  it: none,
  'byte-list': (expr) => expr.elements,
  array: (expr) => expr.elements,
  parent: object,
  io: object,
  member: object,
  not: operand,
  negate: operand,
  invert: operand,
  cast: operand,
  logic: pair,
  arithmetic: pair,
  concat: pair,
  compare: pair,
  choose: (expr) => [expr.condition, expr.yes, expr.no],
  subscript: (expr) => [expr.object, expr.index],
  call: (expr) => [expr.object, ...expr.args],
  format: (expr) => expr.parts,
};

/** The direct parts of an expression. */
export function exprChildren(expr: Expr): readonly Expr[] {
  const children = CHILDREN[expr.kind] as (expr: Expr) => readonly Expr[];
  return children(expr);
}

/** Visits an expression and all its parts; their depth is bounded by the parser. */
export function visitExpr(expr: Expr, visit: (part: Expr) => void): void {
  visit(expr);
  for (const child of exprChildren(expr)) visitExpr(child, visit);
}
