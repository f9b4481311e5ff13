import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ConversationBuilder, writeCapture } from '../../analyzer/index.ts';
import { type Engine, findEngines } from '../../engines/index.ts';
import type { CheckResult } from '../checks/check-result.ts';
import type { PinnedCapture, Suite } from '../suite/suite.ts';
import { pluginOf } from '../testing/plugin-of.ts';
import { BEACON, suiteFrom } from '../testing/suite-from.ts';
import { planGoldens, writeGolden } from './plan-goldens.ts';
import { runPins } from './run-pins.ts';

const ENGINES = (await findEngines({ want: 'auto' })).slice(0, 1);
const ENGINE_MS = 240_000;

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-pins-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const OPTIONS = { protocolOf: (): undefined => undefined };
const SUITE: Suite = {
  ...suiteFrom(BEACON, 'spec: x\nvectors: [{name: a, hex: 0002 0701}]\n'),
  source: { name: join(folder, 'beacon.tests.yaml'), text: '' },
};

/** Three beacons in one segment each; the second is of a station that may not be. */
function writeBeacons(name: string, ...beacons: readonly string[]): void {
  const builder = new ConversationBuilder({
    client: { address: '192.0.2.1', port: 50000 },
    server: { address: '192.0.2.2', port: 7001 },
  }).open();
  for (const beacon of beacons) builder.send('c2s', Buffer.from(beacon, 'hex'));
  const packets = builder.close().packets();
  const shape = { format: 'pcapng', linkType: 1, nanoseconds: true, bigEndian: false } as const;
  writeFileSync(join(folder, name), writeCapture({ ...shape, packets }));
}

const BEACONS = ['00020701', '00026402', '00050801204142'];
writeBeacons('three.pcapng', ...BEACONS);

const NOTHING: PinnedCapture['expect'] = {
  verdict: null,
  pdus: null,
  messages: null,
  connections: null,
  closes: null,
  findings: null,
};

function pin(changes: Partial<PinnedCapture>): PinnedCapture {
  return {
    file: 'three.pcapng',
    line: 7,
    origin: 'made by this test',
    specs: [],
    keylog: null,
    expect: NOTHING,
    golden: null,
    requires: null,
    ...changes,
  };
}

async function run(
  changes: Partial<PinnedCapture>,
  { engines = [], lua, suite = SUITE }: { engines?: Engine[]; lua?: string; suite?: Suite } = {},
): Promise<CheckResult> {
  const context = {
    suite: { ...suite, captures: [pin(changes)] },
    engines,
    lua,
    generate: (): undefined => undefined,
    folder: mkdtempSync(join(folder, 'run-')),
    progress: (): undefined => undefined,
  };
  const [result] = await runPins(context, OPTIONS);
  if (result === undefined) throw new Error('no result');
  return result;
}

function plan(...golden: readonly string[]): ReturnType<typeof planGoldens> {
  const captures = golden.map((path) => pin({ golden: path }));
  return planGoldens({ ...SUITE, captures }, [], OPTIONS);
}

const EXACT = {
  verdict: 'fail',
  pdus: 3,
  messages: 0,
  connections: 1,
  closes: [],
  findings: new Map([['STATION', 1]]),
};

test('what is pinned and true passes, and says that no Wireshark looked at it', async () => {
  const result = await run({ expect: EXACT });
  expect(result).toMatchObject({ group: 'captures', name: 'three.pcapng', status: 'pass', line: 7 });
  expect(result.messages).toEqual(['Not cross-checked: there is no Wireshark in this run.']);
  expect(result.data).toMatchObject({ verdict: 'fail', pdus: 3, findings: { STATION: 1 } });
});

test.each([
  [{ verdict: 'pass' }, 'verdict is fail, expected pass'],
  [{ pdus: 4 }, 'pdus is 3, expected 4'],
  [{ messages: 1 }, 'messages is 0, expected 1'],
  [{ connections: 2 }, 'connections is 1, expected 2'],
  [{ closes: ['clean'] }, 'closes: connection 1 ends as (there is none), expected clean'],
  [{ findings: new Map([['STATION', 2]]) }, 'findings: STATION is found once, expected 2 times'],
  [{ findings: new Map() }, 'findings: STATION is found once, expected 0 times'],
])('a number that is not as pinned fails: %j', async (changes, message) => {
  const { status, messages, detail } = await run({ expect: { ...EXACT, ...changes } });
  expect(status).toBe('fail');
  expect(messages[0]).toBe(message);
  expect(messages.join('\n')).toContain('found: STATION in packet 5: Stations have two digits');
  expect(detail[0]).toBe('If that is right, change the tests file:');
  const [key] = Object.keys(changes);
  expect(detail.join('\n')).toContain(`${key}:`);
  expect(detail.join('\n')).toContain(`wiretwin decode ${join(folder, 'three.pcapng')} --spec beacon.ksy`);
});

test('a capture of which nothing is pinned passes with what could be', async () => {
  const { status, detail } = await run({});
  expect(status).toBe('pass');
  expect(detail.join('\n')).toMatch(/^Nothing is pinned of it.*:\n +expect:\n +verdict: fail\n +pdus: 3/);
});

test('a capture that is not there, is cut or is none fails with what to do', async () => {
  const missing = await run({ file: 'nowhere.pcapng' });
  expect(missing.status).toBe('fail');
  expect(missing.messages.join(' ')).toMatch(
    /no capture ".*nowhere.pcapng".*made by this test.*take the entry out/,
  );
  const whole = readFileSync(join(folder, 'three.pcapng'));
  writeFileSync(join(folder, 'cut.pcapng'), whole.subarray(0, whole.length - 10));
  expect(await run({ file: 'cut.pcapng' })).toMatchObject({ status: 'fail' });
  writeFileSync(join(folder, 'text.pcapng'), 'no capture at all');
  expect(await run({ file: 'text.pcapng' })).toMatchObject({ status: 'fail' });
});

test('a golden is written by a plan, holds, and names what differs from it', async () => {
  const { changes, refusals } = await plan('golden/three.ndjson');
  expect(refusals).toEqual([]);
  expect(existsSync(join(folder, 'golden'))).toBe(false);
  const [change] = changes;
  if (change === undefined) throw new Error('no change');
  expect(change.patch).toContain('+{"frame":4,"stream":0,"direction":"c2s","offset":0,"length":4');
  writeGolden(change);
  expect(await run({ golden: 'golden/three.ndjson' })).toMatchObject({ status: 'pass' });
  expect(await plan('golden/three.ndjson')).toEqual({ changes: [], refusals: [] });

  const path = join(folder, 'golden/three.ndjson');
  const lines = readFileSync(path, 'utf8').split('\n');
  writeFileSync(path, lines.join('\r\n'));
  expect(await run({ golden: 'golden/three.ndjson' })).toMatchObject({ status: 'pass' });
  writeFileSync(path, lines.join('\n').replace('"kind":2', '"kind":1'));
  const changed = await run({ golden: 'golden/three.ndjson' });
  expect(changed.messages[0]).toBe(`packet 5, PDU 2: body.kind is 2, expected 1 (${path}:2)`);
  expect(changed.messages[1]).toContain('--update');
  writeFileSync(path, lines.slice(1).join('\n'));
  const lost = await run({ golden: 'golden/three.ndjson' });
  expect(lost.messages[0]).toBe(`packet 4, PDU 1 is new: it is not in the golden (it would be ${path}:1)`);
  expect(lost.messages).toHaveLength(2);
  writeFileSync(path, [...lines.slice(0, 1), ...lines].join('\n'));
  expect((await run({ golden: 'golden/three.ndjson' })).messages[0]).toContain('is not found any more');
  writeFileSync(path, 'rubbish\n');
  expect((await run({ golden: 'golden/three.ndjson' })).messages[0]).toContain(`${path}:1 is not a line`);
});

test('a golden that is not there yet is a failure that says how to make it', async () => {
  const { status, messages } = await run({ golden: 'golden/none.ndjson' });
  expect(status).toBe('fail');
  expect(messages.join(' ')).toMatch(
    /no golden ".*none.ndjson" yet: wiretwin test .*beacon.tests.yaml --update/,
  );
});

test('nothing outside the folder of the tests file, and nothing but a golden, is written over', async () => {
  mkdirSync(join(folder, 'outside'));
  symlinkSync(tmpdir(), join(folder, 'link'));
  symlinkSync(join(folder, 'three.pcapng'), join(folder, 'linked.ndjson'));
  const paths = ['../out.ndjson', '/tmp/out.ndjson', 'three.pcapng', 'link/out.ndjson', 'linked.ndjson', '.'];
  for (const path of paths) {
    const { changes, refusals } = await plan(path);
    expect(changes, path).toEqual([]);
    expect(refusals, path).toHaveLength(1);
  }
});

test.skipIf(ENGINES.length === 0)(
  'an engine that shows something else than our decoder fails the capture: needs a Wireshark',
  async () => {
    const good = pluginOf(SUITE.protocol);
    expect(await run({ expect: EXACT }, { engines: ENGINES, lua: good })).toMatchObject({
      status: 'pass',
      messages: [],
    });
    const faulty = good.replace('fields.body_kind, tvb(start + 1, 1)', 'fields.body_kind, tvb(start, 1)');
    expect(faulty).not.toBe(good);
    const { status, messages } = await run({ expect: EXACT }, { engines: ENGINES, lua: faulty });
    expect(status).toBe('fail');
    expect(messages[0]).toMatch(
      /packet 4, wtbeacon\.body\.kind is 7, our decoder has 1 \(octet 3 of the PDU\)/,
    );
    const broken = await run({ expect: EXACT }, { engines: ENGINES, lua: `${good}\nerror("no")\n` });
    expect(broken.status).toBe('fail');
  },
  ENGINE_MS,
);
