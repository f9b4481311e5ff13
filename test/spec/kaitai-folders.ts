import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { LoadImport } from '../../spec/passes/load-imports.ts';
import type { SourceText } from '../../spec/index.ts';
import { SHARED } from '../support-shared.ts';

/** The Kaitai suite and gallery beside the project, or undefined. */
export const KAITAI = SHARED === undefined ? undefined : existing(join(SHARED, 'kaitai'));

function existing(folder: string): string | undefined {
  return existsSync(folder) ? folder : undefined;
}

/** All `.ksy` below a folder. */
export function specsIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ksy'))
    .map((name) => join(folder, name))
    .sort();
}

export function sourceOf(file: string): SourceText {
  return { name: file, text: readFileSync(file, 'utf8') };
}

/** Relative imports from the importing file, absolute ones from the folders given. */
export function loaderFor(...absolute: readonly string[]): LoadImport {
  return (path, from) => {
    const folders = path.startsWith('/') ? absolute : [dirname(from)];
    const files = folders.map((folder) => resolve(folder, `${path.replace(/^\//, '')}.ksy`));
    const found = files.find((file) => existsSync(file));
    return found === undefined ? undefined : sourceOf(found);
  };
}

export const NO_KAITAI = 'skipped: no ../shared/kaitai (set WIRETWIN_SHARED to a folder with kaitai/)';
