import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findEngines } from '../../engines/index.ts';
import { generatePlugin } from '../../generator/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { CheckContext } from '../checks/check-context.ts';
import type { CheckResult } from '../checks/check-result.ts';
import type { Suite } from '../suite/suite.ts';
import { BEACON, suiteFrom } from '../testing/suite-from.ts';
import { luaMutants } from './lua-mutants.ts';
import type { MutationScore } from './mutation-report.ts';
import { runMutation } from './run-mutation.ts';
import { sampled } from './sample.ts';
import { SpecJury } from './spec-jury.ts';
import { specMutants } from './spec-mutants.ts';

const ENGINE_MS = 300_000;
const ENGINES = (await findEngines({ want: 'tshark' })).slice(0, 1);
const folder = mkdtempSync(join(tmpdir(), 'wiretwin-mutation-'));
chmodSync(folder, 0o755);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Nothing is said but the octets. */
const POOR = `spec: x
vectors:
  - {name: soil, hex: 0008 0702 1f4142 204344}
`;
const GOOD = `spec: x
vectors:
  - name: soil
    hex: 0008 0702 1f4142 204344
    expect:
      {len: 8, station: 7, body: {station: 7, kind: soil, readings: [{moisture: 31, label: "AB"}, {moisture: 32, label: "CD"}]}}
    info: Beacon 7
  - {name: air, hex: 0002 6301, expect: {body: {kind: air}}, info: Beacon 99}
  - {name: far, hex: 0002 6401, expect: {body: {kind: air}}, expect_findings: [STATION], info: Beacon 100}
  - {name: wet, hex: 0005 0701 644142, expect: {'body.readings[0].moisture': 100}, info: Beacon 7}
  - {name: too wet, hex: 0005 0701 ff4142, expect: {'body.readings[0].moisture': 255}, expect_findings: [VALID]}
  - {name: a bit too wet, hex: 0005 0701 654142, expect: {'body.readings[0].moisture': 101}, expect_findings: [VALID]}
  - {name: wide, hex: 0002 8001, expect: {station: 128, body.station: 128}, expect_findings: [STATION]}
`;

function luaOf(protocol: Protocol): string {
  const generated = generatePlugin(protocol, { version: '0.0.0', specPath: 'x.ksy', command: 'test' });
  if (!('lua' in generated)) throw new Error('the beacon must have a plugin');
  return generated.lua;
}

function contextOf(suite: Suite, engines = ENGINES): CheckContext {
  return {
    suite,
    engines,
    lua: engines.length === 0 ? undefined : luaOf(suite.protocol),
    generate: luaOf,
    folder,
    progress: () => undefined,
  };
}

async function specScore(tests: string): Promise<MutationScore> {
  const [result] = await runMutation(contextOf(suiteFrom(BEACON, tests), []));
  return scoreOf(result);
}

function scoreOf(result: CheckResult | undefined): MutationScore {
  if (result?.data === undefined || result.data === null) throw new Error('there is no score');
  return result.data as MutationScore;
}

test('tests that say nothing notice little, and what they leave is named with its place', async () => {
  const poor = await specScore(POOR);
  expect(poor.percent).toBeLessThan(60);
  const names = poor.survivors.map(({ name }) => name);
  expect(names).toContain('enum kind::soil: enum value, 2 -> 3');
  expect(names).toContain('body.station: field order, station, kind -> kind, station');
  expect(names).toContain('rule STATION: rule, rule -> none');
  const moisture = poor.survivors.find(({ name }) => name === 'reading.moisture: valid, valid -> none');
  expect(moisture).toMatchObject({ file: 'beacon.ksy', line: 20, operator: 'valid' });
});

test('tests that say something of everything notice nearly all', async () => {
  const good = await specScore(GOOD);
  expect(good.survivors.map(({ name }) => name)).toEqual([
    'len: sign, unsigned -> signed',
    'body.kind: sign, unsigned -> signed',
    'reading.label: encoding, ASCII -> ISO-8859-1',
  ]);
  expect(good.percent).toBeGreaterThan(85);
});

test('a suggested vector kills what survived when it is pasted', async () => {
  const poor = await specScore(POOR);
  const { protocol } = suiteFrom(BEACON, POOR);
  const mutants = new Map(specMutants(protocol).map((mutant) => [mutant.name, mutant]));
  const suggested = poor.survivors.filter(({ suggestion }) => suggestion !== null);
  expect(suggested.length).toBeGreaterThan(poor.survivors.length / 2);
  for (const { name, suggestion } of suggested) {
    const pasted = suiteFrom(BEACON, POOR + (suggestion ?? ''));
    const mutant = mutants.get(name);
    if (mutant === undefined) throw new Error(`no mutant ${name}`);
    expect([name, new SpecJury(pasted).fateOf(mutant).kind]).toEqual([name, 'killed']);
  }
});

test("the websocket sample's tests notice nearly every fault of a sample", () => {
  const read = (name: string): string => readFileSync(join('samples', 'websocket', name), 'utf8');
  const suite = suiteFrom(read('websocket.ksy'), read('websocket.tests.yaml'));
  const jury = new SpecJury(suite);
  const chosen = sampled(specMutants(suite.protocol), 40, 7);
  const killed = chosen.filter((mutant) => jury.fateOf(mutant).kind === 'killed');
  expect(killed.length).toBeGreaterThanOrEqual(34);
}, 60_000);

test('octets that were made from values do not vouch for the spec that made them', () => {
  const tests =
    'spec: x\nvectors: [{name: by values, frame: {body: {station: 7, kind: soil, readings: []}}}]';
  const suite = suiteFrom(BEACON, tests);
  const width = specMutants(suite.protocol).find(({ name }) => name.startsWith('len: width'));
  if (width === undefined) throw new Error('no such mutant');
  expect(new SpecJury(suite).fateOf(width).kind).toBe('survived');
});

test('without an engine the plugin is skipped with the reason, and a minimum fails', async () => {
  const results = await runMutation(contextOf(suiteFrom(BEACON, POOR), []), { minScore: 80 });
  expect(results.map(({ status }) => status)).toEqual(['fail', 'skip']);
  expect(results[0]?.messages[0]).toMatch(/the minimum is 80 %/);
  expect(results[1]?.messages[0]).toMatch(/no engine was found/);
  expect(results[0]?.detail.join('\n')).toContain('  - name: ');
});

test("faults of the Lua are the spec's own, each with its line; what nothing reaches is counted apart", () => {
  const { protocol } = suiteFrom(BEACON, POOR);
  const lua = luaOf(protocol);
  const { mutants, unreachable } = luaMutants(lua);
  const lines = lua.split('\n');
  for (const { line, before, lua: changed } of mutants) {
    const [start] = before.split('...');
    expect(lines[line - 1]?.replace(/\s+/g, ' ')).toContain((start ?? '').slice(0, 20));
    expect(changed()).not.toBe(lua);
  }
  expect(
    mutants.some(({ subject, operator }) => subject === 'wtbeacon.body.kind' && operator === 'position'),
  ).toBe(true);
  expect([...unreachable.keys()]).toContain('statistics and menus');
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
});

test('the same seed takes the same sample', () => {
  const list = Array.from({ length: 100 }, (_, index) => index);
  expect(sampled(list, 10, 3)).toEqual(sampled(list, 10, 3));
  expect(sampled(list, 10, 3)).not.toEqual(sampled(list, 10, 4));
  expect(sampled(list, 100, 3)).toBe(list);
});

test.runIf(ENGINES.length > 0)(
  'faults of the plugin are noticed by what a Wireshark shows: no tshark found where this is skipped',
  async () => {
    const [, result] = await runMutation(contextOf(suiteFrom(BEACON, GOOD)), { limit: 6, seed: 2 });
    const { source, tried, killed } = scoreOf(result);
    expect({ source, tried, status: result?.status }).toEqual({ source: 'plugin', tried: 6, status: 'pass' });
    expect(killed).toBeGreaterThanOrEqual(4);
  },
  ENGINE_MS,
);
