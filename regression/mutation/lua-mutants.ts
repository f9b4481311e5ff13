import luaparse from 'luaparse';
import type { Statement } from 'luaparse';
import { type LuaEdit, LuaEdits } from './lua-edits.ts';
import { partOf } from './lua-scope.ts';
import { numbered, type Operator } from './mutant.ts';

/** A generated plugin with one fault in it. */
export interface LuaMutant {
  readonly name: string;
  readonly operator: Operator;
  /** From 1. */
  readonly line: number;
  /** The line, without blanks at its ends. */
  readonly before: string;
  readonly after: string;
  /** Display filter of the nearest field, else the member or the function that it is in. */
  readonly subject: string;
  readonly lua: () => string;
}

export interface LuaMutants {
  readonly mutants: readonly LuaMutant[];
  /** Places where a fault could be as well, in parts that no vector reaches, by part. */
  readonly unreachable: ReadonlyMap<string, number>;
}

/** All plugins with one fault in a part that is made from the spec (see LuaPart). */
export function luaMutants(lua: string): LuaMutants {
  const { body } = luaparse.parse(lua, { luaVersion: '5.1', ranges: true, locations: true, comments: false });
  const filters = filtersOf(body);
  const mutants: LuaMutant[] = [];
  const unreachable = new Map<string, number>();
  for (const statement of body) {
    const part = partOf(statement);
    if (part.kind === 'runtime') continue;
    const edits = new LuaEdits(lua, part.kind === 'own' ? part.name : '').of(statement);
    if (part.kind === 'unreachable') {
      unreachable.set(part.what, (unreachable.get(part.what) ?? 0) + edits.length);
    } else {
      mutants.push(...edits.map((edit) => mutantOf(lua, edit, { function: part.name, filters })));
    }
  }
  return { mutants: numbered(mutants), unreachable };
}

interface Place {
  readonly function: string;
  readonly filters: ReadonlyMap<string, string>;
}

function mutantOf(lua: string, edit: LuaEdit, place: Place): LuaMutant {
  const { start, end, text, operator } = edit;
  const from = lua.lastIndexOf('\n', start - 1) + 1;
  const newline = lua.indexOf('\n', end);
  const to = newline < 0 ? lua.length : newline;
  const line = lua.slice(0, start).split('\n').length;
  const [before, after] = [lua.slice(from, to), lua.slice(from, start) + text + lua.slice(end, to)].map(
    shown,
  );
  const field = edit.field === null ? undefined : place.filters.get(edit.field);
  const subject = field ?? (edit.member === null ? place.function : `${place.function}, ${edit.member}`);
  return {
    name: `line ${line}, ${operator}: ${narrow(lua, edit)}`,
    operator,
    line,
    before: before ?? '',
    after: after ?? '',
    subject,
    lua: () => lua.slice(0, start) + text + lua.slice(end),
  };
}

/** Longer lines are told around the change. */
const LONGEST = 120;
function shown(text: string): string {
  const one = text.replace(/\s+/g, ' ').trim();
  return one.length > LONGEST ? `${one.slice(0, LONGEST - 3)}...` : one;
}

const AROUND = 24;

/** `tvb(start + 1, 1) -> tvb(start + 2, 1)`: the change with a little around it. */
function narrow(lua: string, { start, end, text }: LuaEdit): string {
  const before = lua
    .slice(Math.max(0, start - AROUND), start)
    .replace(/^.*\n/s, '')
    .trimStart();
  const after = lua
    .slice(end, end + AROUND)
    .replace(/\n.*$/s, '')
    .trimEnd();
  return shown(`${before}${shown(lua.slice(start, end))}${after} -> ${before}${shown(text)}${after}`);
}

/** `fields.X` -> `ws.x` */
function filtersOf(body: readonly Statement[]): ReadonlyMap<string, string> {
  const filters = new Map<string, string>();
  for (const statement of body) {
    if (statement.type !== 'LocalStatement' || statement.variables[0]?.name !== 'fields') continue;
    const [table] = statement.init;
    if (table?.type !== 'TableConstructorExpression') continue;
    for (const field of table.fields) {
      if (field.type !== 'TableKeyString' || field.value.type !== 'CallExpression') continue;
      const [name] = field.value.arguments;
      if (name?.type === 'StringLiteral') filters.set(field.key.name, JSON.parse(name.raw) as string);
    }
  }
  return filters;
}
