import type { TextRange } from './expression-ast.ts';

export type Token =
  | { readonly kind: 'int'; readonly range: TextRange; readonly value: bigint }
  | { readonly kind: 'float'; readonly range: TextRange; readonly value: number }
  | { readonly kind: 'string'; readonly range: TextRange; readonly value: string }
  | { readonly kind: 'format'; readonly range: TextRange; readonly parts: readonly FormatPart[] }
  | { readonly kind: 'name'; readonly range: TextRange; readonly text: string }
  | { readonly kind: 'symbol'; readonly range: TextRange; readonly text: string }
  | { readonly kind: 'end'; readonly range: TextRange };

/** Of an f-string: literal text, or an expression still to be parsed, as a range of the whole text. */
export type FormatPart =
  | { readonly kind: 'text'; readonly range: TextRange; readonly value: string }
  | { readonly kind: 'expression'; readonly range: TextRange };

/** Thrown inside this folder only; `parseExpression` turns it into a diagnostic. */
export class ExpressionFault extends Error {
  readonly range: TextRange;
  readonly found: string;
  readonly expected: string;
  readonly help: string | undefined;

  constructor(range: TextRange, found: string, expected: string, help?: string) {
    super(`${found}: expected ${expected}`);
    this.range = range;
    this.found = found;
    this.expected = expected;
    this.help = help;
  }
}

/** Longest first: `<<` before `<` (`>>`: see the parser). `&&`, `||` and `!` are no operators, but get a better message this way. */
const SYMBOLS = '&& || == != <= >= << :: + - * / % ( ) [ ] , ? : . < > & | ^ ~ !'.split(' ');
const SPACE = /[ \t\r\n]+/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const FLOAT = /[0-9][0-9_]*(?:\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?|[eE][-+]?[0-9]+|\.(?![A-Za-z_0-9]))/y;
const INTEGER = /0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|[0-9][0-9_]*/y;
const HIGHEST_INTEGER = (1n << 64n) - 1n;

/** Splits the part `[start, end)` of a text into tokens; the last one is `end`. Every round consumes text. */
export function tokenize(text: string, part: TextRange): readonly Token[] {
  const tokens: Token[] = [];
  let at = part.start;
  for (;;) {
    at += matchLength(SPACE, text, at);
    if (at >= part.end) break;
    const token = readToken(text, at, part.end);
    tokens.push(token);
    at = token.range.end;
  }
  tokens.push({ kind: 'end', range: { start: part.end, end: part.end } });
  return tokens;
}

function readToken(text: string, at: number, end: number): Token {
  const character = text[at] ?? '';
  if (character === "'") return readRawString(text, at, end);
  if (character === '"') return readQuotedString(text, at, end);
  if (character === 'f' && text[at + 1] === '"') return readFormatString(text, at, end);
  if (/[0-9]/.test(character)) return readNumber(text, at);
  const nameLength = matchLength(NAME, text, at);
  if (nameLength > 0) {
    const range = { start: at, end: at + nameLength };
    return { kind: 'name', range, text: text.slice(range.start, range.end) };
  }
  const symbol = SYMBOLS.find((candidate) => text.startsWith(candidate, at));
  if (symbol === undefined) {
    const shown = String.fromCodePoint(text.codePointAt(at) ?? 0);
    throw new ExpressionFault({ start: at, end: at + shown.length }, `"${shown}"`, 'an operator or a value');
  }
  return { kind: 'symbol', range: { start: at, end: at + symbol.length }, text: symbol };
}

function matchLength(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

function readNumber(text: string, at: number): Token {
  const floatLength = matchLength(FLOAT, text, at);
  if (floatLength > 0 && !/^0[xXbBoO]/.test(text.slice(at, at + 2))) {
    const range = { start: at, end: at + floatLength };
    return { kind: 'float', range, value: Number(text.slice(at, range.end).replaceAll('_', '')) };
  }
  const range = { start: at, end: at + matchLength(INTEGER, text, at) };
  const written = text.slice(range.start, range.end);
  const digits = written.replaceAll('_', '').toLowerCase();
  // 100 digits: more than 64 bits in any base; BigInt() of a megabyte of digits would take minutes.
  if (digits.length > 100 || /^0[xbo]$/.test(digits)) {
    throw new ExpressionFault(range, `"${written.slice(0, 30)}"`, 'a number of at most 64 bits');
  }
  const value = BigInt(digits);
  if (value > HIGHEST_INTEGER) throw new ExpressionFault(range, written, 'a number of at most 64 bits');
  return { kind: 'int', range, value };
}

function readRawString(text: string, at: number, end: number): Token {
  const close = text.indexOf("'", at + 1);
  if (close < 0 || close >= end) throw unterminated(at, end);
  return { kind: 'string', range: { start: at, end: close + 1 }, value: text.slice(at + 1, close) };
}

function unterminated(at: number, end: number): ExpressionFault {
  return new ExpressionFault({ start: at, end }, 'a string without an end', 'a closing quote');
}

function readQuotedString(text: string, at: number, end: number): Token {
  let value = '';
  let next = at + 1;
  while (next < end) {
    if (text[next] === '"') return { kind: 'string', range: { start: at, end: next + 1 }, value };
    const piece = readCharacter(text, next);
    value += piece.value;
    next += piece.length;
  }
  throw unterminated(at, end);
}

function readFormatString(text: string, at: number, end: number): Token {
  const parts: FormatPart[] = [];
  let literal = '';
  let literalStart = at + 2;
  let next = at + 2;
  const flush = (): void => {
    if (literal !== '')
      parts.push({ kind: 'text', range: { start: literalStart, end: next }, value: literal });
    literal = '';
  };
  while (next < end) {
    if (text[next] === '"') {
      flush();
      return { kind: 'format', range: { start: at, end: next + 1 }, parts };
    }
    if (text[next] === '{') {
      flush();
      const close = closingBrace(text, next, end);
      parts.push({ kind: 'expression', range: { start: next + 1, end: close } });
      next = close + 1;
      literalStart = next;
      continue;
    }
    const piece = readCharacter(text, next);
    literal += piece.value;
    next += piece.length;
  }
  throw unterminated(at, end);
}

/** The `}` that ends an embedded expression: strings inside it may contain braces, expressions may not. */
function closingBrace(text: string, open: number, end: number): number {
  let quote = '';
  for (let at = open + 1; at < end; at += 1) {
    const character = text[at] ?? '';
    if (quote !== '') {
      if (character === '\\' && quote === '"') at += 1;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '}') return at;
  }
  throw new ExpressionFault({ start: open, end }, '"{" without its end', '"}"');
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\u001b',
  "'": "'",
  '"': '"',
  '\\': '\\',
};
const OCTAL = /\\[0-7]+/y;
const UNICODE = /\\u[0-9a-fA-F]{4}/y;

function readCharacter(text: string, at: number): { readonly value: string; readonly length: number } {
  if (text[at] !== '\\') return { value: text[at] ?? '', length: 1 };
  const simple = ESCAPES[text[at + 1] ?? ''];
  if (simple !== undefined) return { value: simple, length: 2 };
  const octal = matchLength(OCTAL, text, at);
  if (octal > 1 && octal < 9) {
    const code = Number.parseInt(text.slice(at + 1, at + octal), 8);
    if (code <= 0xffff) return { value: String.fromCharCode(code), length: octal };
  }
  if (matchLength(UNICODE, text, at) > 0) {
    return { value: String.fromCharCode(Number.parseInt(text.slice(at + 2, at + 6), 16)), length: 6 };
  }
  throw new ExpressionFault(
    { start: at, end: at + 2 },
    `the escape "${text.slice(at, at + 2)}"`,
    'one of \\a \\b \\t \\n \\v \\f \\r \\e \\\\ \\\' \\" \\NNN \\uNNNN',
  );
}
