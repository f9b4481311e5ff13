import type {
  BinaryExpression,
  CallExpression,
  Expression,
  LogicalExpression,
  Node,
  Statement,
} from 'luaparse';
import { dotted } from './lua-scope.ts';
import type { Operator } from './mutant.ts';

/** Other text in the place of some. */
export interface LuaEdit {
  readonly operator: Operator;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** `X` of the `fields.X` that the statement shows; null: none. */
  readonly field: string | null;
  /** The member of an object that it assigns to; null: none. */
  readonly member: string | null;
}

const COMPARISONS: Readonly<Record<string, string>> = {
  '==': '~=',
  '~=': '==',
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
};
const ARITHMETIC: Readonly<Record<string, string>> = { '+': '-', '-': '+', '*': '+' };
/** Calls whose numbers are places in the octets. */
const POSITIONS = new Set([
  'tvb',
  'byte',
  'sub',
  'skip',
  'u1',
  'u2be',
  'u2le',
  'u4be',
  'u4le',
  'u8be',
  'u8le',
]);

/** What could be wrong in a statement and all in it. State: the edits so far, and where in the statement it stands. */
export class LuaEdits {
  readonly #lua: string;
  readonly #part: string;
  readonly #edits: LuaEdit[] = [];
  #field: string | null = null;
  #member: string | null = null;

  /** `part`: LuaPart.name */
  constructor(lua: string, part: string) {
    this.#lua = lua;
    this.#part = part;
  }

  of(statement: Statement): readonly LuaEdit[] {
    this.#visit(statement, 'constant');
    const seen = new Map(this.#edits.map((edit) => [`${edit.start} ${edit.end} ${edit.text}`, edit]));
    return [...seen.values()];
  }

  /** `numbers`: what a number means here. Ends: a tree. */
  #visit(node: Node, numbers: Operator): void {
    const [field, member] = [this.#field, this.#member];
    this.#field = fieldOf(node) ?? this.#field;
    if (node.type === 'AssignmentStatement') this.#member = memberOf(node.variables[0]) ?? this.#member;
    this.#here(node, numbers);
    const inside = node.type === 'CallExpression' && POSITIONS.has(dotted(node.base)) ? 'position' : numbers;
    for (const inner of childrenOf(node)) this.#visit(inner, inside);
    this.#field = field;
    this.#member = member;
  }

  #here(node: Node, numbers: Operator): void {
    this.#expression(node, numbers);
    this.#statement(node);
  }

  #expression(node: Node, numbers: Operator): void {
    if (node.type === 'NumericLiteral') this.#number(node, node.value, numbers);
    if (node.type === 'BooleanLiteral') this.#replace('constant', node, node.value ? 'false' : 'true');
    if (node.type === 'StringLiteral' && this.#part === 'info_text') {
      this.#replace('text', node, `${node.raw.slice(0, -1)}~${node.raw.slice(-1)}`);
    }
    if (node.type === 'BinaryExpression' || node.type === 'LogicalExpression') this.#operator(node);
    if (node.type === 'UnaryExpression' && node.operator === 'not') {
      this.#replace('logic', node, this.#text(node.argument));
    }
  }

  #statement(node: Node): void {
    if (node.type === 'IfClause' || node.type === 'ElseifClause') {
      this.#replace('condition', node.condition, `not (${this.#text(node.condition)})`);
    }
    if (node.type === 'AssignmentStatement' && memberOf(node.variables[0]) !== null && this.#isInside()) {
      this.#replace('state', node, '');
    }
    if (node.type === 'CallStatement') this.#call(node);
    if (node.type === 'ReturnStatement') this.#result(node.arguments[0]);
  }

  #number(node: Node, value: number, numbers: Operator): void {
    const text = this.#text(node);
    if (this.#part === 'fields') {
      // Widths are what the type demands; masks are hexadecimal.
      if (text.startsWith('0x'))
        this.#replace('mask', node, `0x${(value > 1 ? value >> 1 : 2).toString(16)}`);
      return;
    }
    this.#replace(numbers, node, String(value + 1));
    if (value > 0) this.#replace(numbers, node, String(value - 1));
  }

  #operator({ operator, left, right }: BinaryExpression | LogicalExpression): void {
    const [kind, other] = otherOperator(operator);
    if (other === undefined) return;
    const [, from] = rangeOf(left);
    const [to] = rangeOf(right);
    const start = this.#lua.indexOf(operator, from);
    if (start >= 0 && start < to) this.#add(kind, start, start + operator.length, other);
  }

  #call(node: Node & { type: 'CallStatement' }): void {
    const call = node.expression;
    if (call.type !== 'CallExpression') return;
    const name = dotted(call.base);
    if (call.base.type === 'Identifier' && (name === 'fault' || name === 'report')) {
      this.#replace('rule', node, '');
      return;
    }
    this.#byteOrder(call);
    this.#replace('call', node, '');
  }

  /** `tree:add(field, tvb(...))` reads big-endian. Of one octet there is no other order. */
  #byteOrder(call: CallExpression): void {
    const [, range] = call.arguments;
    if (call.base.type !== 'MemberExpression' || call.base.identifier.name !== 'add') return;
    if (range?.type !== 'CallExpression' || dotted(range.base) !== 'tvb') return;
    const [, length] = range.arguments;
    if (length?.type === 'NumericLiteral' && length.value > 1) {
      this.#replace('byte order', call.base.identifier, 'add_le');
    }
  }

  #result(result: Expression | undefined): void {
    if (result === undefined || result.type === 'NilLiteral') return;
    const text = this.#text(result);
    this.#replace('result', result, this.#part.startsWith('expect.') ? `not (${text})` : 'nil');
  }

  /** Of a function: what is assigned at the top level makes the tables that everything is in. */
  #isInside(): boolean {
    return !this.#part.startsWith('partial.') && this.#part !== 'state.INITIAL' && this.#part !== 'fields';
  }

  #replace(operator: Operator, node: Node, text: string): void {
    const [start, end] = rangeOf(node);
    this.#add(operator, start, end, text);
  }

  #add(operator: Operator, start: number, end: number, text: string): void {
    this.#edits.push({ operator, start, end, text, field: this.#field, member: this.#member });
  }

  #text(node: Node): string {
    const [start, end] = rangeOf(node);
    return this.#lua.slice(start, end);
  }
}

function otherOperator(operator: string): readonly [Operator, string | undefined] {
  if (operator === 'and' || operator === 'or') return ['logic', operator === 'and' ? 'or' : 'and'];
  const comparison = COMPARISONS[operator];
  return comparison === undefined ? ['arithmetic', ARITHMETIC[operator]] : ['comparison', comparison];
}

export function rangeOf(node: Node): readonly [number, number] {
  const { range } = node as { readonly range?: readonly [number, number] };
  if (range === undefined) throw new Error('the Lua was parsed without ranges');
  return range;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'range' in value;
}

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flatMap((value) =>
    (Array.isArray(value) ? (value as unknown[]) : [value]).filter(isNode),
  );
}

/** The field of a statement that shows it, or of the condition around it. */
function fieldOf(node: Node): string | null {
  if (node.type === 'MemberExpression' && dotted(node.base) === 'fields') return node.identifier.name;
  if (node.type === 'TableKeyString' && childrenOf(node.value).length > 0) return node.key.name;
  return node.type === 'CallStatement' || node.type === 'IfClause' ? fieldIn(node) : null;
}

function fieldIn(node: Node): string | null {
  if (node.type === 'MemberExpression' && dotted(node.base) === 'fields') return node.identifier.name;
  for (const inner of childrenOf(node)) {
    const found = fieldIn(inner);
    if (found !== null) return found;
  }
  return null;
}

/** `x` of `o.x`; null: a local variable. */
function memberOf(target: Expression | undefined): string | null {
  return target?.type === 'MemberExpression' ? target.identifier.name : null;
}
