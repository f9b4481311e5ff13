import type { Chunk, Node } from 'luaparse';

/** A local variable or parameter, and whether anything reads it. */
export interface LocalVariable {
  readonly name: string;
  readonly line: number;
  readonly kind: 'local' | 'parameter' | 'loop';
  read: boolean;
}

export interface ScopeFindings {
  readonly locals: readonly LocalVariable[];
  /** Most locals that are active at one time, by function. */
  readonly functions: readonly { readonly line: number; readonly mostLocals: number }[];
}

interface FunctionState {
  /** Blocks being walked, innermost last. */
  readonly blocks: Map<string, LocalVariable>[];
  active: number;
  mostLocals: number;
}

/** Walks a syntax tree with Lua's scope rules (manual 2.6). Ends: a syntax tree is finite. */
export function findScopes(chunk: Chunk): ScopeFindings {
  const walker = new ScopeWalker();
  walker.function(1, [], chunk.body);
  return { locals: walker.locals, functions: walker.functions };
}

/**
 * Keeps the functions being walked, innermost last, and in each the blocks being walked.
 * Invariant: a name is looked up in the innermost block first, then outwards, through all functions.
 */
class ScopeWalker {
  readonly locals: LocalVariable[] = [];
  readonly functions: { line: number; mostLocals: number }[] = [];
  readonly #open: FunctionState[] = [];

  function(line: number, parameters: readonly Node[], body: readonly Node[]): void {
    const state: FunctionState = { blocks: [], active: 0, mostLocals: 0 };
    this.#open.push(state);
    this.#block(body, parameters, 'parameter');
    this.#open.pop();
    this.functions.push({ line, mostLocals: state.mostLocals });
  }

  #block(
    body: readonly Node[],
    variables: readonly Node[] = [],
    kind: LocalVariable['kind'] = 'local',
  ): void {
    const state = this.#open.at(-1);
    if (state === undefined) return;
    const active = state.active;
    state.blocks.push(new Map());
    for (const variable of variables) this.#declare(variable, kind);
    for (const node of body) this.#visit(node);
    state.blocks.pop();
    state.active = active;
  }

  #declare(node: Node, kind: LocalVariable['kind']): void {
    const state = this.#open.at(-1);
    if (node.type !== 'Identifier' || state === undefined) return;
    const variable: LocalVariable = { name: node.name, line: lineOf(node), kind, read: false };
    state.blocks.at(-1)?.set(node.name, variable);
    state.active += 1;
    state.mostLocals = Math.max(state.mostLocals, state.active);
    this.locals.push(variable);
  }

  #read(name: string): void {
    for (const state of this.#open.toReversed()) {
      for (const block of state.blocks.toReversed()) {
        const found = block.get(name);
        if (found === undefined) continue;
        found.read = true;
        return;
      }
    }
  }

  /** Statements and names that have to do with scopes; of everything else, the parts. */
  #visit(node: Node): void {
    if (node.type === 'Identifier') this.#read(node.name);
    else if (node.type === 'FunctionDeclaration') this.#functionDeclaration(node);
    else if (node.type === 'LocalStatement') this.#assignment(node, true);
    else if (node.type === 'AssignmentStatement') this.#assignment(node, false);
    else if (node.type === 'ForNumericStatement' || node.type === 'ForGenericStatement') this.#loop(node);
    else if (node.type === 'MemberExpression') this.#visit(node.base);
    else if (node.type === 'TableKeyString') this.#visit(node.value);
    else if (node.type === 'RepeatStatement') this.#block([...node.body, node.condition]);
    else if ('body' in node && Array.isArray(node.body)) this.#conditionAndBlock(node);
    else for (const part of partsOf(node)) this.#visit(part);
  }

  #assignment(
    node: Extract<Node, { readonly type: 'LocalStatement' | 'AssignmentStatement' }>,
    declares: boolean,
  ): void {
    for (const value of node.init) this.#visit(value);
    for (const target of node.variables) {
      if (declares) this.#declare(target, 'local');
      // Writing to a local is not reading it; writing to a table reads where the table is.
      else if (target.type !== 'Identifier') this.#visit(target);
    }
  }

  #conditionAndBlock(node: Node & { readonly body: readonly Node[] }): void {
    if ('condition' in node) this.#visit(node.condition);
    this.#block(node.body);
  }

  #loop(node: Extract<Node, { readonly type: 'ForNumericStatement' | 'ForGenericStatement' }>): void {
    if (node.type === 'ForNumericStatement') {
      for (const bound of [node.start, node.end, node.step]) if (bound !== null) this.#visit(bound);
      this.#block(node.body, [node.variable], 'loop');
    } else {
      for (const iterator of node.iterators) this.#visit(iterator);
      this.#block(node.body, node.variables, 'loop');
    }
  }

  #functionDeclaration(node: Extract<Node, { readonly type: 'FunctionDeclaration' }>): void {
    const name = node.identifier;
    if (name !== null && node.isLocal) this.#declare(name, 'local');
    else if (name !== null) this.#visit(name);
    this.function(lineOf(node), node.parameters, node.body);
  }
}

function lineOf(node: Node): number {
  return node.loc?.start.line ?? 0;
}

/** The nodes directly inside one, whatever its type. */
export function partsOf(node: Node): readonly Node[] {
  return Object.values(node)
    .flatMap((value: unknown) => (Array.isArray(value) ? (value as readonly unknown[]) : [value]))
    .filter(isNode);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
