import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { ConversationBuilder } from '../analyzer/index.ts';
import { allEngines, find, PluginFolder } from './support-plugin.ts';
import { noteWithoutTshark } from './support-tshark.ts';
import { ROOT } from './support-websocket.ts';

/** The rules of the opening handshake, as the plugin's experts: the expected ids come from RFC 6455, case by case. */
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const ACCEPT = createHash('sha1').update(`${KEY}${GUID}`).digest('base64');

const REQUEST: readonly string[] = [
  'GET /chat HTTP/1.1',
  'Host: server.example.com',
  'Upgrade: websocket',
  'Connection: keep-alive, Upgrade',
  `Sec-WebSocket-Key: ${KEY}`,
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
  'Sec-WebSocket-Protocol: chat, superchat',
];
const RESPONSE: readonly string[] = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  `Sec-WebSocket-Accept: ${ACCEPT}`,
  'Sec-WebSocket-Protocol: chat',
];

interface Case {
  readonly name: string;
  readonly request?: (lines: readonly string[]) => readonly string[];
  readonly response?: (lines: readonly string[]) => readonly string[];
  /** Filter names behind `ws.rule.`, of the request and of the response. */
  readonly expected: readonly [readonly string[], readonly string[]];
}

const without = (name: string) => (lines: readonly string[]) =>
  lines.filter((line) => !line.startsWith(`${name}:`));
const instead = (name: string, line: string) => (lines: readonly string[]) => [...without(name)(lines), line];
const also = (line: string) => (lines: readonly string[]) => [...lines, line];
const first = (line: string) => (lines: readonly string[]) => [line, ...lines.slice(1)];

const CASES: readonly Case[] = [
  { name: 'all is well', expected: [[], []] },
  { name: 'POST', request: first('POST /chat HTTP/1.1'), expected: [['hs_method'], []] },
  { name: 'HTTP/1.0', request: first('GET /chat HTTP/1.0'), expected: [['hs_method'], []] },
  {
    name: 'no key',
    request: without('Sec-WebSocket-Key'),
    expected: [['hs_key'], []],
  },
  {
    name: 'a short key',
    request: instead('Sec-WebSocket-Key', 'Sec-WebSocket-Key: c2hvcnQ='),
    expected: [['hs_key'], ['hs_accept']],
  },
  {
    name: 'two keys',
    request: also(`Sec-WebSocket-Key: ${KEY}`),
    expected: [['hs_dup'], []],
  },
  {
    name: 'version 8',
    request: instead('Sec-WebSocket-Version', 'Sec-WebSocket-Version: 8'),
    expected: [['hs_version'], []],
  },
  {
    name: 'Connection without Upgrade in the request',
    request: instead('Connection', 'Connection: keep-alive'),
    expected: [['hs_conn'], []],
  },
  {
    name: 'a subprotocol offered twice',
    request: instead('Sec-WebSocket-Protocol', 'Sec-WebSocket-Protocol: chat, chat'),
    expected: [['hs_subproto'], []],
  },
  {
    name: 'another Accept',
    response: instead('Sec-WebSocket-Accept', 'Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA='),
    expected: [[], ['hs_accept']],
  },
  { name: 'no Accept', response: without('Sec-WebSocket-Accept'), expected: [[], ['hs_accept']] },
  { name: 'no Upgrade in the response', response: without('Upgrade'), expected: [[], ['hs_upgrade']] },
  { name: 'no Connection in the response', response: without('Connection'), expected: [[], ['hs_conn']] },
  {
    name: 'an extension that was not offered',
    response: also('Sec-WebSocket-Extensions: x-frobnicate'),
    expected: [[], ['hs_ext']],
  },
  {
    name: 'a parameter that no offer allows',
    response: also('Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=16'),
    expected: [[], ['hs_ext']],
  },
  {
    name: 'a parameter that was offered',
    response: also('Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=10'),
    expected: [[], []],
  },
  {
    name: 'a subprotocol that was not offered',
    response: instead('Sec-WebSocket-Protocol', 'Sec-WebSocket-Protocol: mqtt'),
    expected: [[], ['hs_subproto']],
  },
  { name: 'refused', response: first('HTTP/1.1 403 Forbidden'), expected: [[], []] },
];

vi.setConfig({ testTimeout: 240_000 });
noteWithoutTshark();
const engines = await allEngines();
const folder = new PluginFolder();
afterAll(() => folder.remove());

function head(lines: readonly string[]): Uint8Array {
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

/** One connection a case, at ports of its own. */
const capture = folder.capture(
  CASES.flatMap((one, index) =>
    new ConversationBuilder({ client: { address: '192.0.2.1', port: 50_000 + index } })
      .open()
      .send('c2s', head((one.request ?? ((lines) => lines))(REQUEST)))
      .send('s2c', head((one.response ?? ((lines) => lines))(RESPONSE)))
      .packets(),
  ),
);
const PACKETS_A_CASE = 5;

function expectedRules(): readonly string[] {
  return CASES.flatMap(({ expected }, index) =>
    expected.flatMap((rules, side) =>
      rules.map((rule) => `${String(index * PACKETS_A_CASE + 4 + side)} ws.rule.${rule}`),
    ),
  );
}

for (const engine of engines) {
  const label = `${engine.name} ${engine.version}`;
  const passes = engine.name === 'tshark' ? [false, true] : [true];

  test.each(passes)(
    `${label}: the rules of the handshake are raised at the packets that break them (two passes: %s)`,
    async (twoPass) => {
      const packets = await folder.dissect(engine, capture, { twoPass });
      const shown = packets.flatMap(({ frame, layers }) =>
        layers.flatMap(({ experts }) =>
          experts.filter(({ name }) => name !== 'ws.refused').map(({ name }) => `${String(frame)} ${name}`),
        ),
      );
      expect(shown).toEqual(expectedRules());
      const refused = packets.filter(({ layers }) =>
        layers.some(({ experts }) => experts.some(({ name }) => name === 'ws.refused')),
      );
      expect(refused.map(({ frame }) => frame)).toEqual([CASES.length * PACKETS_A_CASE]);
    },
  );

  test(`${label}: the 101 shows what was asked for, what was granted and what Accept must be`, async () => {
    const packets = await folder.dissect(engine, capture);
    const layer = packets[4]?.layers.find(({ name }) => name === 'ws_http');
    const values = ['key', 'accept', 'expected_accept', 'offered', 'subprotocol', 'request_in'].map(
      (name) => layer && find(layer, `ws.handshake.${name}`)?.value,
    );
    expect(values).toEqual([KEY, ACCEPT, ACCEPT, 'permessage-deflate; client_max_window_bits', 'chat', '4']);
  });
}

test('the analyzer reports the same rules for the same packets', () => {
  const cli = join(ROOT, 'bin/wiretwin.mjs');
  const args = [cli, 'analyze', capture, '--engine', 'none', '--format', 'json'];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', cwd: ROOT });
  const report = JSON.parse(stdout) as {
    readonly connections: readonly {
      readonly findings: readonly { readonly rule: string; readonly frame: number }[];
    }[];
  };
  const found = report.connections.flatMap(({ findings }) =>
    findings
      .filter(({ rule }) => rule.startsWith('HS-'))
      .map(({ rule, frame }) => `${String(frame)} ws.rule.${rule.toLowerCase().replace('-', '_')}`),
  );
  expect(found.toSorted()).toEqual(expectedRules().toSorted());
});
