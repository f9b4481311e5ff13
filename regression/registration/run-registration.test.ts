import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Engine, findEngines } from '../../engines/index.ts';
import type { CheckResult } from '../checks/check-result.ts';
import { pluginOf } from '../testing/plugin-of.ts';
import { suiteFrom } from '../testing/suite-from.ts';
import { runRegistration } from './run-registration.ts';

const SAMPLE = join(import.meta.dirname, '../../samples/websocket/websocket.ksy');
const WEBSOCKET = readFileSync(SAMPLE, 'utf8');

/** Every kind of field, base, mask and name that a plugin can register. */
const GREENHOUSE = `
meta: {id: greenhouse, endian: be}
-wireshark:
  filter: wtgreenhouse
  bind: [{tcp: 7001}]
  checks:
    - {id: LOW, expect: oct > 0, severity: warning, message: Too low, reference: Book 1}
    - {id: HINT, expect: oct > 1, severity: info, message: Rather low}
seq:
  - {id: top, type: b3, enum: mode}
  - {id: lone, type: b1}
  - {id: wide, type: b12}
  - {id: small, type: u1, enum: kind, -wireshark: {display: hex}}
  - {id: huge, type: u8, -wireshark: {display: dec-hex}}
  - {id: named_huge, type: u8, enum: kind}
  - {id: oct, type: u2, -wireshark: {display: oct}}
  - {id: hexdec, type: u4, -wireshark: {display: hex-dec}}
  - {id: heat, type: s2, -wireshark: {unit: degrees}}
  - {id: speed, type: u2, -wireshark: {unit: rpm}}
  - {id: neg, type: s1, enum: signed_kind}
  - {id: pressure, type: f4, -wireshark: {unit: bar}}
  - {id: exact, type: f8}
  - {id: address, size: 4, -wireshark: {display: ipv4, name: Address}}
  - {id: address6, size: 16, -wireshark: {display: ipv6}}
  - {id: mac, size: 6, -wireshark: {display: ether}}
  - {id: guid, size: 16, -wireshark: {display: guid}}
  - {id: when, type: u4, -wireshark: {display: absolute_time}}
  - {id: raw, size: 3, -wireshark: {display: colon}, doc: 'Three octets, "quoted"'}
  - {id: name, type: str, size: 2, encoding: ASCII}
  - {id: long, type: b36}
  - {id: pad, type: b4}
  - {id: box, type: box}
instances:
  sum: {value: oct + 1}
  is_low: {value: oct < 3}
types:
  box:
    meta: {bit-endian: le}
    seq:
      - {id: low, type: b4}
      - {id: mid, type: b7}
      - {id: high, type: b5}
enums:
  mode: {0: closed, 1: open}
  kind: {1: {id: air, -orig-id: AIR}, 2: {id: soil, -wireshark: {name: Soil (deep)}}, 4294967295: last}
  signed_kind: {-1: minus, 1: plus}
`;
const TESTS = 'spec: x\nvectors: [{name: none, hex: 00}]\n';

const ENGINES = (await findEngines({ want: 'auto' }))
  .filter((engine) => engine.registered !== undefined)
  .slice(0, 1);

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-registration-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function run(
  ksy: string,
  change: (lua: string) => string,
  engines: readonly Engine[] = [],
): Promise<readonly CheckResult[]> {
  const suite = suiteFrom(ksy, TESTS);
  const lua = change(pluginOf(suite.protocol));
  const progress = (): void => undefined;
  return runRegistration({ suite, engines, lua, generate: pluginOf, folder, progress });
}

function failures(results: readonly CheckResult[]): string[] {
  return results.filter(({ status }) => status === 'fail').flatMap(({ messages }) => messages);
}

function swap(from: string, to: string): (lua: string) => string {
  return (lua) => {
    const changed = lua.replace(from, to);
    expect(changed, from).not.toBe(lua);
    return changed;
  };
}

test.each([
  ['every kind of field', GREENHOUSE],
  ['the WebSocket sample', WEBSOCKET],
])('%s is registered as the spec says, by the text of its plugin', async (_name, ksy) => {
  const results = await run(ksy, (lua) => lua);
  expect(failures(results)).toEqual([]);
  expect(results.map(({ name, status }) => [name, status])).toEqual([["the plugin's text", 'pass']]);
});

test.runIf(ENGINES.length > 0).each([
  ['every kind of field', GREENHOUSE],
  ['the WebSocket sample', WEBSOCKET],
])('%s is registered as the spec says, by what Wireshark lists: needs a tshark', async (_name, ksy) => {
  const results = await run(ksy, (lua) => lua, ENGINES);
  expect(failures(results)).toEqual([]);
  expect(results.map(({ status }) => status)).toEqual(['pass', 'pass']);
});

const SEEDED = [
  ['0xe0)', '0xc0)', 'wtgreenhouse.top: the bit mask is 0xc0, the spec has 0xe0'],
  ['0x07f0', '0x07f8', 'wtgreenhouse.box.mid: the bit mask is 0x7f8, the spec has 0x7f0'],
  ['8, nil, 0x10)', '8, nil, 0x08)', 'wtgreenhouse.lone: the bit mask is 0x08, the spec has 0x10'],
  [
    'uint16("wtgreenhouse.oct"',
    'uint32("wtgreenhouse.oct"',
    'wtgreenhouse.oct: the type is FT_UINT32, the spec has FT_UINT16',
  ],
  [
    'int16("wtgreenhouse.heat"',
    'uint16("wtgreenhouse.heat"',
    'wtgreenhouse.heat: the type is FT_UINT16, the spec has FT_INT16',
  ],
  [
    'float("wtgreenhouse.pressure"',
    'double("wtgreenhouse.pressure"',
    'wtgreenhouse.pressure: the type is FT_DOUBLE, the spec has FT_FLOAT',
  ],
  [
    'base.HEX, values.kind',
    'base.DEC, values.kind',
    'wtgreenhouse.small: the display is BASE_DEC, the spec has BASE_HEX',
  ],
  [
    '[2] = "Soil (deep)"',
    '[3] = "Soil (deep)"',
    'wtgreenhouse.small: the name of value 2 is (none), the spec has "Soil (deep)"',
  ],
  [
    '[1] = "AIR"',
    '[1] = "AIRS"',
    'wtgreenhouse.named_huge: the name of value 1 is "AIRS", the spec has "AIR"',
  ],
  [
    '[-1] = "minus"',
    '[-2] = "minus"',
    'wtgreenhouse.neg: the name of value 4294967295 is (none), the spec has "minus"',
  ],
  [
    'base.DEC, values.mode',
    'base.DEC, nil',
    'wtgreenhouse.top: the name of value 0 is (none), the spec has "closed"',
  ],
  ['" rpm"', '" rps"', 'wtgreenhouse.speed: the unit is " rps", the spec has " rpm"'],
  ['" bar"', '" psi"', 'wtgreenhouse.pressure: the unit is " psi", the spec has " bar"'],
  ['"Address")', '"Adress")', 'wtgreenhouse.address: the label is "Adress", the spec has "Address"'],
  [
    'Three octets',
    'Two octets',
    'wtgreenhouse.raw: the description is "Two octets, "quoted"", the spec has "Three octets, "quoted""',
  ],
  [
    '"wtgreenhouse.mac"',
    '"wtgreenhouse.mec"',
    'wtgreenhouse.mac: it is not registered, the spec has registered',
  ],
  [
    'LOW: Too low',
    'LOW: Too high',
    'wtgreenhouse.rule.low: the label is "LOW: Too high (Book 1)", the spec has "LOW: Too low (Book 1)"',
  ],
] as const;

test.each(SEEDED)('in the text, %s made %s is told', async (from, to, message) => {
  const told = failures(await run(GREENHOUSE, swap(from, to)));
  expect(told).toContain(`${message} (the plugin's text).`);
});

test.runIf(ENGINES.length > 0)('all of them are told by what Wireshark lists: needs a tshark', async () => {
  const all = (lua: string): string => SEEDED.reduce((text, [from, to]) => swap(from, to)(text), lua);
  const told = failures(await run(GREENHOUSE, all, ENGINES));
  const [engine] = ENGINES;
  const label = `${engine?.name ?? ''} ${engine?.version ?? ''}`;
  for (const [, , message] of SEEDED) {
    expect(
      told.some((text) => text.startsWith(message) && text.includes(label)),
      `${message}\n${told.join('\n')}`,
    ).toBe(true);
  }
});

test('a severity and an alias are told by the text alone', async () => {
  const severity = swap('expert.severity.WARN', 'expert.severity.ERROR');
  expect(failures(await run(GREENHOUSE, severity))).toEqual([
    "wtgreenhouse.rule.low: the severity is ERROR, the spec has WARN (the plugin's text).",
  ]);
  const mask = swap(
    '"websocket.rsv", "Reserved", base.DEC, nil, 0x70',
    '"websocket.rsv", "Reserved", base.DEC, nil, 0x30',
  );
  expect(failures(await run(WEBSOCKET, mask))).toEqual([
    "websocket.rsv: the bit mask is 0x30, the spec has 0x70 (the plugin's text).",
  ]);
  const type = swap(
    'ProtoField.bytes("websocket.payload.ping"',
    'ProtoField.string("websocket.payload.ping"',
  );
  expect(failures(await run(WEBSOCKET, type))).toEqual([
    "websocket.payload.ping: the type is FT_STRING, the spec has FT_BYTES (the plugin's text).",
  ]);
});

test.runIf(ENGINES.length > 0)('an alias unlike the field of Wireshark is told: needs a tshark', async () => {
  const ksy = WEBSOCKET.replace('mask: 0x70', 'mask: 0x60');
  expect(ksy).not.toBe(WEBSOCKET);
  const told = failures(await run(ksy, (lua) => lua, ENGINES));
  expect(told).toEqual([
    expect.stringMatching(/^websocket\.rsv: the bit mask is 0x70, the spec has 0x60 \(tshark/),
  ]);
});
