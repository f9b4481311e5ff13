import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Folder with the captures and references that stand beside the project, or undefined. */
export const SHARED = findShared();

function findShared(): string | undefined {
  const folder = process.env['WIRETWIN_SHARED'] ?? resolve(import.meta.dirname, '..', '..', 'shared');
  return existsSync(join(folder, 'captures')) ? folder : undefined;
}

/** Names (without extension) of the captures that have a file of that suffix beside them, e.g. `.ref.json`. */
export function capturesWith(suffix: string): { name: string; capture: string; beside: string }[] {
  if (SHARED === undefined) return [];
  const folder = join(SHARED, 'captures');
  const files = readdirSync(folder);
  return files
    .filter((file) => file.endsWith(suffix))
    .map((file) => {
      const name = file.slice(0, -suffix.length);
      const capture = files.find((other) => other.startsWith(`${name}.pcap`)) ?? '';
      return { name, capture: join(folder, capture), beside: join(folder, file) };
    });
}

/** Says once why tests that need the shared folder do not run. */
export function noteWithoutShared(): void {
  if (SHARED === undefined) {
    console.warn('skipped: no ../shared/captures (set WIRETWIN_SHARED to a folder with captures/*.ref.json)');
  }
}
