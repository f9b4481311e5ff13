import { lstatSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import type { Suite } from '../suite/suite.ts';

/** A golden is written over by `--update`: a path that ends otherwise may be somebody's capture or spec. */
const GOLDEN_ENDINGS = ['.ndjson', '.jsonl'];
/** Folders above a path; deeper ones are no project's. */
const MAX_DEPTH = 256;

/** What a tests file names, as the working directory has it. */
export function besideTests(suite: Suite, path: string): string {
  return isAbsolute(path) ? path : join(dirname(suite.source.name), path);
}

/** Why a golden may not be written there; null: it may. */
export function whyNotWritable(suite: Suite, golden: string): string | null {
  if (!GOLDEN_ENDINGS.some((ending) => golden.endsWith(ending))) {
    return `a golden ends in ${GOLDEN_ENDINGS.join(' or ')}`;
  }
  const folder = resolve(dirname(suite.source.name));
  const path = resolve(besideTests(suite, golden));
  if (!isInside(folder, path) || !isInside(realpathSync(folder), realOf(path))) {
    return 'a golden stays inside the folder of the tests file';
  }
  const stat = lstatSync(path, { throwIfNoEntry: false });
  return stat === undefined || stat.isFile() ? null : 'there is something else than a file';
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && way !== '..' && !/^\.\.[\\/]/.test(way) && !isAbsolute(way);
}

/** Where a file that need not exist would really be: links of the folders above are followed. */
function realOf(path: string): string {
  const behind: string[] = [];
  let at = path;
  for (let depth = 0; depth < MAX_DEPTH; depth += 1) {
    try {
      return join(realpathSync(at), ...behind);
    } catch {
      const parent = dirname(at);
      if (parent === at) return path;
      behind.unshift(relative(parent, at));
      at = parent;
    }
  }
  return path;
}
