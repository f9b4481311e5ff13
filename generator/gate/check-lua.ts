import luaparse from 'luaparse';
import type { Chunk } from 'luaparse';
import { compileWithAll } from './compilers.ts';
import { printsElsewhere } from './printing.ts';
import type { GateProblem, GateReport } from './report.ts';
import { findScopes } from './scopes.ts';
import { WIRESHARK_API } from './wireshark-api.ts';

/** Lua's own bound on active local variables in one function (LUAI_MAXVARS). */
const MOST_LOCALS = 200;

/**
 * Whether a Lua text is fit to be a plugin on every Wireshark: the grammar that Lua 5.1 to 5.4 share, no name used that
 * nobody declares, no local that nobody reads, and real compilers agree. Wireshark itself is asked elsewhere.
 */
export async function checkLua(lua: string, name: string): Promise<GateReport> {
  const parsed = parse(lua, name);
  const verdicts = await compileWithAll(lua, name);
  const compiling = verdicts.flatMap(({ compiler, fault }): readonly GateProblem[] =>
    fault === null ? [] : [{ gate: 'compiler', message: `${compiler}: ${fault}`, line: null }],
  );
  return {
    problems: [...parsed, ...compiling],
    compilers: verdicts.map(({ compiler }) => compiler),
  };
}

function parse(lua: string, name: string): readonly GateProblem[] {
  let chunk: Chunk;
  try {
    chunk = luaparse.parse(lua, { luaVersion: '5.1', scope: true, locations: true });
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    return [{ gate: 'grammar', message: `${name}: ${message}`, line: null }];
  }
  return [...globalProblems(chunk, name), ...scopeProblems(chunk, name)];
}

function globalProblems(chunk: Chunk, name: string): readonly GateProblem[] {
  const mayPrint = !printsElsewhere(chunk);
  return freeNames(chunk)
    .filter(({ name: free }) => !WIRESHARK_API.has(free) && !(free === 'print' && mayPrint))
    .map(({ name: free, line }) => ({
      gate: 'globals',
      message: `${name}:${String(line)}: "${free}" is declared nowhere and is not a part of Wireshark's API.`,
      line,
    }));
}

/** Each name once, at its first use. */
export function freeNames(chunk: Chunk): readonly { readonly name: string; readonly line: number }[] {
  const globals: unknown = 'globals' in chunk ? chunk.globals : [];
  if (!Array.isArray(globals)) return [];
  return globals.map(
    (one: { readonly name: string; readonly loc?: { readonly start: { readonly line: number } } }) => ({
      name: one.name,
      line: one.loc?.start.line ?? 0,
    }),
  );
}

function scopeProblems(chunk: Chunk, name: string): readonly GateProblem[] {
  const { locals, functions } = findScopes(chunk);
  const unread = locals
    .filter((local) => !local.read && local.kind === 'local' && local.name !== '_')
    .map((local): GateProblem => ({
      gate: 'unread-locals',
      message: `${name}:${String(local.line)}: The local "${local.name}" is never read.`,
      line: local.line,
    }));
  const crowded = functions
    .filter(({ mostLocals }) => mostLocals > MOST_LOCALS)
    .map(({ line, mostLocals }): GateProblem => ({
      gate: 'local-limit',
      message: `${name}:${String(line)}: The function has ${String(mostLocals)} local variables; Lua allows ${String(MOST_LOCALS)}.`,
      line,
    }));
  return [...unread, ...crowded];
}
