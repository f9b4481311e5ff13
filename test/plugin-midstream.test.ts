import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { ConversationBuilder, type PacketToWrite, type Side } from '../analyzer/index.ts';
import { allEngines, framesOf, PluginFolder } from './support-plugin.ts';
import { noteWithoutShared, SHARED } from './support-shared.ts';
import { noteWithoutTshark } from './support-tshark.ts';

/** Frames found where nothing tells where one begins, and nothing found where there are none, on every engine. */
const HEURISTICS_FIRST = { 'tcp.try_heuristic_first': 'TRUE' };
const FREE_PORT = {
  client: { address: '192.0.2.1', port: 50_000 },
  server: { address: '192.0.2.2', port: 9999 },
};

vi.setConfig({ testTimeout: 240_000 });
noteWithoutShared();
noteWithoutTshark();
const engines = await allEngines();
const folder = new PluginFolder();
afterAll(() => folder.remove());

function frame(opcode: number, body: string | Uint8Array, key?: string): Uint8Array {
  const octets = Buffer.from(body);
  if (octets.length > 125) throw new Error('only short frames');
  if (key === undefined) return Buffer.concat([Buffer.from([0x80 | opcode, octets.length]), octets]);
  const mask = Buffer.from(key, 'hex');
  const masked = octets.map((octet, index) => octet ^ (mask[index % 4] ?? 0));
  return Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | octets.length]), mask, masked]);
}

/** What was captured of a connection: SYN, GET and 101 as wanted, then one frame each way, and Close. */
function story(parts: {
  readonly get: boolean;
  readonly granted: boolean;
  readonly free?: boolean;
}): PacketToWrite[] {
  const builder = new ConversationBuilder(parts.free === true ? FREE_PORT : {});
  const text = (lines: readonly string[]) => Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  builder.send(
    'c2s',
    text([
      'GET /chat HTTP/1.1',
      'Host: a',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
    ]),
  );
  builder.send(
    's2c',
    text([
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    ]),
  );
  builder.send('c2s', frame(1, 'Hello there', '37fa213d')).send('s2c', frame(1, 'Hello yourself'));
  builder.send('c2s', frame(8, '', '01020304')).send('s2c', frame(8, ''));
  const [get, granted, ...frames] = builder.segments;
  const kept = [parts.get ? get : undefined, parts.granted ? granted : undefined, ...frames];
  return builder.packets(kept.filter((segment) => segment !== undefined));
}

const FRAMES = ['1', '1', '8', '8'];

function opcodes(frames: readonly string[]): readonly string[] {
  return frames.map((one) => one.slice(one.indexOf(':') + 1));
}

/** Streams of other protocols that have something of frames, in both directions. */
function strangers(): PacketToWrite[] {
  const bodies: readonly (readonly [string, (index: number, side: Side) => Uint8Array])[] = [
    [
      'tlv',
      (index) => Buffer.concat([Buffer.from([0x82, index + 1]), Buffer.alloc(index + 1, 0xc0 + index)]),
    ],
    ['text tlv', (index) => frame(1, `value ${String(index)}`)],
    [
      'msgpack',
      (index) => Buffer.from(`82a474797065a4${(100 + index).toString(16)}6f696ea5636f756e74cd0102`, 'hex'),
    ],
    [
      'mqtt',
      (index, side) => Buffer.from(side === 'c2s' ? '820a0001000561626364650' + '1' : '9003000101', 'hex'),
    ],
    ['redis', (index) => Buffer.from(`*1\r\n$4\r\nPIN${String(index % 10)}\r\n`)],
    ['tls', (index) => Buffer.concat([Buffer.from([0x17, 3, 3, 0, 20]), Buffer.alloc(20, index * 37)])],
    ['http2', (index) => Buffer.concat([Buffer.from('000004000000000001', 'hex'), Buffer.alloc(4, index)])],
    ['lengths', (index) => Buffer.concat([Buffer.from([0, index + 1]), Buffer.alloc(index + 1, 0x41)])],
  ];
  return bodies.flatMap(([, body], place) =>
    [9999, 8080].flatMap((port) => {
      const builder = new ConversationBuilder({
        client: { address: '192.0.2.1', port: 40_000 + place * 2 + Number(port === 8080) },
        server: { address: '192.0.2.2', port },
      });
      for (let index = 0; index < 12; index += 1) {
        builder.send('c2s', body(index, 'c2s')).send('s2c', body(index, 's2c'));
      }
      return builder.packets();
    }),
  );
}

const STORIES: readonly (readonly [string, Parameters<typeof story>[0], Readonly<Record<string, string>>])[] =
  [
    ['the whole connection', { get: true, granted: true }, {}],
    ['without the 101', { get: true, granted: false }, {}],
    ['without the request', { get: false, granted: true }, {}],
    ['without both, on a free port', { get: false, granted: false, free: true }, {}],
    ['without both, heuristics first', { get: false, granted: false }, HEURISTICS_FIRST],
    ['without both, by preference', { get: false, granted: false }, { 'ws.recover': 'TRUE' }],
  ];

for (const engine of engines) {
  const label = `${engine.name} ${engine.version}`;

  test.each(engine.name === 'tshark' ? STORIES : STORIES.slice(1, 3))(
    `${label}: every frame is found %s`,
    async (_, parts, preferences) => {
      const packets = await folder.dissect(engine, folder.capture(story(parts)), { preferences });
      expect(opcodes(framesOf(packets))).toEqual(FRAMES);
    },
  );

  test(`${label}: without a handshake, on a port of HTTP, nothing is taken unasked`, async () => {
    const capture = folder.capture(story({ get: false, granted: false }));
    expect(framesOf(await folder.dissect(engine, capture))).toEqual([]);
  });

  test(`${label}: Decode As works from the first packet and from any later one`, async () => {
    for (const parts of [
      { get: true, granted: true },
      { get: false, granted: false },
    ]) {
      const options = { decodeAs: ['tcp.port==8080,ws'] };
      const packets = await folder.dissect(engine, folder.capture(story(parts)), options);
      expect(opcodes(framesOf(packets))).toEqual(FRAMES);
    }
  });

  test(`${label}: no frame is found in other protocols`, async () => {
    const capture = folder.capture(strangers());
    for (const preferences of [{}, HEURISTICS_FIRST]) {
      expect(framesOf(await folder.dissect(engine, capture, { preferences }))).toEqual([]);
    }
  });

  if (engine.name === 'tshark') {
    test(`${label}: a second pass shows what the first one did`, async () => {
      for (const parts of [
        { get: true, granted: false },
        { get: false, granted: false, free: true },
      ]) {
        const capture = folder.capture(story(parts));
        const [once, twice] = await Promise.all(
          [false, true].map((twoPass) => folder.dissect(engine, capture, { twoPass })),
        );
        expect(framesOf(twice ?? [])).toEqual(framesOf(once ?? []));
      }
    });
  }

  const shared = SHARED ?? '';
  const skip = SHARED === undefined || engine.name !== 'tshark';
  test.skipIf(skip)(`${label}: real captures: needs tshark and the captures beside the project`, async () => {
    const counts = await Promise.all(
      [
        '02a-midstream-after-upgrade',
        '02f-midstream-midframe',
        '09a-neg-http-keepalive-8080',
        '09i-neg-tlv-8080',
      ].map(async (name) => {
        const capture = join(shared, 'captures', `${name}.pcapng`);
        expect(readFileSync(capture).length).toBeGreaterThan(0);
        return framesOf(await folder.dissect(engine, capture, { preferences: HEURISTICS_FIRST })).length;
      }),
    );
    // Of 02f, the frames that ended before the connection was known to be WebSocket are not shown.
    expect(counts).toEqual([51, 24, 0, 0]);
  });
}
