import { execFile } from 'node:child_process';
import { LuaFactory } from 'wasmoon';

/** What a Lua compiler says of a text; null: it compiles. */
export interface CompilerVerdict {
  readonly compiler: string;
  readonly fault: string | null;
}

/** Parsers of Debian's Lua packages. Those that are not installed are left out. */
const LUAC = ['luac5.1', 'luac5.2', 'luac5.3', 'luac5.4'] as const;

/** A parser that has not finished by then never will. */
const PATIENCE_MS = 20_000;

/** Compiles without running. Lua 5.4 in WebAssembly is always there, real compilers where installed. */
export async function compileWithAll(lua: string, name: string): Promise<readonly CompilerVerdict[]> {
  const verdicts = await Promise.all([
    compileInWasm(lua, name),
    ...LUAC.map((luac) => compileWithLuac(luac, lua, name)),
  ]);
  return verdicts.filter((verdict) => verdict !== null);
}

async function compileInWasm(lua: string, name: string): Promise<CompilerVerdict> {
  const engine = await new LuaFactory().createEngine({ openStandardLibs: true, injectObjects: false });
  try {
    engine.global.set('text', lua);
    engine.global.set('name', `=${name}`);
    const fault: unknown = engine.doStringSync('local _, fault = load(text, name, "t") return fault');
    return { compiler: 'Lua 5.4 (wasmoon)', fault: typeof fault === 'string' ? fault : null };
  } finally {
    engine.global.close();
  }
}

function compileWithLuac(luac: string, lua: string, name: string): Promise<CompilerVerdict | null> {
  return new Promise((resolve, reject) => {
    const child = execFile(luac, ['-p', '-'], { timeout: PATIENCE_MS }, (error, _stdout, stderr) => {
      if (error === null) resolve({ compiler: luac, fault: null });
      else if (error.code === 'ENOENT') resolve(null);
      else if (stderr !== '')
        resolve({ compiler: luac, fault: stderr.trim().replace(/^\S*: (?:stdin|-):/u, `${name}:`) });
      else reject(new Error(`${luac} could not be run: ${error.message}`, { cause: error }));
    });
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(lua);
  });
}
