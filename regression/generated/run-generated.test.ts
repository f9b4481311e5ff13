import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Engine, findEngines } from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { CheckResult } from '../checks/check-result.ts';
import { runSuite } from '../run/run-suite.ts';
import { pluginOf } from '../testing/plugin-of.ts';
import { BEACON, suiteFrom } from '../testing/suite-from.ts';
import { runGenerated } from './run-generated.ts';

const WEBSOCKET = readFileSync(join(import.meta.dirname, '../../samples/websocket/websocket.ksy'), 'utf8');
const TESTS = 'spec: x\nvectors: [{name: least, hex: "00 00"}]\n';
/** A tshark where there is one, else the embedded Wireshark. */
const ENGINES = (await findEngines({ want: 'auto' })).slice(0, 1);
/** The embedded Wireshark is slow, on a busy machine very. */
const ENGINE_MS = 400_000;
const SEED = 7;

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-generated-'));
chmodSync(folder, 0o755);
let count = 0;
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function ownFolder(): string {
  const own = join(folder, `${++count}`);
  mkdirSync(own);
  return own;
}

function protocolOf(ksy: string): Protocol {
  return suiteFrom(ksy, TESTS).protocol;
}

function changed(text: string, from: string, to: string): string {
  const result = text.replace(from, () => to);
  expect(result).not.toBe(text);
  return result;
}

async function run(
  ksy: string,
  {
    lua,
    runs,
    engines = ENGINES,
  }: { readonly lua: string; readonly runs: number; readonly engines?: readonly Engine[] },
): Promise<readonly CheckResult[]> {
  const context = {
    suite: suiteFrom(ksy, TESTS),
    engines,
    lua,
    generate: pluginOf,
    folder: ownFolder(),
    progress: () => undefined,
  };
  return runGenerated(context, { runs, seed: SEED });
}

interface Found {
  readonly name: string;
  readonly octets: number;
  readonly yaml: string;
}

/** What is told of disagreements: the octets of the least vectors, and their YAML. */
function disagreements(results: readonly CheckResult[]): readonly Found[] {
  return results.flatMap(({ name, status, detail, data }) => {
    if (status !== 'fail' || data === null || !('octets' in data)) return [];
    const parts = data.octets as readonly { readonly hex: string }[];
    const yaml = detail.slice(0, detail.indexOf('')).join('\n');
    return [{ name, octets: parts.reduce((sum, { hex }) => sum + hex.length / 2, 0), yaml }];
  });
}

/** Whether the vector, pasted into a tests file, fails with the same plugin. */
async function failsWhenPasted(ksy: string, lua: string, { yaml }: Found): Promise<boolean> {
  const suite = suiteFrom(ksy, `spec: x\nvectors:\n${yaml}\n`);
  const { vectors } = await runSuite(suite, { engines: ENGINES, lua, folder: ownFolder() });
  return vectors.length === 1 && vectors[0]?.status === 'fail';
}

test('without runs there is nothing, and without an engine it is said what was not done', async () => {
  expect(await run(BEACON, { lua: '', runs: 0, engines: [] })).toEqual([]);
  const results = await run(BEACON, { lua: '', runs: 60, engines: [] });
  expect(results.map(({ status, name }) => [status, name])).toEqual([
    ['pass', 'frames made from the spec'],
    ['pass', 'frames are read as they were written'],
    ['pass', 'frames come out alike everywhere'],
    ['skip', 'frames in Wireshark'],
  ]);
  expect(results[0]?.messages[0]).toContain(`--seed ${SEED}`);
});

test('a spec that the encoder cannot write is skipped with its reason, and random octets are run', async () => {
  const ksy =
    'meta: {id: odd}\n-wireshark: {bind: [{tcp: 7001}]}\nseq: [{id: a, size: 4, process: odd.process(1), type: in}]\ntypes: {in: {seq: [{id: b, type: u1}]}}';
  const results = await run(ksy, { lua: '', runs: 20, engines: [] });
  expect(results[0]?.status).toBe('skip');
  expect(results[0]?.messages[0]).toMatch(/^no valid frame can be written: .*odd\.process/);
  expect(results[1]?.messages[0]).toMatch(/^20 frames in 40 connections/);
});

test.skipIf(ENGINES.length === 0)(
  'a correct plugin shows every generated frame as our decoder reads it: needs a Wireshark',
  async () => {
    const results = await run(BEACON, { lua: pluginOf(protocolOf(BEACON)), runs: 80 });
    expect(results.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(results.at(-1)?.messages[0]).toContain('tshark');
  },
  ENGINE_MS,
);

function plugin(ksy: string): string {
  return pluginOf(protocolOf(ksy));
}

/** What is wrong with the plugin, whose it is, how it is made, frames, what is named, and in how many octets at most. */
const FAULTS: readonly (readonly [string, string, () => string, number, RegExp, number])[] = [
  [
    'reads the wrong octet',
    BEACON,
    () => changed(plugin(BEACON), 'fields.body_kind, tvb(start + 1, 1)', 'fields.body_kind, tvb(start, 1)'),
    40,
    /engine: body\.kind/,
    6,
  ],
  [
    'has the wrong byte order',
    BEACON,
    () => plugin(changed(BEACON, 'type: u2}', 'type: u2le}')),
    40,
    /engine: len$/,
    4,
  ],
  [
    'has the wrong mask',
    WEBSOCKET,
    () => changed(plugin(WEBSOCKET), 'values.opcode, 0x0f,', 'values.opcode, 0x07,'),
    40,
    /engine: opcode/,
    4,
  ],
  [
    'forgets what was said before',
    WEBSOCKET,
    () => changed(plugin(WEBSOCKET), 'own.in_message ~= new_in_message or ', ''),
    120,
    /engine: ws\.rule\.frag_orphan$/,
    6,
  ],
];

test.skipIf(ENGINES.length === 0).each(FAULTS)(
  'a plugin that %s is found by generated frames alone, in a few octets: needs a Wireshark',
  async (...[, ksy, faulty, runs, name, most]) => {
    const lua = faulty();
    const found = disagreements(await run(ksy, { lua, runs }));
    const named = found.find((one) => name.test(one.name));
    expect(found.map((one) => one.name).join('\n')).toMatch(new RegExp(name.source, 'm'));
    expect(named?.octets).toBeLessThanOrEqual(most);
    expect(named === undefined ? false : await failsWhenPasted(ksy, lua, named)).toBe(true);
  },
  ENGINE_MS,
);

test.skipIf(ENGINES.length === 0)(
  'a decoder that contradicts the spec is found by a plugin that does not: needs a Wireshark',
  async () => {
    const found = disagreements(
      await run(changed(BEACON, 'max: 100', 'max: 101'), { lua: plugin(BEACON), runs: 60 }),
    );
    expect(found.map(({ name }) => name)).toEqual([expect.stringMatching(/moisture|the rule VALID/)]);
    expect(found[0]?.octets).toBeLessThanOrEqual(8);
  },
  ENGINE_MS,
);
