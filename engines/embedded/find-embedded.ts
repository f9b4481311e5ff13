import type { Engine } from '../engine.ts';
import { createEmbeddedEngine } from './embedded-engine.ts';
import { runJob } from './run-job.ts';
import { wiregasmFolder } from './wiregasm.ts';

const SILENCE_LIMIT_SECONDS = 120;

/**
 * The embedded Wireshark; null: its optional package is not installed.
 * @throws EngineError when it is, but does not start
 */
export async function findEmbedded(): Promise<Engine | null> {
  if (wiregasmFolder() === null) return null;
  const found: Engine[] = [];
  await runJob(
    { kind: 'version' },
    { silenceLimitSeconds: SILENCE_LIMIT_SECONDS, signal: undefined },
    (answer) => {
      if (answer.kind === 'version') found.push(createEmbeddedEngine(answer.version, answer.lua));
    },
  );
  return found[0] ?? null;
}
