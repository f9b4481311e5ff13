import type { ArithmeticOp, CompareOp } from '../ir/expression.ts';

/** Half-open range of UTF-16 code units in the text of the expression. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** An expression as written. `depth`: nodes on the longest way down; bounded, so that recursion over it is safe. */
export type ExprAst = ExprNode & { readonly range: TextRange; readonly depth: number };

export type ExprNode =
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'format'; readonly parts: readonly ExprAst[] }
  | { readonly kind: 'list'; readonly elements: readonly ExprAst[] }
  | { readonly kind: 'name'; readonly id: string }
  /** `a::b::animal::cat`: the enum `animal` of the type `a::b`, its value `cat`. */
  | {
      readonly kind: 'enum';
      readonly absolute: boolean;
      readonly typePath: readonly string[];
      readonly enum: string;
      readonly member: string;
    }
  | { readonly kind: 'unary'; readonly op: 'not' | 'negate' | 'invert'; readonly operand: ExprAst }
  | { readonly kind: 'logic'; readonly op: 'and' | 'or'; readonly left: ExprAst; readonly right: ExprAst }
  | {
      readonly kind: 'arithmetic';
      readonly op: ArithmeticOp;
      readonly left: ExprAst;
      readonly right: ExprAst;
    }
  | { readonly kind: 'compare'; readonly op: CompareOp; readonly left: ExprAst; readonly right: ExprAst }
  | {
      readonly kind: 'choose';
      readonly condition: ExprAst;
      readonly yes: ExprAst;
      readonly no: ExprAst;
    }
  | { readonly kind: 'subscript'; readonly object: ExprAst; readonly index: ExprAst }
  | { readonly kind: 'member'; readonly object: ExprAst; readonly id: string; readonly idRange: TextRange }
  | { readonly kind: 'call'; readonly callee: ExprAst; readonly args: readonly ExprAst[] }
  | { readonly kind: 'cast'; readonly operand: ExprAst; readonly type: WrittenType }
  | { readonly kind: 'sizeof'; readonly unit: 'octets' | 'bits'; readonly type: WrittenType };

/** A type inside an expression: `.as<a::b[]>`, `sizeof<u4>`. */
export interface WrittenType {
  readonly range: TextRange;
  readonly absolute: boolean;
  readonly path: readonly string[];
  readonly array: boolean;
}

/** What is written for each operator, for messages. */
export const OPERATOR_TEXT: Readonly<Record<ArithmeticOp | CompareOp, string>> = {
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
  eq: '==',
  ne: '!=',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};
