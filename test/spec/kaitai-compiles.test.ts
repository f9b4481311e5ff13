import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileSpec, formatDiagnostic } from '../../spec/index.ts';
import { KAITAI, loaderFor, NO_KAITAI, sourceOf, specsIn } from './kaitai-folders.ts';

/** Specs that import something which is not in the folder. */
const INCOMPLETE = new Set(['microsoft_network_monitor_v2.ksy']);

function errorsOf(folder: string, ...absolute: readonly string[]): readonly string[] {
  const load = loaderFor(...absolute);
  const texts: string[] = [];
  for (const file of specsIn(folder)) {
    if (INCOMPLETE.has(file.slice(file.lastIndexOf('/') + 1))) continue;
    const { protocol, diagnostics } = compileSpec({ main: sourceOf(file), load });
    texts.push(...diagnostics.filter(({ severity }) => severity === 'error').map(formatDiagnostic));
    if (protocol !== undefined) expectSoundTables(protocol.protocolFields.map(({ filter }) => filter));
  }
  return texts;
}

/** What Wireshark demands of every protocol. */
function expectSoundTables(filters: readonly string[]): void {
  expect(new Set(filters).size).toBe(filters.length);
  for (const filter of filters) expect(filter).toMatch(/^[a-z][a-z0-9_.]*$/);
  expect(filters.filter((filter) => /_(raw|tree)$/.test(filter))).toEqual([]);
}

if (KAITAI === undefined) {
  test.skip(`all specs of the Kaitai suite and gallery compile (${NO_KAITAI})`, () => undefined);
} else {
  const formats = join(KAITAI, 'tests', 'formats');
  const gallery = join(KAITAI, 'gallery');

  test('every spec of the Kaitai suite compiles', () => {
    expect(specsIn(formats).length).toBeGreaterThan(240);
    expect(errorsOf(formats, join(formats, 'ks_path'))).toEqual([]);
  });

  test('every spec of the Kaitai gallery compiles', () => {
    expect(specsIn(gallery).length).toBeGreaterThan(80);
    expect(errorsOf(gallery, gallery)).toEqual([]);
  });
}
