import { findEmbedded } from './embedded/find-embedded.ts';
import { type Engine, EngineError } from './engine.ts';
import { findTsharks } from './tshark/find-tshark.ts';

export interface FindOptions {
  /** Binaries to ask, every one of them; none given: the machine's own. */
  readonly tsharkPaths?: readonly string[];
  readonly want: 'auto' | 'tshark' | 'embedded' | 'none';
}

/**
 * The Wiresharks that can be asked here. `auto` takes tshark where there is one, else the embedded build, else none:
 * the list is empty then, and what that means is the caller's to say.
 * @throws EngineError when what was asked for by name is missing or does not run
 */
export async function findEngines(options: FindOptions): Promise<Engine[]> {
  switch (options.want) {
    case 'none':
      return [];
    case 'embedded':
      return [await embedded()];
    case 'tshark':
      return tsharks(options.tsharkPaths ?? []);
    case 'auto': {
      const found = await findTsharks(options.tsharkPaths ?? []);
      if (found.length > 0) return found;
      const fallback = await findEmbedded();
      return fallback === null ? [] : [fallback];
    }
  }
}

async function tsharks(paths: readonly string[]): Promise<Engine[]> {
  const found = await findTsharks(paths);
  if (found.length > 0) return found;
  throw new EngineError(
    'engine-not-found',
    'No tshark was found: install Wireshark, or name one with --tshark or the environment variable WIRETWIN_TSHARK.',
  );
}

async function embedded(): Promise<Engine> {
  const found = await findEmbedded();
  if (found !== null) return found;
  throw new EngineError(
    'engine-not-found',
    'The embedded Wireshark is not installed: "npm install @goodtools/wiregasm@1.9.1" adds it.',
  );
}
