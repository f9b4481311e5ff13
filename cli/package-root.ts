import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Root of the package: of the clone, or of the folder that `npm install` made (there this file is in dist/cli). */
export const PACKAGE_ROOT = packageRoot();

export const DEFAULT_SPEC = join(PACKAGE_ROOT, 'samples', 'websocket', 'websocket.ksy');

function packageRoot(): string {
  const parent = fileURLToPath(new URL('..', import.meta.url));
  return /[\\/]dist[\\/]?$/.test(parent) ? resolve(parent, '..') : resolve(parent);
}
