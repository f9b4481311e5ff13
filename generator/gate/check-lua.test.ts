import { expect, test } from 'vitest';
import { checkLua } from './check-lua.ts';
import { WIRESHARK_API } from './wireshark-api.ts';

async function problemsOf(lua: string): Promise<readonly string[]> {
  const report = await checkLua(lua, 'beacon.lua');
  return report.problems.map(({ gate, message }) => `${gate}: ${message}`);
}

test('passes a plugin that declares what it uses', async () => {
  const report = await checkLua('local proto = Proto("beacon", "Beacon")\nproto.fields = {}\n', 'beacon.lua');
  expect(report.problems).toEqual([]);
  expect(report.compilers).toContain('Lua 5.4 (wasmoon)');
});

test('refuses what Lua 5.1 cannot parse, although 5.4 can', async () => {
  for (const lua of ['return 7 // 2', 'return 6 & 3', 'local x <const> = 1 return x']) {
    expect((await problemsOf(lua)).some((problem) => problem.startsWith('grammar:'))).toBe(true);
  }
});

test('refuses a name that is declared nowhere', async () => {
  expect(await problemsOf('local value = 1\nreturn value + offset\n')).toEqual([
    'globals: beacon.lua:2: "offset" is declared nowhere and is not a part of Wireshark\'s API.',
  ]);
});

test('refuses an assignment to a global', async () => {
  expect(await problemsOf('index = 1\n')).toHaveLength(1);
});

test('refuses what a dissector must not touch', async () => {
  for (const name of ['print', 'io', 'os', 'require', 'dofile', 'debug', 'package']) {
    expect(await problemsOf(`local held = ${name}\nreturn held\n`)).toHaveLength(1);
  }
});

test('refuses a local that nobody reads', async () => {
  expect(await problemsOf('local read, unread = 1, 2\nunread = 3\nreturn read\n')).toEqual([
    'unread-locals: beacon.lua:1: The local "unread" is never read.',
  ]);
});

test('follows shadowing: reading the inner local is not reading the outer', async () => {
  expect(
    await problemsOf('local a = 1\nlocal function f()\n  local a = 2\n  return a\nend\nreturn f\n'),
  ).toEqual(['unread-locals: beacon.lua:1: The local "a" is never read.']);
});

test('lets the condition of a repeat see the locals of its body', async () => {
  expect(await problemsOf('repeat\n  local done = true\nuntil done\n')).toEqual([]);
});

test('reads a table that is written to, and loop bounds and methods', async () => {
  const lua = 'local t, n = {}, 3\nfor i = 1, n do t[i] = i end\nlocal s = "x"\nreturn s:rep(2), t\n';
  expect(await problemsOf(lua)).toEqual([]);
});

test('counts the locals of a function as Lua does', async () => {
  const many = (count: number): string =>
    `${Array.from({ length: count }, (_, index) => `local v${String(index)} = 1`).join('\n')}\nreturn ${Array.from({ length: count }, (_, index) => `v${String(index)}`).join(' + ')}\n`;
  expect(await problemsOf(many(200))).toEqual([]);
  const found = await problemsOf(many(201));
  expect(found[0]).toContain('has 201 local variables; Lua allows 200.');
  // Real compilers say the same.
  expect(found.some((problem) => problem.startsWith('compiler: Lua 5.4 (wasmoon)'))).toBe(true);
});

test('frees the locals of a block at its end', async () => {
  const block = `do\n${Array.from({ length: 150 }, (_, index) => `local v${String(index)} = 1\nassert(v${String(index)})`).join('\n')}\nend\n`;
  expect(await problemsOf(block + block)).toEqual([]);
});

test('keeps the list of the API sorted', () => {
  const names = [...WIRESHARK_API];
  expect(names).toEqual(names.toSorted());
});
