import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { EngineError, type PluginFile } from './engine.ts';

/** A check of plugins that is made once for each content; only what passed is remembered. */
export function oncePerContent(
  check: (plugin: PluginFile) => Promise<void>,
): (plugin: PluginFile) => Promise<void> {
  const results = new Map<string, Promise<void>>();
  return async (plugin) => {
    const hash = createHash('sha256')
      .update(await readPlugin(plugin.path))
      .digest('hex');
    const key = `${hash} ${plugin.protocol}`;
    const result = results.get(key) ?? check(plugin);
    results.set(key, result);
    try {
      await result;
    } catch (error) {
      // What hindered it may be gone the next time.
      results.delete(key);
      throw error;
    }
  };
}

/** @throws EngineError */
export async function readPlugin(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new EngineError('plugin-not-loaded', `Plugin "${path}" cannot be read: ${reason}`, {
      cause: error,
    });
  }
}
