import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { SourceText } from '../../../spec/index.ts';

/** An assertion of the suite: two expressions of the language, evaluated against the root object. */
export interface KaitaiAssert {
  readonly actual: string;
  readonly expected: Expected;
}
export type Expected =
  | { readonly kind: 'value'; readonly expression: string }
  | { readonly kind: 'absent' }
  /** Evaluating it raises this. */
  | { readonly kind: 'exception'; readonly type: string };

export interface KaitaiCase {
  readonly id: string;
  readonly data: Uint8Array;
  readonly asserts: readonly KaitaiAssert[];
  readonly exception: { readonly type: string; readonly message: string | null } | null;
}

/** A folder with `formats/ spec/ src/` of the public suite kaitai_struct_tests, or a part of it. */
export class KaitaiSuite {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  ids(): readonly string[] {
    const names = readdirSync(join(this.folder, 'spec')).filter((name) => name.endsWith('.kst'));
    return names.map((name) => name.slice(0, -'.kst'.length)).sort();
  }

  read(id: string): KaitaiCase {
    const text = readFileSync(join(this.folder, 'spec', `${id}.kst`), 'utf8');
    const raw: unknown = parse(text, { intAsBigInt: true });
    if (!isMap(raw)) throw new Error(`${id}.kst is no map`);
    const { data, asserts, exception } = raw;
    if (typeof data !== 'string') throw new Error(`${id}.kst names no data`);
    return {
      id,
      data: readFileSync(join(this.folder, 'src', data)),
      asserts: Array.isArray(asserts) ? asserts.map(readAssert) : [],
      exception: readException(exception),
    };
  }

  format(id: string): SourceText | undefined {
    const path = join(this.folder, 'formats', `${id}.ksy`);
    return existsSync(path) ? { name: `${id}.ksy`, text: readFileSync(path, 'utf8') } : undefined;
  }

  /** Finds imports, relative to the importing file or, with a leading slash, below one of the roots of the suite. */
  load = (path: string, from: string): SourceText | undefined => {
    const absolute = path.startsWith('/');
    const name = posix.normalize(absolute ? path.slice(1) : posix.join(dirname(from), path));
    const candidates = absolute ? [name, `ks_path/${name}`] : [name];
    for (const candidate of candidates) {
      const found = this.format(candidate);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function readAssert(raw: unknown): KaitaiAssert {
  if (!isMap(raw) || typeof raw['actual'] !== 'string') throw new Error('an assert without "actual"');
  const { actual, expected, exception } = raw;
  if (typeof exception === 'string') return { actual, expected: { kind: 'exception', type: exception } };
  if (expected === null || expected === 'null') return { actual, expected: { kind: 'absent' } };
  if (!isScalar(expected)) throw new Error(`no expression is expected of ${actual}`);
  return { actual, expected: { kind: 'value', expression: expected.toString() } };
}

function isScalar(value: unknown): value is string | number | bigint | boolean {
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

function readException(raw: unknown): KaitaiCase['exception'] {
  if (typeof raw === 'string') return { type: raw, message: null };
  if (!isMap(raw) || typeof raw['type'] !== 'string') return null;
  return { type: raw['type'], message: typeof raw['message'] === 'string' ? raw['message'] : null };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Where the suite is: `KAITAI_TESTS`, else beside the shared references of the project; undefined: nowhere. */
export function findSuite(): KaitaiSuite | undefined {
  const shared = process.env['WIRETWIN_SHARED'] ?? resolve(ROOT, '../shared');
  const folder = process.env['KAITAI_TESTS'] ?? join(shared, 'kaitai/tests');
  return existsSync(join(folder, 'spec')) ? new KaitaiSuite(folder) : undefined;
}

export const HOW_TO_GET =
  'skipped: no kaitai_struct_tests found; git clone https://github.com/kaitai-io/kaitai_struct_tests and set KAITAI_TESTS to it';
