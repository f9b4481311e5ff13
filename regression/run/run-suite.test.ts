import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findEngines } from '../../engines/index.ts';
import { checkLua } from '../../generator/index.ts';
import { describeCase } from '../capture/cases.ts';
import { renderTests } from '../report/text.ts';
import { pluginOf } from '../testing/plugin-of.ts';
import { BEACON, suiteFrom } from '../testing/suite-from.ts';
import { runSuite, type SuiteResult } from './run-suite.ts';

const SAMPLE = join(import.meta.dirname, '../../samples/websocket');
const WEBSOCKET = readFileSync(join(SAMPLE, 'websocket.ksy'), 'utf8');
/** A tshark where there is one, else the embedded Wireshark. */
const ENGINES = (await findEngines({ want: 'auto' })).slice(0, 1);
/** The embedded Wireshark is slow, on a busy machine very. */
const ENGINE_MS = 240_000;

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-run-'));
let runs = 0;
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function run(ksy: string, tests: string, change?: (lua: string) => string): Promise<SuiteResult> {
  const suite = suiteFrom(ksy, tests);
  const own = join(folder, `${++runs}`);
  mkdirSync(own);
  if (change === undefined) return runSuite(suite, { engines: [], lua: undefined, folder: own });
  const lua = pluginOf(suite.protocol);
  const changed = change(lua);
  return runSuite(suite, { engines: ENGINES, lua: changed, folder: own });
}

function messagesOf({ vectors }: SuiteResult): string[] {
  return vectors.flatMap(({ failures }) => failures.map(({ message }) => message));
}

/** One vector of the sample, in flow style so that a test can change it. */
function hello(changes: Record<string, string> = {}): string {
  const vector = {
    name: 'hello',
    from: 'client',
    hex: '81 85 37fa213d 7f9f4d5158',
    expect: "{fin: true, opcode: text, masking_key: 37fa213d, len_payload: 5, payload.data: 'Hello'}",
    info: 'Text 5',
    ...changes,
  };
  const lines = Object.entries(vector).map(([key, value]) => `${key}: ${value}`);
  return `spec: ./websocket.ksy\nvectors:\n  - ${lines.join('\n    ')}\n`;
}

test('passes the sample of the RFC', async () => {
  const result = await run(WEBSOCKET, hello());
  expect(messagesOf(result)).toEqual([]);
  expect(result.vectors).toMatchObject([{ status: 'pass', pdus: 1, variants: result.cases.length }]);
  expect(new Set(result.cases.map(({ variant }) => variant)).size).toBe(11);
});

test('no octet of the sample can change unseen', async () => {
  const octets = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
  for (const [index] of octets.entries()) {
    const changed = octets.map((octet, at) => (at === index ? octet ^ 0x01 : octet));
    const result = await run(WEBSOCKET, hello({ hex: Buffer.from(changed).toString('hex') }));
    expect(messagesOf(result), `octet ${index}`).not.toEqual([]);
  }
});

test.each([
  [{ expect: '{opcode: binary}' }, 'opcode is 1, expected binary', [0, 1]],
  [{ expect: "{payload.data: 'Hallo'}" }, 'payload.data is "Hello", expected "Hallo"', [7, 8]],
  [{ expect: '{payload.data: 48656c6c70}' }, 'payload.data is 48656c6c6f, expected 48656c6c70', [10, 11]],
  [{ expect: '{len_payload: 6}' }, 'len_payload is 5, expected 6', [1, 2]],
  [{ expect: '{masking_key: }' }, 'masking_key is 37fa213d, expected (absent)', [2, 6]],
  [{ expect: '{len_payload_16: 5}' }, 'len_payload_16 is (absent), expected 5', [0, 11]],
  [{ expect: '{is_masked: false}' }, 'is_masked is true, expected false', [1, 2]],
  [{ expect: '[{opcode: text}, {opcode: text}]' }, '1 PDU where 2 are expected', [0, 11]],
  [{ info: 'Text 6' }, 'Info is "Text 5", expected "Text 6"', [0, 11]],
  [{ problem: 'truncated' }, 'no problem, expected "truncated"', [0, 11]],
  [{ expect_findings: '[RSV]' }, 'the rule RSV is not reported', [0, 1]],
  [{ from: 'server' }, 'the rule MASK-S2C is reported, and not expected', [1, 2]],
] as const)('names what is not as %j says', async (changes, message, octets) => {
  const { vectors } = await run(WEBSOCKET, hello(changes));
  const [result] = vectors;
  expect(result?.status).toBe('fail');
  const found = result?.failures.find((failure) => failure.message === message);
  expect(found, JSON.stringify(result?.failures)).toBeDefined();
  expect(found?.octets).toEqual({ start: octets[0], end: octets[1] });
});

test('says that octets end early, are left over, or contradict the spec', async () => {
  const tests = `
spec: x
vectors:
  - {name: early, hex: 0004 0701 1f}
  - {name: too short a body, hex: 0003 0701 1f, expect: {len: 3, body.station: 7}}
  - {name: expected, hex: 0003 0701 1f, problem: malformed, expect: {body.readings: [{moisture: 31}]}}
`;
  const result = await run(BEACON, tests);
  expect(result.vectors.map(({ status }) => status)).toEqual(['fail', 'fail', 'pass']);
  const [early, short] = result.vectors.map(({ failures }) => failures.map(({ message }) => message));
  expect(early).toEqual(['the problem "truncated" (5 of 6 octets are there), expected none']);
  expect(short?.[0]).toMatch(/^the problem "malformed" \(body\.readings\[0\]\.label: .*\), expected none$/);
});

const PLUGIN_TESTS = `
spec: x
vectors:
  - {name: soil, hex: 0008 0702 1f4142 204344, expect: {body.readings: [{moisture: 31}, {moisture: 32}]}}
  - {name: two, from: server, hex: 0002 0801 0002 0901, expect: [{body.station: 8}, {body.kind: air}], info: 'Beacon 8, Beacon 9'}
  - {name: station 100, hex: 0002 6401, expect_findings: STATION}
  - {name: too moist, hex: 0005 0701 654142, expect_findings: VALID}
  - {name: cut inside, hex: 0003 0701 1f, problem: malformed, expect: {body.readings.0.moisture: 31}}
`;

test.skipIf(ENGINES.length === 0)(
  'every engine shows what the tests file says, over TCP and UDP: needs a Wireshark',
  async () => {
    const result = await run(BEACON, PLUGIN_TESTS, (lua) => lua);
    expect(messagesOf(result)).toEqual([]);
    expect(result.engines.map(({ failure, cases }) => [failure, cases.size])).toEqual([
      [null, result.cases.length],
    ]);
  },
  ENGINE_MS,
);

test.skipIf(ENGINES.length === 0)(
  'a fault in the plugin is named with engine, variant, field and octet: needs a Wireshark',
  async () => {
    const result = await run(BEACON, PLUGIN_TESTS, (lua) => {
      const changed = lua.replace('fields.body_kind, tvb(start + 1, 1)', 'fields.body_kind, tvb(start, 1)');
      expect(changed).not.toBe(lua);
      return changed;
    });
    const { failures } = result.vectors[0] ?? { failures: [] };
    expect(new Set(failures.map(({ party, pdu }) => JSON.stringify([party, pdu])))).toEqual(
      new Set([JSON.stringify([{ kind: 'engine', engine: result.engines[0]?.label }, 0])]),
    );
    const lossless = result.cases.filter(({ vector, lossy }) => vector.name === 'soil' && !lossy);
    expect(new Set(failures.map(({ variant }) => variant))).toEqual(
      new Set([...lossless.map(describeCase), 'captured from the middle, on tcp']),
    );
    expect(failures[0]).toMatchObject({
      field: 'body.kind',
      message: 'body.kind (wtbeacon.body.kind) is 7, our decoder has 2',
      octets: { start: 3, end: 4 },
    });
    const text = renderTests(result, (_style, shown) => shown);
    expect(text).toContain('00  00 08 07 02 1f 41 42 20 43 44\n                      ^^\n');
    expect(text).toMatch(/body\.kind +2 +7\n/);
    expect(text).toContain('-X lua_script:');
  },
  ENGINE_MS,
);

test.skipIf(ENGINES.length === 0)(
  'a plugin that shows nothing fails every vector, and one that does not load fails the run: needs a Wireshark',
  async () => {
    const silent = await run(BEACON, PLUGIN_TESTS, (lua) => lua.replaceAll(':add(7001, ', ':add(7999, '));
    expect(silent.vectors.map(({ status }) => status)).toEqual(['fail', 'fail', 'fail', 'fail', 'fail']);
    expect(messagesOf(silent)).toContain('0 of 1 PDUs are shown');
    const broken = await run(BEACON, PLUGIN_TESTS, (lua) => `${lua}\nerror("no")\n`);
    expect(broken.engines[0]?.failure).toContain('no');
    expect(broken.vectors.map(({ engines }) => engines[0]?.skipped)).toEqual(
      Array.from({ length: 5 }, () => 'the engine failed'),
    );
  },
  ENGINE_MS,
);

test('a generated plugin passes the gate before it is tested', async () => {
  const { protocol } = suiteFrom(BEACON, PLUGIN_TESTS);
  expect((await checkLua(pluginOf(protocol), 'beacon.lua')).problems).toEqual([]);
});
