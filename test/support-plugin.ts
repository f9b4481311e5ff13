import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DissectedNode,
  type DissectedPacket,
  type DissectRequest,
  type Engine,
  findEngines,
} from '../engines/index.ts';
import { generatePlugin } from '../generator/index.ts';
import { type PacketToWrite, writeCapture } from '../analyzer/index.ts';
import { compileWebsocket } from './support-websocket.ts';

/** LINKTYPE_ETHERNET */
const ETHERNET = 1;

/** Every engine found, the embedded one last; none twice. */
export async function allEngines(): Promise<readonly Engine[]> {
  const found = [
    ...(await findEngines({ want: 'auto' })),
    ...(await findEngines({ want: 'embedded' }).catch(() => [])),
  ];
  return found.filter(
    (engine, index) => found.findIndex((other) => other.location === engine.location) === index,
  );
}

/** A folder that an unprivileged tshark can read, with the plugin in it. */
export class PluginFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'wiretwin-plugin-'));
  readonly plugin = { path: join(this.path, 'websocket.lua'), protocol: 'ws' };
  #captures = 0;

  constructor() {
    chmodSync(this.path, 0o755);
    const origin = { version: '0.0.0', specPath: 'websocket.ksy', command: 'test' };
    const generated = generatePlugin(compileWebsocket(), origin);
    if (!('lua' in generated)) throw new Error('the websocket spec must have a plugin');
    writeFileSync(this.plugin.path, generated.lua);
  }

  capture(packets: readonly PacketToWrite[]): string {
    this.#captures += 1;
    const path = join(this.path, `${String(this.#captures)}.pcapng`);
    writeFileSync(
      path,
      writeCapture({ format: 'pcapng', linkType: ETHERNET, nanoseconds: false, bigEndian: false, packets }),
    );
    return path;
  }

  async dissect(
    engine: Engine,
    capture: string,
    overrides: Partial<DissectRequest> = {},
  ): Promise<readonly DissectedPacket[]> {
    const packets: DissectedPacket[] = [];
    const request: DissectRequest = {
      capture,
      plugins: [this.plugin],
      layers: ['ws', 'ws_http', 'tcp'],
      preferences: {},
      decodeAs: [],
      twoPass: false,
      ranges: false,
      filter: null,
      ...overrides,
    };
    await engine.dissect(request, (packet) => packets.push(packet));
    return packets;
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Frames by opcode, `packet:opcode`, in order. */
export function framesOf(packets: readonly DissectedPacket[]): readonly string[] {
  return packets.flatMap(({ frame, layers }) =>
    layers
      .filter(({ name }) => name === 'ws')
      .map((layer) => `${String(frame)}:${find(layer, 'ws.opcode')?.value ?? '-'}`),
  );
}

export function find(node: DissectedNode, name: string): DissectedNode | undefined {
  return node.name === name
    ? node
    : node.children.map((child) => find(child, name)).find((found) => found !== undefined);
}
