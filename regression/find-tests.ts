import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SUFFIX = '.tests.yaml';
/** Folders nobody keeps tests in, and that may be huge. */
const PASSED_OVER = new Set(['node_modules', 'dist', 'coverage']);
/** Links may lead in circles. */
const MAX_DEPTH = 32;

/** Every `*.tests.yaml` below a folder, in the order of their names; of a file, the file itself. */
export function findTests(path: string): readonly string[] {
  if (!statSync(path).isDirectory()) return [path];
  return testsIn(path, 0);
}

function testsIn(folder: string, depth: number): readonly string[] {
  if (depth > MAX_DEPTH) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name.startsWith('.') || PASSED_OVER.has(entry.name) ? [] : testsIn(path, depth + 1);
    }
    return entry.name.endsWith(SUFFIX) ? [path] : [];
  });
}
