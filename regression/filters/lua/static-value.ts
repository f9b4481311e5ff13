import type { Expression, TableConstructorExpression } from 'luaparse';

/** What an expression of Lua is, as far as the text alone tells. */
export type StaticValue =
  | { readonly kind: 'string'; readonly text: string }
  | { readonly kind: 'number'; readonly number: bigint }
  | { readonly kind: 'nil' }
  /** Of Wireshark or Lua: `ProtoField.uint8`. */
  | { readonly kind: 'path'; readonly path: string }
  /** Keys are texts; those of the list part its places from 1. */
  | { readonly kind: 'table'; readonly entries: ReadonlyMap<string, StaticValue> }
  /** One of them, depending on something that is known at run time only. */
  | { readonly kind: 'choice'; readonly values: readonly StaticValue[] }
  | { readonly kind: 'unknown' };

const UNKNOWN: StaticValue = { kind: 'unknown' };
/** Expressions of generated plugins are a few levels deep. */
const MAX_DEPTH = 100;

/** Names in sight, innermost first. */
export class Scope {
  readonly #names = new Map<string, StaticValue>();
  readonly #outer: Scope | null;

  constructor(outer: Scope | null) {
    this.#outer = outer;
  }

  declare(name: string, value: StaticValue): void {
    this.#names.set(name, value);
  }

  /** What nobody declares is Wireshark's or Lua's own. */
  find(name: string): StaticValue {
    const own = this.#names.get(name);
    if (own !== undefined) return own;
    return this.#outer === null ? { kind: 'path', path: name } : this.#outer.find(name);
  }
}

export function evaluate(node: Expression | null | undefined, scope: Scope, depth = 0): StaticValue {
  if (node == null) return { kind: 'nil' };
  if (depth > MAX_DEPTH) return UNKNOWN;
  const inner = (expression: Expression): StaticValue => evaluate(expression, scope, depth + 1);
  switch (node.type) {
    case 'StringLiteral':
      return stringOf(node.raw, node.value);
    case 'NumericLiteral':
      return numberOf(node.raw);
    case 'NilLiteral':
      return { kind: 'nil' };
    case 'Identifier':
      return scope.find(node.name);
    case 'MemberExpression':
      return member(inner(node.base), node.identifier.name);
    case 'IndexExpression':
      return member(inner(node.base), keyOf(inner(node.index)));
    case 'TableConstructorExpression':
      return tableOf(node, inner);
    case 'UnaryExpression':
      return negated(node.operator, inner(node.argument));
    case 'BinaryExpression':
      return binary(node.operator, inner(node.left), inner(node.right));
    case 'LogicalExpression':
      return logical(node.operator, inner(node.left), inner(node.right));
    case 'BooleanLiteral':
    case 'VarargLiteral':
    case 'FunctionDeclaration':
    case 'CallExpression':
    case 'TableCallExpression':
    case 'StringCallExpression':
      return UNKNOWN;
  }
}

/** The parser keeps the source of a string, and its value only for some settings. */
function stringOf(raw: string, value: unknown): StaticValue {
  if (typeof value === 'string') return { kind: 'string', text: value };
  const quoted = /^(["'])([\s\S]*)\1$/.exec(raw);
  if (quoted === null) {
    const long = /^\[(=*)\[\r?\n?([\s\S]*)\]\1\]$/.exec(raw);
    return long === null ? UNKNOWN : { kind: 'string', text: long[2] ?? '' };
  }
  return { kind: 'string', text: unescaped(quoted[2] ?? '') };
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11 };

/** Escapes are octets, and what they make up is UTF-8. */
function unescaped(body: string): string {
  const parts: Buffer[] = [];
  for (const [all, decimal, hex, char] of body.matchAll(
    /\\(?:(\d{1,3})|x([0-9a-fA-F]{2})|([\s\S]))|[^\\]+/g,
  )) {
    if (decimal !== undefined) parts.push(Buffer.from([Number(decimal) & 255]));
    else if (hex !== undefined) parts.push(Buffer.from([Number.parseInt(hex, 16)]));
    else if (char !== undefined) parts.push(escapeOf(char));
    else parts.push(Buffer.from(all));
  }
  return Buffer.concat(parts).toString('utf8');
}

function escapeOf(char: string): Buffer {
  const code = ESCAPES[char];
  return code === undefined ? Buffer.from(char) : Buffer.from([code]);
}

function numberOf(raw: string): StaticValue {
  return /^(0x[0-9a-f]+|\d+)$/i.test(raw) ? { kind: 'number', number: BigInt(raw) } : UNKNOWN;
}

function keyOf(key: StaticValue): string {
  if (key.kind === 'string') return key.text;
  return key.kind === 'number' ? key.number.toString() : '';
}

function member(base: StaticValue, name: string): StaticValue {
  if (name === '') return UNKNOWN;
  if (base.kind === 'path') return { kind: 'path', path: `${base.path}.${name}` };
  return base.kind === 'table' ? (base.entries.get(name) ?? UNKNOWN) : UNKNOWN;
}

function tableOf(
  { fields }: TableConstructorExpression,
  inner: (expression: Expression) => StaticValue,
): StaticValue {
  const entries = new Map<string, StaticValue>();
  let place = 0;
  for (const field of fields) {
    const value = inner(field.value);
    switch (field.type) {
      case 'TableKey':
        entries.set(keyOf(inner(field.key)), value);
        break;
      case 'TableKeyString':
        entries.set(field.key.name, value);
        break;
      case 'TableValue':
        place += 1;
        entries.set(place.toString(), value);
    }
  }
  return { kind: 'table', entries };
}

function negated(operator: string, value: StaticValue): StaticValue {
  return operator === '-' && value.kind === 'number' ? { kind: 'number', number: -value.number } : UNKNOWN;
}

/** Texts are joined, and bases added to flags of theirs. */
function binary(operator: string, left: StaticValue, right: StaticValue): StaticValue {
  if (operator === '..') {
    const [first, second] = [textOf(left), textOf(right)];
    return first === null || second === null ? UNKNOWN : { kind: 'string', text: first + second };
  }
  if (operator !== '+') return UNKNOWN;
  if (left.kind === 'number' && right.kind === 'number') {
    return { kind: 'number', number: left.number + right.number };
  }
  const isPaths = left.kind === 'path' && right.kind === 'path';
  return isPaths ? { kind: 'path', path: `${left.path}+${right.path}` } : UNKNOWN;
}

function textOf(value: StaticValue): string | null {
  if (value.kind === 'string') return value.text;
  return value.kind === 'number' ? value.number.toString() : null;
}

/** `since("4.6") and A or B` is A or B; `A or B` with a known A is A. */
function logical(operator: string, left: StaticValue, right: StaticValue): StaticValue {
  if (operator === 'and') return left.kind === 'unknown' ? choice([{ kind: 'nil' }, right]) : right;
  if (left.kind === 'nil') return right;
  if (left.kind !== 'choice') return left.kind === 'unknown' ? UNKNOWN : left;
  return choice([...left.values.filter(({ kind }) => kind !== 'nil'), right]);
}

function choice(values: readonly StaticValue[]): StaticValue {
  return { kind: 'choice', values };
}
