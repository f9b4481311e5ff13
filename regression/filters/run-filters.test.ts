import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Engine, findEngines } from '../../engines/index.ts';
import type { CheckResult } from '../checks/check-result.ts';
import { pluginOf } from '../testing/plugin-of.ts';
import { BEACON, suiteFrom } from '../testing/suite-from.ts';
import { readPlugin } from './lua/read-plugin.ts';
import { runFilters } from './run-filters.ts';

const TESTS = 'spec: x\nvectors: [{name: none, hex: 00}]\n';
const ENGINES = (await findEngines({ want: 'auto' }))
  .filter((engine) => engine.registered !== undefined)
  .slice(0, 1);

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-filters-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

interface Given {
  /** What the released plugin had that today's has not. */
  readonly change?: (lua: string) => string;
  readonly released?: string;
  readonly accepted?: Readonly<Record<string, string>>;
  readonly engines?: readonly Engine[];
}

let runs = 0;

async function run({
  change,
  released,
  accepted = {},
  engines = [],
}: Given): Promise<readonly CheckResult[]> {
  const suite = suiteFrom(BEACON, TESTS);
  const path = join(folder, `released-${++runs}.lua`);
  const lua = pluginOf(suite.protocol);
  writeFileSync(path, released ?? (change ?? ((text: string) => text))(lua));
  const filters = { released: path, accepted: new Map(Object.entries(accepted)) };
  const progress = (): void => undefined;
  return runFilters({
    suite: { ...suite, filters },
    engines,
    lua: undefined,
    generate: pluginOf,
    folder,
    progress,
  });
}

function told(results: readonly CheckResult[], status: CheckResult['status']): string[] {
  return results.filter((result) => result.status === status).flatMap(({ messages }) => messages);
}

function swap(from: string, to: string): (lua: string) => string {
  return (lua) => {
    const changed = lua.replaceAll(from, to);
    expect(changed, from).not.toBe(lua);
    return changed;
  };
}

test('the same plugin breaks nothing', async () => {
  const results = await run({});
  expect(told(results, 'fail')).toEqual([]);
  expect(told(results, 'pass')).toEqual([
    expect.stringMatching(/^\d+ filters of it do what they did; nothing is new\.$/),
  ]);
});

test.each([
  [
    '"wtbeacon.body.kind"',
    '"wtbeacon.body.sort"',
    'wtbeacon.body.sort is now wtbeacon.body.kind: a saved filter with the old name is refused.',
  ],
  [
    '"wtbeacon.rule.station"',
    '"wtbeacon.rule.place"',
    'wtbeacon.rule.place is now wtbeacon.rule.station: a saved filter with the old name is refused.',
  ],
  [
    'ProtoField.uint8("wtbeacon.body.kind"',
    'ProtoField.string("wtbeacon.body.kind"',
    'wtbeacon.body.kind was FT_STRING and is FT_UINT8: a saved filter such as "wtbeacon.body.kind == "hello"" is refused or matches otherwise.',
  ],
  [
    'ProtoField.uint16("wtbeacon.len"',
    'ProtoField.uint32("wtbeacon.len"',
    'wtbeacon.len was FT_UINT32 and is FT_UINT16: a saved filter with a number that is too large for it now is refused.',
  ],
  [
    'ProtoField.uint16("wtbeacon.len"',
    'ProtoField.int16("wtbeacon.len"',
    'wtbeacon.len was FT_INT16 and is FT_UINT16: its values beyond the half of its range are others.',
  ],
  [
    'base.DEC, values.kind',
    'base.DEC, values.kind, 0x0f',
    'wtbeacon.body.kind had the bit mask 0xf and has no bit mask: a saved filter matches other values.',
  ],
  ['[2] = "soil"', '[2] = "earth"', 'wtbeacon.body.kind == "earth" is refused: the value 2 is "soil" now.'],
  [
    'Proto("wtbeacon"',
    'Proto("wtlamp"',
    'wtlamp is now wtbeacon: a saved filter with the old name is refused.',
  ],
] as const)('what was %s and is %s is told', async (now, before, message) => {
  const results = await run({ change: swap(now, before) });
  expect(told(results, 'fail')).toContain(message);
  expect(
    told(results, 'fail').some((text) => text.startsWith('Keep what people have, or say in the tests file')),
  ).toBe(true);
});

test.each([
  ['ProtoField.uint16("wtbeacon.len"', 'ProtoField.uint8("wtbeacon.len"'],
  ['base.DEC, values.kind', 'base.HEX, values.kind'],
  ['"Station"', '"Place"'],
])('what was %s and is %s breaks nothing', async (now, before) => {
  expect(told(await run({ change: swap(now, before) }), 'fail')).toEqual([]);
});

test('what is gone is told, and what is new is no fault', async () => {
  const more = (lua: string): string =>
    lua.replace(
      'proto.fields = fields',
      'fields.lux = ProtoField.float("wtbeacon.lux", "Brightness")\nproto.fields = fields',
    );
  const results = await run({ change: (lua) => more(swap('"wtbeacon.body.station"', '"wtbeacon.x"')(lua)) });
  expect(told(results, 'fail')).toContain(
    'wtbeacon.lux is gone: a saved filter with it is refused ("Brightness").',
  );
  const fewer = await run({ released: 'local proto = Proto("wtbeacon", "Beacon")\n' });
  expect(told(fewer, 'fail')).toEqual([]);
  expect(told(fewer, 'pass').join()).toContain('new: wtbeacon.len,');
});

test('what the tests file accepts is no failure, and what it accepts without need is one', async () => {
  const change = swap('"wtbeacon.body.kind"', '"wtbeacon.body.sort"');
  const accepted = { 'wtbeacon.body.sort': 'The book calls it kind.' };
  const results = await run({ change, accepted });
  expect(told(results, 'fail')).toEqual([]);
  expect(told(results, 'pass')[0]).toContain(
    'is now wtbeacon.body.kind: a saved filter with the old name is refused. Accepted: The book',
  );
  expect(told(await run({ accepted }), 'fail')).toEqual([
    'wtbeacon.body.sort does not break (any more): take it out of "accept".',
  ]);
});

test('without a released plugin there is nothing to break, and a file that is not there is a failure', async () => {
  const suite = suiteFrom(BEACON, TESTS);
  const rest = { engines: [], lua: undefined, generate: pluginOf, folder, progress: (): void => undefined };
  expect((await runFilters({ suite, ...rest })).map(({ status }) => status)).toEqual(['skip']);
  const filters = { released: './nowhere.lua', accepted: new Map<string, string>() };
  expect((await runFilters({ suite: { ...suite, filters }, ...rest })).map(({ status }) => status)).toEqual([
    'fail',
  ]);
});

/** As people write them: constants, joined names, helpers, loops. */
const BY_HAND = `
local P <const> = nil
`;
const HAND_WRITTEN = `
local NAME = "wtbeacon"
local proto = Proto(NAME, "By hand")
local f, pf = proto.fields, ProtoField
local KINDS = { [1] = "Air", [2] = "Soil" }
f.len = pf.uint16(NAME .. ".len", "Len")
f.kind = ProtoField.new("Kind", NAME .. ".body.kind", ftypes.UINT8, KINDS, base.DEC, 0xF0)
f.flag = ProtoField.bool 'wtbeacon.flag'
local function add(short, label) f[short] = pf.string(NAME .. "." .. short, label) end
add("name", "Name")
for _, part in ipairs({ "a", "b" }) do f[part] = ProtoField.uint8(NAME .. "." .. part) end
local warn = ProtoExpert.new("wtbeacon.bad", "Bad", expert.group.MALFORMED, expert.severity.WARN)
`;

test('plugins written by hand are read as far as their text goes', () => {
  const { filters, unread } = readPlugin(HAND_WRITTEN);
  expect(
    filters.map(({ filter, types, mask, names, severity }) => [
      filter,
      types[0],
      mask,
      names?.get(2n) ?? null,
      severity,
    ]),
  ).toEqual([
    ['wtbeacon', 'FT_PROTOCOL', 0n, null, null],
    ['wtbeacon.len', 'FT_UINT16', 0n, null, null],
    ['wtbeacon.body.kind', 'FT_UINT8', 0xf0n, 'Soil', null],
    ['wtbeacon.flag', 'FT_BOOLEAN', 0n, null, null],
    ['wtbeacon.bad', 'FT_NONE', 0n, null, 'WARN'],
  ]);
  expect(unread).toEqual([
    { line: 9, why: 'its name is not written out' },
    { line: 11, why: 'its name is not written out' },
  ]);
});

test('a text that is no Lua of this parser is told, as are registrations of unknown names', async () => {
  const results = await run({ released: BY_HAND });
  expect(told(results, 'skip')).toEqual([
    expect.stringMatching(/^What it registers is not known: it cannot be parsed as Lua 5\.3/),
  ]);
  const loop = await run({ released: HAND_WRITTEN });
  expect(told(loop, 'skip')).toHaveLength(2);
});

test.runIf(ENGINES.length > 0)('what the text does not tell, Wireshark does: needs a tshark', async () => {
  const results = await run({ released: HAND_WRITTEN, engines: ENGINES });
  expect(told(results, 'skip')).toEqual([]);
  for (const gone of ['wtbeacon.name', 'wtbeacon.a', 'wtbeacon.b', 'wtbeacon.flag']) {
    expect(results.find(({ name }) => name === gone)?.status, gone).toBe('fail');
  }
});

test('deep nesting ends in a sentence, not in a crash', () => {
  const deep = `x = ${'{'.repeat(5000)}${'}'.repeat(5000)}`;
  expect(readPlugin(deep).unread.length).toBeGreaterThan(0);
  const joined = `local n = ${'"a" .. '.repeat(3000)}"b"\nlocal p = ProtoField.uint8(n)`;
  expect(readPlugin(joined).unread.length).toBeGreaterThan(0);
});
