import type { ArithmeticOp, CompareOp, Expr } from '../../spec/index.ts';

const COMPARE: Readonly<Record<CompareOp, string>> = {
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};
const ARITHMETIC: Readonly<Record<ArithmeticOp, string>> = {
  add: '+',
  sub: '-',
  mul: '*',
  div: '/',
  mod: '%',
  shl: '<<',
  shr: '>>',
  'bit-and': '&',
  'bit-or': '|',
  'bit-xor': '^',
};

/** Longer than that nobody reads it in a line. */
const LONGEST = 80;

/** An expression in words like those of the spec, for people: not to be parsed again. */
export function exprText(expr: Expr): string {
  const text = textOf(expr);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}

function textOf(expr: Expr): string {
  if (expr.kind === 'compare') return infix(expr, COMPARE[expr.op]);
  if (expr.kind === 'arithmetic') return infix(expr, ARITHMETIC[expr.op]);
  if (expr.kind === 'logic') return infix(expr, expr.op);
  if (expr.kind === 'concat') return infix(expr, '+');
  return atomText(expr) ?? compoundText(expr) ?? expr.kind;
}

function infix({ left, right }: { readonly left: Expr; readonly right: Expr }, operator: string): string {
  return `${inner(left)} ${operator} ${inner(right)}`;
}

function inner(expr: Expr): string {
  const isInfix = ['compare', 'arithmetic', 'logic', 'concat', 'choose'].includes(expr.kind);
  return isInfix ? `(${textOf(expr)})` : textOf(expr);
}

function atomText(expr: Expr): string | undefined {
  if (expr.kind === 'string') return JSON.stringify(expr.value);
  if (expr.kind === 'bytes') return `[${Array.from(expr.value).join(', ')}]`;
  if (expr.kind === 'enum') return expr.name;
  if (expr.kind === 'int' || expr.kind === 'float' || expr.kind === 'bool') return String(expr.value);
  if (expr.kind === 'self') return 'this';
  if (expr.kind === 'index') return '_index';
  return expr.kind === 'it' ? '_' : undefined;
}

function compoundText(expr: Expr): string | undefined {
  if (expr.kind === 'member') {
    return expr.object.kind === 'self' ? expr.member.id : `${inner(expr.object)}.${expr.member.id}`;
  }
  if (expr.kind === 'root' || expr.kind === 'parent' || expr.kind === 'io') {
    return expr.object.kind === 'self' ? `_${expr.kind}` : `${inner(expr.object)}._${expr.kind}`;
  }
  if (expr.kind === 'not') return `not ${inner(expr.operand)}`;
  if (expr.kind === 'negate') return `-${inner(expr.operand)}`;
  if (expr.kind === 'invert') return `~${inner(expr.operand)}`;
  if (expr.kind === 'cast') return textOf(expr.operand);
  if (expr.kind === 'choose') return `${inner(expr.condition)} ? ${inner(expr.yes)} : ${inner(expr.no)}`;
  if (expr.kind === 'subscript') return `${inner(expr.object)}[${textOf(expr.index)}]`;
  return expr.kind === 'call' ? `${inner(expr.object)}.${expr.method}` : undefined;
}
