import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { constants, deflateRawSync, type ZlibOptions } from 'node:zlib';
import { afterAll, expect, test, vi } from 'vitest';
import { type DissectedNode, type DissectRequest, type Engine, findEngines } from '../engines/index.ts';
import { generatePlugin } from '../generator/index.ts';
import { conversation, frame, head, REQUEST, writeConversations } from './support-conversation.ts';
import { noteWithoutTshark } from './support-tshark.ts';
import { compileWebsocket } from './support-websocket.ts';

/** permessage-deflate in the plugin: the vectors of RFC 7692 section 7.2.3, and what hostile or lost data is called. */
vi.setConfig({ testTimeout: 240_000 });
noteWithoutTshark();
const engines = await findEngines({ want: 'auto' });

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-inflate-'));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const plugin = { path: join(folder, 'websocket.lua'), protocol: 'ws' };
const origin = { version: '0.0.0', specPath: 'websocket.ksy', command: 'test' };
const generated = generatePlugin(compileWebsocket(), origin);
writeFileSync(plugin.path, 'lua' in generated ? generated.lua : '');

/** A message of the client in fragments, compressed. */
type Parts = readonly Uint8Array[];
const hex = (text: string): Uint8Array => Buffer.from(text.replaceAll(' ', ''), 'hex');
const whole = (text: string): Parts => [hex(text)];

interface Seen {
  readonly text: string | null;
  readonly experts: readonly string[];
}

let captures = 0;

function captureOf(messages: readonly Parts[], parameters: string): string {
  const frames = messages.flatMap((parts) =>
    parts.map((part, index) => frame('c2s', index === 0 ? 0x41 : 0, part, index === parts.length - 1)),
  );
  const accept = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Accept: unchecked',
    `Sec-WebSocket-Extensions: permessage-deflate${parameters}`,
  ];
  const steps = frames.map((send, index) => ({ at: 10 + index, side: 'c2s' as const, send }));
  captures += 1;
  const path = join(folder, `${captures}.pcap`);
  writeConversations(path, [conversation(steps, { upgrade: [REQUEST, head(...accept)] })]);
  chmodSync(path, 0o644);
  return path;
}

function all(node: DissectedNode): readonly DissectedNode[] {
  return [node, ...node.children.flatMap(all)];
}

async function seen(
  engine: Engine,
  messages: readonly Parts[],
  parameters = '',
  twoPass = false,
): Promise<readonly Seen[]> {
  const found: Seen[] = [];
  const request: DissectRequest = {
    capture: captureOf(messages, parameters),
    plugins: [plugin],
    layers: ['ws'],
    preferences: {},
    decodeAs: [],
    twoPass,
    ranges: false,
    filter: null,
  };
  await engine.dissect(request, ({ layers }) => {
    for (const message of layers.flatMap(all).filter(({ name }) => name === 'ws.message')) {
      const inside = all(message);
      found.push({
        text: inside.find(({ name }) => name === 'ws.message.text')?.value ?? null,
        experts: inside.flatMap(({ experts }) => experts.map(({ name }) => name)),
      });
    }
  });
  return found;
}

const HELLO = { text: 'Hello', experts: [] };

function deflate(text: Uint8Array, more: ZlibOptions = {}): Uint8Array {
  const options = { finishFlush: constants.Z_SYNC_FLUSH, ...more };
  return deflateRawSync(text, options).subarray(0, -4);
}

for (const engine of engines) {
  const label = `${engine.name} ${engine.version}`;

  test.each([
    ['one block (7.2.3.1)', [whole('f248cdc9c90700')], [HELLO]],
    ['fragments (7.2.3.1)', [[hex('f248cd'), hex('c9c90700')]], [HELLO]],
    ['a shared window (7.2.3.2)', [whole('f248cdc9c90700'), whole('f200110000')], [HELLO, HELLO]],
    ['a block without compression (7.2.3.3)', [whole('00 0500 faff 48656c6c6f 00')], [HELLO]],
    ['a final block (7.2.3.4)', [whole('f348cdc9c9070000')], [HELLO]],
    ['two blocks (7.2.3.5)', [whole('f248050000 00ffff cac9c90700')], [HELLO]],
    [
      'a final block in the middle',
      [whole('f348cdc9c90700 f248cdc9c90700')],
      [{ text: 'HelloHello', experts: [] }],
    ],
    ['nothing', [whole('00'), whole('f248cdc9c90700')], [{ text: '', experts: [] }, HELLO]],
  ] as const)(`${label}: inflates %s`, async (_, messages, wanted) => {
    expect(await seen(engine, messages)).toEqual(wanted);
    expect(await seen(engine, messages, '', true)).toEqual(wanted);
  });

  test(`${label}: says what is wrong with compressed messages`, async () => {
    const random = Buffer.from(Array.from({ length: 3000 }, (_, i) => 32 + ((i * i * 7 + (i >> 3)) % 90)));
    const reset = '; client_no_context_takeover';
    const narrow = '; client_max_window_bits=9';
    const bomb = deflate(Buffer.alloc(20 * 1024 * 1024));
    const cases = [
      [await seen(engine, [whole('07ffffff')]), [['ws.rule.pmd_inflate']]],
      [await seen(engine, [whole('f248cdc9c90700'), whole('f200110000')], reset), [[], ['ws.rule.pmd_ctx']]],
      [
        await seen(
          engine,
          [[deflate(random, { windowBits: 9 })], [deflate(random, { dictionary: random })]],
          narrow,
        ),
        [[], ['ws.rule.pmd_wbits']],
      ],
      [await seen(engine, [[bomb], whole('f248cdc9c90700')]), [['ws.rule.pmd_limit'], []]],
    ] as const;
    for (const [found, wanted] of cases) expect(found.map(({ experts }) => experts)).toEqual(wanted);
  });
}
