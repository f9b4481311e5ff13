import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import {
  type DissectedNode,
  type DissectedPacket,
  type DissectRequest,
  type Engine,
  findEngines,
} from '../engines/index.ts';
import { generatePlugin } from '../generator/index.ts';
import { capturesWith, noteWithoutShared, SHARED } from './support-shared.ts';
import { noteWithoutTshark } from './support-tshark.ts';
import { compileWebsocket } from './support-websocket.ts';

/**
 * The messages that the plugin shows, on every engine: against an independent decoder's, and on a second pass
 * against the first.
 */
interface ReferenceMessage {
  readonly type: string;
  readonly len: number;
  readonly sha256?: string;
}
interface ReferenceStream {
  readonly stream: number;
  /** Address and port. */
  readonly server: readonly [string, number];
  readonly messages?: Readonly<Record<'c2s' | 's2c', readonly ReferenceMessage[]>>;
}
interface Shown {
  readonly stream: number | null;
  readonly port: number | undefined;
  readonly text: string;
}

/** Whole connections, and nothing lost on the way to a dissector. */
const WHOLE = /^(?:01|03|04|05h|07a|08b|10d|11)/;
const TYPES: Readonly<Record<string, string>> = { '1': 'text', '2': 'binary' };
/** The embedded engine is slow; these have everything that is special. */
const EMBEDDED = /^(?:03a|04a|05h|11a)/;

vi.setConfig({ testTimeout: 240_000 });
noteWithoutShared();
if (SHARED === undefined) test.skip('the messages that the plugin shows: needs ../shared', () => undefined);
noteWithoutTshark();

const found = [
  ...(await findEngines({ want: 'auto' })),
  ...(await findEngines({ want: 'embedded' }).catch(() => [])),
];
const engines = found.filter(
  (engine, index) => found.findIndex((other) => other.location === engine.location) === index,
);
const references = capturesWith('.ref.json').filter(({ name }) => WHOLE.test(name));

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-messages-'));
chmodSync(folder, 0o755);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const plugin = { path: join(folder, 'websocket.lua'), protocol: 'ws' };
writeFileSync(plugin.path, pluginText());

function pluginText(): string {
  const origin = { version: '0.0.0', specPath: 'websocket.ksy', command: 'test' };
  const generated = generatePlugin(compileWebsocket(), origin);
  if (!('lua' in generated)) throw new Error('the websocket spec must have a plugin');
  return generated.lua;
}

async function packetsOf(
  engine: Engine,
  capture: string,
  overrides: Partial<DissectRequest> = {},
): Promise<readonly DissectedPacket[]> {
  const packets: DissectedPacket[] = [];
  const request: DissectRequest = {
    capture,
    plugins: [plugin],
    layers: ['ws', 'tcp'],
    preferences: {},
    decodeAs: [],
    twoPass: false,
    ranges: true,
    filter: null,
    ...overrides,
  };
  await engine.dissect(request, (packet) => packets.push(packet));
  return packets;
}

/** Working out a message makes data sources of its own on a first visit: their numbers say nothing. */
const withoutSources = (key: string, value: unknown): unknown =>
  key === 'dataSource' ? null : typeof value === 'bigint' ? String(value) : value;

/** Items of a name, at any depth. */
function itemsOf(node: DissectedNode, name: string): readonly DissectedNode[] {
  return node.children.flatMap((child) => (child.name === name ? [child] : itemsOf(child, name)));
}

function messagesOf(packets: readonly DissectedPacket[]): readonly Shown[] {
  return packets.flatMap((packet) => {
    const layers = packet.layers.filter(({ name }) => name === 'ws');
    return layers.flatMap((layer) => {
      const content = itemsOf(layer, 'ws.message').flatMap((message) => [
        ...itemsOf(message, 'ws.message.text').map((item) => briefOf('text', item)),
        ...itemsOf(message, 'ws.message.data').map((item) => briefOf('binary', item)),
      ]);
      return content.map((text) => ({
        stream: packet.tcp?.stream ?? null,
        port: packet.tcp?.sourcePort,
        text,
      }));
    });
  });
}

/** An item without octets has no range of any. */
function briefOf(type: string, { raw }: DissectedNode): string {
  const octets = Buffer.from(raw?.hex ?? '', 'hex');
  return `${type} ${octets.length} ${createHash('sha256').update(octets).digest('hex')}`;
}

for (const engine of engines) {
  const label = `${engine.name} ${engine.version}`;
  const chosen = references.filter(({ name }) => engine.name === 'tshark' || EMBEDDED.test(name));

  test.each(chosen)(
    `${label}: $name: the messages shown are those of the reference`,
    async ({ capture, beside }) => {
      const streams = JSON.parse(readFileSync(beside, 'utf8')) as readonly ReferenceStream[];
      const shown = messagesOf(await packetsOf(engine, capture));
      let compared = 0;
      for (const { stream, server, messages } of streams) {
        for (const side of ['c2s', 's2c'] as const) {
          const wanted = (messages?.[side] ?? [])
            .filter(({ type }) => Object.values(TYPES).includes(type))
            .map(({ type, len, sha256 }) => `${type} ${len} ${sha256 ?? ''}`);
          const own = shown.filter(
            (one) => one.stream === stream && (one.port === server[1]) === (side === 's2c'),
          );
          expect(
            own.map(({ text }) => text),
            `stream ${stream} ${side}`,
          ).toEqual(wanted);
          compared += wanted.length;
        }
      }
      expect(compared).toBeGreaterThan(0);
    },
  );

  // The embedded engine always shows a second pass.
  if (engine.name === 'embedded') continue;
  test.each(capturesWith('.ref.json').filter(({ name }) => /^(?:02|04|07a|10[bk])/.test(name)))(
    `${label}: $name: a second pass shows what the first one does`,
    async ({ capture }) => {
      const layersOf = async (twoPass: boolean): Promise<unknown> => {
        const packets = await packetsOf(engine, capture, { layers: ['ws'], twoPass });
        return packets
          .filter(({ layers }) => layers.length > 0)
          .map(({ frame, layers }) => ({ frame, text: JSON.stringify(layers, withoutSources) }));
      };
      expect(await layersOf(true)).toEqual(await layersOf(false));
    },
  );
}
