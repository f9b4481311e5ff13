import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { type DissectedPacket, type DissectRequest, findEngines } from '../engines/index.ts';
import { generatePlugin } from '../generator/index.ts';
import { noteWithoutTshark } from './support-tshark.ts';
import { compileWebsocket, ROOT } from './support-websocket.ts';

/** What a user of Wireshark is used to must survive the plugin's installation, on every engine. */
const CAPTURE = join(ROOT, 'samples/websocket/captures/gorilla-echo-chromium.pcapng');
const FILTERS: readonly string[] = [
  'websocket',
  'websocket.fin == 1',
  'websocket.fin == 0',
  'websocket.opcode == 1',
  'websocket.opcode == 8',
  'websocket.mask == 1',
  'websocket.rsv == 0',
  'websocket.payload_length == 126',
  'websocket.payload_length_ext_16 > 200',
  'websocket.payload_length_ext_64',
  'websocket.masking_key',
  'websocket.masked_payload',
  'websocket.payload',
  'websocket.payload.text contains "wer"',
  'websocket.payload.close',
  'websocket.payload.close.status_code == 1000',
  'websocket.payload.close.reason contains "done"',
];

/** The embedded engine starts anew for each question, in seconds. */
const FEW_FILTERS: readonly string[] = ['websocket', 'websocket.payload.text contains "wer"'];

/** The embedded engine is slow, on a busy machine very. */
vi.setConfig({ testTimeout: 240_000 });

noteWithoutTshark();
const found = [
  ...(await findEngines({ want: 'auto' })),
  ...(await findEngines({ want: 'embedded' }).catch(() => [])),
];
const engines = found.filter(
  (engine, index) => found.findIndex((other) => other.location === engine.location) === index,
);

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-habits-'));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const plugin = { path: join(folder, 'websocket.lua'), protocol: 'ws' };
writeFileSync(plugin.path, pluginText());

function pluginText(): string {
  const generated = generatePlugin(compileWebsocket(), {
    version: '0.0.0',
    specPath: 'websocket.ksy',
    command: 'test',
  });
  if (!('lua' in generated)) throw new Error('the websocket spec must have a plugin');
  return generated.lua;
}

function request(overrides: Partial<DissectRequest>): DissectRequest {
  return {
    capture: CAPTURE,
    plugins: [plugin],
    layers: ['ws', 'websocket'],
    preferences: {},
    decodeAs: [],
    twoPass: false,
    ranges: false,
    filter: null,
    ...overrides,
  };
}

for (const engine of engines) {
  const label = `${engine.name} ${engine.version}`;

  test.each(engine.name === 'tshark' ? FILTERS : FEW_FILTERS)(
    `${label}: "%s" matches the packets it matches without the plugin`,
    async (filter) => {
      const [without, withPlugin] = await Promise.all([
        engine.matchingFrames(request({ plugins: [], filter })),
        engine.matchingFrames(request({ filter })),
      ]);
      expect(withPlugin).toEqual(without);
      if (filter === 'websocket') expect(without.length).toBeGreaterThan(40);
    },
  );

  test(`${label}: the built-in's layer is never there beside ours`, async () => {
    const packets: DissectedPacket[] = [];
    await engine.dissect(request({}), (packet) => packets.push(packet));
    expect(
      packets.flatMap(({ layers }) => layers.map(({ name }) => name)).filter((name) => name === 'websocket'),
    ).toEqual([]);
    expect(packets.flatMap(({ layers }) => layers).length).toBe(51);
  });

  test(`${label}: a preference hands the upgrade back to the built-in`, async () => {
    const preferences = { 'ws.takeover': 'FALSE' };
    const ours = await engine.matchingFrames(request({ preferences, filter: 'ws' }));
    const builtin = await engine.matchingFrames(request({ preferences, filter: 'websocket' }));
    expect({ ours, builtin: builtin.length }).toEqual({ ours: [], builtin: 51 });
  });

  // The embedded engine always shows a second pass.
  if (engine.name === 'embedded') continue;
  test(`${label}: a second pass shows what the first one does`, async () => {
    const layersOf = async (twoPass: boolean): Promise<unknown[]> => {
      const seen: unknown[] = [];
      await engine.dissect(request({ twoPass }), ({ frame, layers }) => {
        if (layers.length > 0) seen.push({ frame, layers });
      });
      return seen;
    };
    expect(await layersOf(true)).toEqual(await layersOf(false));
  });
}
