import type { Engine } from '../engine.ts';

/** The embedded Wireshark, when its optional package is installed. */
export function findEmbedded(): Promise<Engine | null> {
  return Promise.resolve(null);
}
