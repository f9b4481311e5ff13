import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findEngines } from '../../engines/index.ts';
import type { CheckResult } from '../checks/check-result.ts';
import { pluginOf } from '../testing/plugin-of.ts';
import { BEACON, suiteFrom } from '../testing/suite-from.ts';
import { runBuiltin } from './run-builtin.ts';

const WEBSOCKET = readFileSync(join(import.meta.dirname, '../../samples/websocket/websocket.ksy'), 'utf8');
/** The embedded Wireshark does not show hidden items: half of this is for a tshark alone. */
const ENGINES = (await findEngines({ want: 'auto' })).filter(({ name }) => name === 'tshark').slice(0, 1);
/** The embedded Wireshark is slow, on a busy machine very. */
const ENGINE_MS = 240_000;

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-builtin-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let runs = 0;

async function run(
  tests: string,
  { ksy = WEBSOCKET, change = (lua: string): string => lua, engines = ENGINES } = {},
): Promise<readonly CheckResult[]> {
  const suite = suiteFrom(ksy, tests);
  const own = join(folder, `${++runs}`);
  mkdirSync(own, { mode: 0o755 });
  const lua = change(pluginOf(suite.protocol));
  const progress = (): void => undefined;
  return runBuiltin({ suite, engines, lua, generate: pluginOf, folder: own, progress });
}

function told(results: readonly CheckResult[], status: CheckResult['status']): string[] {
  return results.filter((result) => result.status === status).flatMap(({ messages }) => messages);
}

const TESTS = `spec: x
vectors:
  - {name: hello, from: client, hex: 81 85 37fa213d 7f9f4d5158}
  - {name: long, from: server, hex: 82 7e 007e 61*126}
  - {name: ping, from: server, hex: 89 01 61}
  - {name: close, from: server, hex: 88 05 03e8 627965}
  - {name: reserved bits, from: server, hex: b1 01 61, expect_findings: RSV}
  - {name: two frames, from: server, hex: 01 01 61 80 01 62}
`;

test.skipIf(ENGINES.length === 0)(
  'Wireshark by itself sees what we see, and its names in the plugin have the values of the spec: needs a tshark',
  async () => {
    const results = await run(TESTS);
    expect(told(results, 'fail')).toEqual([]);
    expect(results.map(({ status }) => status)).toEqual(['pass', 'pass']);
    expect(told(results, 'pass').join(' ')).toMatch(
      /values of 7 PDUs are as we have them; known ways of it: \d times builtin-message/,
    );
    expect(told(results, 'pass').join(' ')).toContain('the values of the spec in 6 cases.');
  },
  ENGINE_MS,
);

test.skipIf(ENGINES.length === 0)(
  'a spec that reads octets wrongly is contradicted, with the field and what to do: needs a tshark',
  async () => {
    // The plugin and our decoder have the same fault: nobody but a third reader sees it.
    const ksy = WEBSOCKET.replace('mask: 0x70', 'mask: 0x60');
    expect(ksy).not.toBe(WEBSOCKET);
    const results = await run(TESTS, { ksy });
    const [wrong] = results.filter(({ name }) => name === 'reserved bits');
    expect(wrong).toMatchObject({ status: 'fail', line: 7 });
    expect(wrong?.messages[0]).toMatch(/"websocket": packet \d+: websocket\.rsv is 3, we have 1\.$/);
    expect(wrong?.messages[1]).toContain('"builtin: {filters: [websocket.rsv], tshark:');
    expect(wrong?.detail[0]).toMatch(/^kept: .*websocket-builtin\.pcapng$/);
  },
  ENGINE_MS,
);

test.skipIf(ENGINES.length === 0)(
  'a deviation that is declared is none, out of its versions it is, and one that does not show is a failure: needs a tshark',
  async () => {
    const ksy = WEBSOCKET.replace('mask: 0x70', 'mask: 0x60');
    const declared = (range: string): string => `spec: x
vectors:
  - name: reserved bits
    from: server
    hex: b1 01 61
    expect_findings: RSV
    builtin: {filters: [websocket.rsv], tshark: '${range}', reason: it is so}
`;
    expect(told(await run(declared('>=3.0'), { ksy }), 'fail')).toEqual([]);
    expect(told(await run(declared('<3.0'), { ksy }), 'fail').join()).toContain(
      'websocket.rsv is 3, we have 1.',
    );
    const other = await run(declared('>=3.0'));
    expect(told(other, 'fail')).toEqual([
      expect.stringMatching(/now agrees in websocket\.rsv \(declared: it is so\): take it out of "builtin"/),
    ]);
    expect(other[0]).toMatchObject({ name: 'reserved bits', line: 3 });
  },
  ENGINE_MS,
);

test.skipIf(ENGINES.length === 0).each([
  ['aliases.opcode, tvb(start, 1)', 'aliases.opcode, tvb(start + 1, 1)', 'websocket.opcode is'],
  [
    '"websocket.rsv", "Reserved", base.DEC, nil, 0x70',
    '"websocket.rsv", "Reserved", base.DEC, nil, 0x30',
    'websocket.rsv covers',
  ],
  [
    'if o.is_masked and not wide_equal(',
    'if not wide_equal(',
    'websocket.masked_payload is there 1 times, the spec says 0.',
  ],
  [
    'aliases.payload_close_status_code, tvb(start, 2)',
    'aliases.payload_close_status_code, tvb(start + 1, 2)',
    'websocket.payload.close.status_code is',
  ],
])(
  "a plugin with %s made %s has a name of Wireshark's with a wrong value: needs a tshark",
  async (from, to, message) => {
    const results = await run(TESTS, {
      change: (lua) => {
        const changed = lua.replace(from, to);
        expect(changed).not.toBe(lua);
        return changed;
      },
    });
    expect(told(results, 'fail').join('\n')).toContain(message);
  },
  ENGINE_MS,
);

test("a spec that takes nobody's place has nobody to ask, and what is declared for it is wrong", async () => {
  const none = 'spec: x\nvectors: [{name: air, hex: 0002 0801}]\n';
  const options = { ksy: BEACON, engines: [] };
  expect((await run(none, options)).map(({ status, name }) => [status, name])).toEqual([
    ['skip', 'second oracle'],
  ]);
  const alone = await run(TESTS, { engines: [] });
  expect(alone.map(({ status }) => status)).toEqual(['skip']);
});
