import type { DissectedPacket, DissectionEnd } from '../dissected.ts';
import { type DissectRequest, type Engine, EngineError } from '../engine.ts';
import { createPacketReader } from '../json/packet-reader.ts';
import { dissectionOptions } from './arguments.ts';
import { decrypt } from './decrypt.ts';
import { checkLoads } from './load-check.ts';
import { LuaErrors } from '../lua-errors.ts';
import { oncePerContent } from '../once-per-content.ts';
import { askRegistered } from './registered.ts';
import { judgeRun } from './run-end.ts';
import { runOverCapture } from './run-over-capture.ts';
import type { TsharkVersion } from './version.ts';
import { withoutCopies } from './workspace.ts';

/** A tshark binary of any version from 4.0 on. */
export function createTsharkEngine(location: string, { version, lua }: TsharkVersion): Engine {
  const checkPlugin = oncePerContent(async (plugin) => {
    if (lua !== null) return checkLoads(location, plugin);
    throw new EngineError(
      'plugin-not-loaded',
      `"${location}" (${version}) was built without Lua and cannot load "${plugin.path}"; use another tshark.`,
    );
  });
  const checkPlugins = async ({ plugins }: DissectRequest): Promise<void> => {
    for (const plugin of plugins) await checkPlugin(plugin);
  };

  return {
    name: 'tshark',
    version,
    lua,
    location,
    checkPlugin,
    async dissect(request, onPacket) {
      await checkPlugins(request);
      return dissect(location, request, onPacket);
    },
    async matchingFrames(request) {
      await checkPlugins(request);
      return matchingFrames(location, request);
    },
    async infoColumns(request) {
      await checkPlugins(request);
      return infoColumns(location, request);
    },
    async registered(plugin, protocols) {
      await checkPlugin(plugin);
      return askRegistered(location, plugin, protocols);
    },
    decrypt: (request) => decrypt(location, request),
  };
}

async function dissect(
  location: string,
  request: DissectRequest,
  onPacket: (packet: DissectedPacket) => void,
): Promise<DissectionEnd> {
  const luaErrors = new LuaErrors();
  const reader = createPacketReader({ layers: request.layers }, (packet) => {
    const named = nameErrors(packet);
    luaErrors.note(named);
    onPacket(named);
  });
  let received = 0;
  const result = await runOverCapture(location, request, dissectionOptions(request), (chunk) => {
    received += chunk.length;
    return reader.push(chunk);
  });
  const json = reader.end();
  // No octet at all: tshark itself says why.
  if (json.kind === 'not-json' && received > 0) {
    throw new EngineError('engine-failed', `"${location}" wrote JSON that cannot be read. ${json.message}`);
  }
  const end = judgeRun({ location, capture: request.capture, result });
  if (request.plugins.length > 0) luaErrors.check(location);
  return end.kind === 'complete' ? json : end;
}

async function matchingFrames(location: string, request: DissectRequest): Promise<readonly number[]> {
  return (await fieldLines(location, request, ['frame.number'])).map(Number);
}

/** 4.0 knows the column as a field to print, not as one to filter by. */
async function infoColumns(location: string, request: DissectRequest): Promise<ReadonlyMap<number, string>> {
  const lines = await fieldLines(location, request, ['frame.number', '_ws.col.Info']);
  return new Map(
    lines.map((line) => {
      const tab = line.indexOf('\t');
      return [Number(line.slice(0, tab)), line.slice(tab + 1)];
    }),
  );
}

/** One line a packet, fields separated by tabs. */
async function fieldLines(
  location: string,
  request: DissectRequest,
  fields: readonly string[],
): Promise<readonly string[]> {
  const chunks: Buffer[] = [];
  const output = ['-T', 'fields', ...fields.flatMap((field) => ['-e', field])];
  const result = await runOverCapture(location, request, output, (chunk) => {
    chunks.push(chunk);
    return true;
  });
  judgeRun({ location, capture: request.capture, result });
  return Buffer.concat(chunks)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function nameErrors(packet: DissectedPacket): DissectedPacket {
  if (packet.engineErrors.length === 0) return packet;
  return { ...packet, engineErrors: packet.engineErrors.map(withoutCopies) };
}
