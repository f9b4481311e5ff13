import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Subject } from '../analyzer/index.ts';
import type { Protocol } from '../spec/index.ts';
import { luaOf } from './generate.ts';

/**
 * Generates the plugins of the protocols into a folder that lives as long as `work`, so that an analysis never depends
 * on a plugin file that somebody edited or that came from an older spec.
 */
export async function withPlugins<T>(
  protocols: readonly Protocol[],
  needed: boolean,
  work: (subjects: readonly Subject[]) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'wiretwin-'));
  try {
    const subjects: Subject[] = [];
    for (const protocol of protocols) {
      const path = join(folder, `${protocol.id}.lua`);
      if (needed) writeFileSync(path, await luaOf(protocol));
      subjects.push({ protocol, plugin: { path, protocol: protocol.filter } });
    }
    return await work(subjects);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
