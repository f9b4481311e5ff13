import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CATALOGUE } from '../spec/diagnostics/catalogue.ts';
import { compileSpec, formatDiagnostic } from '../spec/index.ts';

/**
 * One folder a code: a spec that has the fault and the exact text that people read.
 * `UPDATE_GOLDEN=1 npx vitest run test/diagnostics.test.ts` writes the texts anew; read the difference.
 */
const folder = join(import.meta.dirname, 'diagnostics');
const names = readdirSync(folder);

/** Codes whose spec would be too long to keep: test/spec/hostile-specs.test.ts makes them. */
const MADE_BY_OTHER_TESTS = ['spec/too-large', 'spec/too-many-nodes', 'spec/too-many-faults'];

test('every code of the catalogue has a spec that shows it', () => {
  const shown = names.map((name) => `spec/${name}`);
  expect([...shown, ...MADE_BY_OTHER_TESTS].sort()).toEqual(Object.keys(CATALOGUE).sort());
});

test.each(names)('%s: the text is as expected, and there are no other diagnostics', (name) => {
  const text = readFileSync(join(folder, name, 'spec.ksy'), 'utf8');
  const { diagnostics, protocol } = compileSpec({ main: { name: 'spec.ksy', text } });
  const printed = diagnostics.map(formatDiagnostic).join('\n');
  const file = join(folder, name, 'expected.txt');
  if (process.env['UPDATE_GOLDEN'] === '1' || !existsSync(file)) writeFileSync(file, printed);
  expect(printed).toBe(readFileSync(file, 'utf8'));
  expect([...new Set(diagnostics.map(({ code }) => code))]).toEqual([`spec/${name}`]);
  expect(protocol === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
});
