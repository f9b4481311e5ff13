import luaparse from 'luaparse';
import type { Chunk, Expression, Node } from 'luaparse';
import { readCall } from './read-call.ts';
import type { PluginFilter, PluginRegistrations, UnreadRegistration } from './registrations.ts';
import { evaluate, Scope, type StaticValue } from './static-value.ts';

/** Deeper than any program that people write; it bounds the walk's recursion. */
const MAX_DEPTH = 300;

/**
 * What a plugin registers, from its text alone: calls of Proto, ProtoField and ProtoExpert whose arguments are
 * written out, or are constants of the file. Nothing of it is run.
 */
export function readPlugin(lua: string): PluginRegistrations {
  let chunk: Chunk;
  try {
    chunk = luaparse.parse(lua, { luaVersion: '5.3', locations: true, encodingMode: 'none' });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { filters: [], unread: [{ line: 1, why: `it cannot be parsed as Lua 5.3: ${why}` }] };
  }
  const walk = new Walk(reassignedIn(chunk));
  walk.visit(chunk, new Scope(null), 0);
  return { filters: walk.filters, unread: walk.unread };
}

/** Names that get another value after their declaration, wherever: what they are cannot be told from the text. */
function reassignedIn(chunk: Chunk): ReadonlySet<string> {
  const declared = new Set<string>();
  const assigned = new Map<string, number>();
  const queue: Node[] = [chunk];
  for (let node = queue.pop(); node !== undefined; node = queue.pop()) {
    queue.push(...childrenOf(node));
    if (node.type === 'LocalStatement') for (const { name } of node.variables) declared.add(name);
    if (node.type !== 'AssignmentStatement') continue;
    for (const target of node.variables) {
      if (target.type === 'Identifier') assigned.set(target.name, (assigned.get(target.name) ?? 0) + 1);
    }
  }
  return new Set([...assigned].flatMap(([name, times]) => (times > 1 || declared.has(name) ? [name] : [])));
}

const UNKNOWN: StaticValue = { kind: 'unknown' };

class Walk {
  readonly filters: PluginFilter[] = [];
  readonly unread: UnreadRegistration[] = [];
  readonly #reassigned: ReadonlySet<string>;

  constructor(reassigned: ReadonlySet<string>) {
    this.#reassigned = reassigned;
  }

  visit(node: Node, scope: Scope, depth: number): void {
    if (depth > MAX_DEPTH) {
      this.unread.push({ line: lineOf(node), why: 'it is nested too deep' });
      return;
    }
    if (isCall(node)) this.#call(node, scope);
    const inner = opensScope(node) ? new Scope(scope) : scope;
    for (const name of givenNames(node)) inner.declare(name, UNKNOWN);
    for (const child of childrenOf(node)) this.visit(child, inner, depth + 1);
    if (node.type === 'LocalStatement' || node.type === 'AssignmentStatement') {
      for (const [index, target] of node.variables.entries()) {
        if (target.type === 'Identifier') this.#declare(target.name, node.init[index], scope);
      }
    }
  }

  #declare(name: string, value: Expression | undefined, scope: Scope): void {
    scope.declare(name, this.#reassigned.has(name) ? UNKNOWN : evaluate(value, scope));
  }

  #call(node: Call, scope: Scope): void {
    const callee = evaluate(node.base, scope);
    const args = argumentsOf(node).map((argument) => evaluate(argument, scope));
    const read = readCall(callee, args, lineOf(node));
    if (read === undefined) return;
    if (typeof read === 'string') this.unread.push({ line: lineOf(node), why: read });
    else this.filters.push(read);
  }
}

type Call = Extract<
  Node,
  { readonly type: 'CallExpression' | 'StringCallExpression' | 'TableCallExpression' }
>;

function isCall(node: Node): node is Call {
  return (
    node.type === 'CallExpression' ||
    node.type === 'StringCallExpression' ||
    node.type === 'TableCallExpression'
  );
}

/** `Proto "barn"` is `Proto("barn")`. */
function argumentsOf(node: Call): readonly Expression[] {
  if (node.type === 'CallExpression') return node.arguments;
  return [node.type === 'StringCallExpression' ? node.argument : node.arguments];
}

function opensScope({ type }: Node): boolean {
  return (
    type === 'FunctionDeclaration' || type.startsWith('For') || /^(Do|While|Repeat)Stat|Clause$/.test(type)
  );
}

/** Names that get their values when the program runs. */
function givenNames(node: Node): readonly string[] {
  if (node.type === 'ForNumericStatement') return [node.variable.name];
  if (node.type === 'ForGenericStatement') return node.variables.map(({ name }) => name);
  if (node.type !== 'FunctionDeclaration') return [];
  return node.parameters.flatMap((parameter) => (parameter.type === 'Identifier' ? [parameter.name] : []));
}

function lineOf(node: Node): number {
  return node.loc?.start.line ?? 1;
}

/** All nodes directly inside, in the order of the text. */
function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flatMap((value: unknown) =>
    (Array.isArray(value) ? value : [value]).filter(isNode),
  );
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
