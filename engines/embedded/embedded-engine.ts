import { resolve } from 'node:path';
import type { DissectedPacket, DissectionEnd } from '../dissected.ts';
import { type DissectRequest, type Engine, EngineError } from '../engine.ts';
import { LuaErrors } from '../lua-errors.ts';
import { oncePerContent } from '../once-per-content.ts';
import type { Answer, JobRequest } from './messages.ts';
import { runJob } from './run-job.ts';

const LOCATION = '@goodtools/wiregasm (embedded)';
/** Loading takes a second or two; a full tree a few milliseconds a packet, but the first packets wait for all. */
const SILENCE_LIMIT_SECONDS = 300;

/** Wireshark in WebAssembly. Every job has its own process: settings and plugins are read at a start only. */
export function createEmbeddedEngine(version: string, lua: string): Engine {
  return {
    name: 'embedded',
    version,
    lua,
    location: LOCATION,
    checkPlugin: oncePerContent((plugin) =>
      runJob(
        { kind: 'check-plugin', plugin: { ...plugin, path: resolve(plugin.path) } },
        { silenceLimitSeconds: SILENCE_LIMIT_SECONDS, signal: undefined },
        () => undefined,
      ),
    ),
    dissect,
    async matchingFrames(request) {
      let frames: readonly number[] = [];
      await run(request, 'matching-frames', (answer) => {
        if (answer.kind === 'frames') frames = answer.frames;
      });
      return frames;
    },
  };
}

async function dissect(
  request: DissectRequest,
  onPacket: (packet: DissectedPacket) => void,
): Promise<DissectionEnd> {
  const luaErrors = new LuaErrors();
  const ends: DissectionEnd[] = [];
  await run(request, 'dissect', (answer) => {
    if (answer.kind === 'end') ends.push(answer.end);
    if (answer.kind !== 'packets') return;
    for (const packet of answer.packets) {
      luaErrors.note(packet);
      onPacket(packet);
    }
  });
  const [end] = ends;
  if (end === undefined)
    throw new EngineError('engine-failed', 'The embedded Wireshark ended without a word.');
  if (request.plugins.length > 0) luaErrors.check(LOCATION);
  return end;
}

function run(
  request: DissectRequest,
  kind: 'dissect' | 'matching-frames',
  onAnswer: (answer: Answer) => void,
): Promise<void> {
  const { layers, preferences, decodeAs, filter } = request;
  const job: JobRequest = {
    capture: resolve(request.capture),
    plugins: request.plugins.map(({ path, protocol }) => ({ path: resolve(path), protocol })),
    layers,
    preferences,
    decodeAs,
    filter,
  };
  const silenceLimitSeconds = request.silenceLimitSeconds ?? SILENCE_LIMIT_SECONDS;
  return runJob({ kind, request: job }, { silenceLimitSeconds, signal: request.signal }, onAnswer);
}
