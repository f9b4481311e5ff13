import type { ArithmeticOp, CompareOp } from '../ir/expression.ts';
import type { ExprAst, ExprNode, TextRange, WrittenType } from './expression-ast.ts';
import type { Token } from './lexer.ts';
import { ExpressionFault, tokenize } from './lexer.ts';

/**
 * Deepest tree of an expression. Every later step recurses over it, and Lua refuses more than about 190 nested
 * parentheses; the deepest expression of the Kaitai gallery has 21 levels.
 */
export const MAX_EXPRESSION_DEPTH = 120;
/** Characters of one expression: bounds the work of the lexer; the gallery's longest has under 600. */
export const MAX_EXPRESSION_LENGTH = 64 * 1024;

/** Thrown like ExpressionFault; the message is another one. */
export class ExpressionTooDeep extends Error {
  readonly range: TextRange;

  constructor(range: TextRange) {
    super('too deep');
    this.range = range;
  }
}

/** Parses a whole text; throws ExpressionFault or ExpressionTooDeep. */
export function parseExpressionText(text: string, part: TextRange): ExprAst {
  const parser = new ExpressionParser(text, part, 0);
  return parser.whole();
}

/** Parses `a, b + 1` as it stands between the parentheses of `type: header(a, b + 1)`. */
export function parseArgumentList(text: string, part: TextRange): readonly ExprAst[] {
  return new ExpressionParser(text, part, 0).wholeList();
}

/** Binary operators by rising precedence, as in Python; comparison does not chain. */
const BINARY_LEVELS: readonly Readonly<Record<string, ArithmeticOp>>[] = [
  { '|': 'bit-or' },
  { '^': 'bit-xor' },
  { '&': 'bit-and' },
  { '<<': 'shl', '>>': 'shr' },
  { '+': 'add', '-': 'sub' },
  { '*': 'mul', '/': 'div', '%': 'mod' },
];
const COMPARISONS: Readonly<Record<string, CompareOp>> = {
  '==': 'eq',
  '!=': 'ne',
  '<': 'lt',
  '<=': 'le',
  '>': 'gt',
  '>=': 'ge',
};
const UNARY: Readonly<Record<string, 'negate' | 'invert'>> = { '-': 'negate', '~': 'invert' };
const MEANT: Readonly<Record<string, string>> = { '&&': 'and', '||': 'or', '!': 'not' };

/** Recursive descent. State: the next token, and how deep the recursion is. */
class ExpressionParser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;
  #nesting: number;
  constructor(text: string, part: TextRange, nesting: number) {
    this.#text = text;
    this.#tokens = tokenize(text, part);
    this.#nesting = nesting;
  }

  whole(): ExprAst {
    const tree = this.#expression();
    const rest = this.#peek();
    if (rest.kind !== 'end') throw this.#unexpected('an operator or the end of the expression');
    return tree;
  }

  wholeList(): readonly ExprAst[] {
    const elements: ExprAst[] = [];
    if (this.#peek().kind === 'end') return elements;
    do elements.push(this.#expression());
    while (this.#takeSymbol(','));
    if (this.#peek().kind !== 'end') throw this.#unexpected('"," or ")"');
    return elements;
  }

  #expression(): ExprAst {
    this.#nesting += 1;
    if (this.#nesting > MAX_EXPRESSION_DEPTH) throw new ExpressionTooDeep(this.#peek().range);
    const condition = this.#or();
    if (!this.#takeSymbol('?')) {
      this.#nesting -= 1;
      return condition;
    }
    const yes = this.#expression();
    this.#expectSymbol(':');
    const no = this.#expression();
    this.#nesting -= 1;
    return this.#node({ kind: 'choose', condition, yes, no }, condition.range.start, [condition, yes, no]);
  }

  #or(): ExprAst {
    let left = this.#and();
    while (this.#takeName('or')) {
      const right = this.#and();
      left = this.#node({ kind: 'logic', op: 'or', left, right }, left.range.start, [left, right]);
    }
    return left;
  }

  #and(): ExprAst {
    let left = this.#not();
    while (this.#takeName('and')) {
      const right = this.#not();
      left = this.#node({ kind: 'logic', op: 'and', left, right }, left.range.start, [left, right]);
    }
    return left;
  }

  #not(): ExprAst {
    const { start } = this.#peek().range;
    if (!this.#takeName('not')) return this.#comparison();
    this.#nesting += 1;
    if (this.#nesting > MAX_EXPRESSION_DEPTH) throw new ExpressionTooDeep(this.#peek().range);
    const operand = this.#not();
    this.#nesting -= 1;
    return this.#node({ kind: 'unary', op: 'not', operand }, start, [operand]);
  }

  #comparison(): ExprAst {
    const left = this.#binary(0);
    const op = this.#takeOperator(COMPARISONS);
    if (op === undefined) return left;
    const right = this.#binary(0);
    return this.#node({ kind: 'compare', op, left, right }, left.range.start, [left, right]);
  }

  #binary(level: number): ExprAst {
    const operators = BINARY_LEVELS[level];
    if (operators === undefined) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const op = this.#takeOperator(operators);
      if (op === undefined) return left;
      const right = this.#binary(level + 1);
      left = this.#node({ kind: 'arithmetic', op, left, right }, left.range.start, [left, right]);
    }
  }

  #unary(): ExprAst {
    while (this.#takeSymbol('+'));
    const { start } = this.#peek().range;
    const op = this.#takeOperator(UNARY);
    if (op === undefined) return this.#postfix();
    this.#nesting += 1;
    if (this.#nesting > MAX_EXPRESSION_DEPTH) throw new ExpressionTooDeep(this.#peek().range);
    const operand = this.#unary();
    this.#nesting -= 1;
    return this.#node({ kind: 'unary', op, operand }, start, [operand]);
  }

  #postfix(): ExprAst {
    let left = this.#atom();
    for (;;) {
      const { start } = left.range;
      if (this.#takeSymbol('.')) left = this.#afterDot(left);
      else if (this.#takeSymbol('[')) {
        const index = this.#expression();
        this.#expectSymbol(']');
        left = this.#node({ kind: 'subscript', object: left, index }, start, [left, index]);
      } else if (this.#takeSymbol('(')) {
        const args = this.#list(')');
        left = this.#node({ kind: 'call', callee: left, args }, start, [left, ...args]);
      } else return left;
    }
  }

  #afterDot(object: ExprAst): ExprAst {
    const token = this.#peek();
    if (token.kind !== 'name') throw this.#unexpected('the name of a member');
    this.#next += 1;
    if (token.text === 'as' && this.#isSymbol('<')) {
      const type = this.#writtenType();
      return this.#node({ kind: 'cast', operand: object, type }, object.range.start, [object]);
    }
    const node: ExprNode = { kind: 'member', object, id: token.text, idRange: token.range };
    return this.#node(node, object.range.start, [object]);
  }

  #atom(): ExprAst {
    const token = this.#peek();
    const { start } = token.range;
    switch (token.kind) {
      case 'int':
        this.#next += 1;
        return this.#node({ kind: 'int', value: token.value }, start, []);
      case 'float':
        this.#next += 1;
        return this.#node({ kind: 'float', value: token.value }, start, []);
      case 'string':
        return this.#strings();
      case 'format':
        this.#next += 1;
        return this.#format(token);
      case 'name':
        return this.#name(token.text);
      case 'symbol':
        return this.#bracketed(token.text);
      case 'end':
        throw this.#unexpected('a value');
    }
  }

  /** Strings side by side are one string. */
  #strings(): ExprAst {
    const { start } = this.#peek().range;
    let value = '';
    for (let token = this.#peek(); token.kind === 'string'; token = this.#peek()) {
      value += token.value;
      this.#next += 1;
    }
    return this.#node({ kind: 'string', value }, start, []);
  }

  #format(token: Extract<Token, { kind: 'format' }>): ExprAst {
    const parts = token.parts.map((part) =>
      part.kind === 'text'
        ? { kind: 'string' as const, value: part.value, range: part.range, depth: 1 }
        : new ExpressionParser(this.#text, part.range, this.#nesting).whole(),
    );
    return this.#node({ kind: 'format', parts }, token.range.start, parts);
  }

  #bracketed(symbol: string): ExprAst {
    const { start } = this.#peek().range;
    if (symbol === '(') {
      this.#next += 1;
      const inner = this.#expression();
      this.#expectSymbol(')');
      return { ...inner, range: { start, end: this.#lastEnd() } };
    }
    if (symbol === '[') {
      this.#next += 1;
      const elements = this.#list(']');
      return this.#node({ kind: 'list', elements }, start, elements);
    }
    if (symbol === '::') return this.#enumValue([], true);
    throw this.#unexpected('a value');
  }

  #name(text: string): ExprAst {
    const { start } = this.#peek().range;
    this.#next += 1;
    if (text === 'true' || text === 'false') {
      return this.#node({ kind: 'bool', value: text === 'true' }, start, []);
    }
    if ((text === 'sizeof' || text === 'bitsizeof') && this.#isSymbol('<')) {
      const type = this.#writtenType();
      return this.#node({ kind: 'sizeof', unit: text === 'sizeof' ? 'octets' : 'bits', type }, start, []);
    }
    if (text === 'and' || text === 'or' || text === 'not') {
      this.#next -= 1;
      throw this.#unexpected('a value');
    }
    if (this.#isSymbol('::')) return this.#enumValue([text], false);
    return this.#node({ kind: 'name', id: text }, start, []);
  }

  #enumValue(first: readonly string[], absolute: boolean): ExprAst {
    const start = first.length > 0 ? this.#lastStart() : this.#peek().range.start;
    const names = [...first];
    while (this.#takeSymbol('::')) {
      const token = this.#peek();
      if (token.kind !== 'name') throw this.#unexpected('a name');
      this.#next += 1;
      names.push(token.text);
    }
    const member = names.at(-1);
    const enumName = names.at(-2);
    if (member === undefined || enumName === undefined)
      throw this.#unexpected('"::" and the name of a value');
    const node: ExprNode = { kind: 'enum', absolute, typePath: names.slice(0, -2), enum: enumName, member };
    return this.#node(node, start, []);
  }

  /** `<a::b[]>`, the `<` not yet taken. */
  #writtenType(): WrittenType {
    const { start } = this.#peek().range;
    this.#expectSymbol('<');
    const absolute = this.#takeSymbol('::');
    const path: string[] = [];
    do {
      const token = this.#peek();
      if (token.kind !== 'name') throw this.#unexpected('the name of a type');
      this.#next += 1;
      path.push(token.text);
    } while (this.#takeSymbol('::'));
    const array = this.#takeSymbol('[');
    if (array) this.#expectSymbol(']');
    this.#expectSymbol('>');
    return { range: { start: start + 1, end: this.#lastEnd() - 1 }, absolute, path, array };
  }

  /** Elements up to the closing bracket; a trailing comma is allowed in a list, not in arguments. */
  #list(close: string): readonly ExprAst[] {
    const elements: ExprAst[] = [];
    while (!this.#takeSymbol(close)) {
      if (elements.length > 0) this.#expectSymbol(',');
      if (close === ']' && elements.length > 0 && this.#takeSymbol(close)) break;
      elements.push(this.#expression());
    }
    return elements;
  }

  #node(node: ExprNode, start: number, children: readonly ExprAst[]): ExprAst {
    const range = { start, end: this.#lastEnd() };
    let depth = 1;
    for (const child of children) depth = Math.max(depth, child.depth + 1);
    if (depth > MAX_EXPRESSION_DEPTH) throw new ExpressionTooDeep(range);
    return { ...node, range, depth };
  }

  #peek(): Token {
    const token = this.#tokens[this.#next] ?? this.#tokens.at(-1);
    if (token === undefined) throw new Error('the token list ends in an end token');
    return token;
  }

  #isSymbol(text: string): boolean {
    const token = this.#peek();
    return token.kind === 'symbol' && token.text === text;
  }

  #takeSymbol(text: string): boolean {
    if (!this.#isSymbol(text)) return false;
    this.#next += 1;
    return true;
  }

  #expectSymbol(text: string): void {
    if (!this.#takeSymbol(text)) throw this.#unexpected(`"${text}"`);
  }

  #takeName(text: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'name' || token.text !== text) return false;
    this.#next += 1;
    return true;
  }

  #takeOperator<Op extends string>(operators: Readonly<Record<string, Op>>): Op | undefined {
    const token = this.#peek();
    if (token.kind !== 'symbol') return undefined;
    const doubled = this.#isShiftRight() ? '>>' : token.text;
    if (!Object.hasOwn(operators, doubled)) return undefined;
    this.#next += doubled === token.text ? 1 : 2;
    return operators[doubled];
  }

  /** `>` and `>` side by side. The lexer keeps them apart because of `x.as<u4>>>2`. */
  #isShiftRight(): boolean {
    const [first, second] = [this.#tokens[this.#next], this.#tokens[this.#next + 1]];
    return (
      first?.kind === 'symbol' &&
      first.text === '>' &&
      second?.kind === 'symbol' &&
      second.text === '>' &&
      first.range.end === second.range.start
    );
  }

  #lastEnd(): number {
    return this.#tokens[this.#next - 1]?.range.end ?? 0;
  }

  #lastStart(): number {
    return this.#tokens[this.#next - 1]?.range.start ?? 0;
  }

  #unexpected(expected: string): ExpressionFault {
    const token = this.#peek();
    if (token.kind === 'end') return new ExpressionFault(token.range, 'the end of the expression', expected);
    const text = this.#text.slice(token.range.start, Math.min(token.range.end, token.range.start + 30));
    const meant = MEANT[text];
    const help = meant === undefined ? undefined : `Did you mean "${meant}"?`;
    return new ExpressionFault(token.range, `"${text}"`, expected, help);
  }
}
