import type { Expression, Statement } from 'luaparse';

/**
 * Which part of a generated plugin a statement at its top level belongs to.
 *
 * Mutants are made of `own` parts only: what the generator made of this spec's fields, conditions, rules and state, and
 * what vectors can reach. They are known by their names, which are the same in every plugin:
 * - `own`: functions in the tables `read`, `get`, `expect`, `check`, `show` and `change`, the tables `partial.*`, the
 *   registration of fields, `state.INITIAL`, `state.negotiated`, `state.part`, `state.data`, `state.seed`, `info_text`;
 * - `runtime`: helpers, limits, TCP and the keeping of state, which are the same whatever the spec says;
 * - the rest are the spec's, and no vector reaches them or no vector is held to them; they are counted by name.
 */
export type LuaPart =
  | { readonly kind: 'own'; readonly name: string }
  | { readonly kind: 'runtime' }
  | { readonly kind: 'unreachable'; readonly what: string };

const OWN_TABLES = new Set(['read', 'get', 'expect', 'check', 'show', 'change', 'partial']);
const OWN_NAMES = new Set([
  'info_text',
  'fields',
  'state.INITIAL',
  'state.negotiated',
  'state.part',
  'state.data',
  'state.seed',
]);
const UNREACHABLE: Readonly<Record<string, string>> = {
  tap: 'statistics and menus',
  alias: 'filter names of the built-in dissector',
  aliases: 'filter names of the built-in dissector',
  builtin: 'filter names of the built-in dissector',
  midstream: 'connections without a beginning',
  midstream_fields: 'connections without a beginning',
  upgrade: 'handshakes',
  handshake_fields: 'handshakes',
  handshake_rules: 'handshakes',
  offers: 'handing over to other dissectors',
  hand: 'handing over to other dissectors',
  values: 'names of values and rules',
  experts: 'names of values and rules',
};

export function partOf(statement: Statement): LuaPart {
  const name = nameOf(statement);
  const [table = '', member] = name.split('.');
  if (OWN_NAMES.has(name) || (member !== undefined && OWN_TABLES.has(table))) return { kind: 'own', name };
  const what = UNREACHABLE[table];
  return what === undefined ? { kind: 'runtime' } : { kind: 'unreachable', what };
}

/** `read.websocket`, `fields`; empty: it names nothing. */
function nameOf(statement: Statement): string {
  if (statement.type === 'FunctionDeclaration')
    return statement.identifier === null ? '' : dotted(statement.identifier);
  if (statement.type === 'LocalStatement') return statement.variables[0]?.name ?? '';
  if (statement.type === 'AssignmentStatement') {
    const [target] = statement.variables;
    return target === undefined ? '' : dotted(target);
  }
  return '';
}

export function dotted(expression: Expression): string {
  if (expression.type === 'Identifier') return expression.name;
  return expression.type === 'MemberExpression'
    ? `${dotted(expression.base)}.${expression.identifier.name}`
    : '';
}
