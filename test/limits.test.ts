import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

// docs/limits.md against the code: every number it gives is that of the constant it names, and no constant of a file
// called limits.ts is missing from it.

const ROOT = join(import.meta.dirname, '..');
const ROOMS = ['spec', 'engines', 'generator', 'analyzer', 'regression', 'cli'];
const UNITS: Readonly<Record<string, number>> = { KiB: 1024, MiB: 1024 ** 2, s: 1 };
const NANOSECONDS = 1e9;

interface Row {
  readonly name: string;
  readonly file: string;
  readonly values: readonly number[];
}

function documented(): Row[] {
  const rows: Row[] = [];
  for (const line of readFileSync(join(ROOT, 'docs/limits.md'), 'utf8').split('\n')) {
    const constant = /`([A-Z][A-Z_]+)` in `([\w./-]+)` \|$/.exec(line);
    if (constant === null) continue;
    const values = line
      .split('|')
      .map((cell) => /^ ([\d,]+)(?: (KiB|MiB|s))? $/.exec(cell))
      .filter((cell) => cell !== null)
      .map((cell) => Number(cell[1]?.replaceAll(',', '')) * (UNITS[cell[2] ?? 's'] ?? Number.NaN));
    rows.push({ name: constant[1] ?? '', file: constant[2] ?? '', values });
  }
  return rows;
}

/** The value of `const NAME = EXPRESSION;`, or of `local NAME = EXPRESSION` in a template, of numbers alone. */
function constantOf(file: string, name: string): number {
  const source = existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), 'utf8') : '';
  const text = new RegExp(
    `^(?:(?:export )?const|local) ${name}(?:: number)? = ([^;\\n]+?)(?:;| --.*)?$`,
    'm',
  ).exec(source)?.[1];
  if (text === undefined) throw new Error(`${file} has no constant ${name}`);
  const value = arithmetic(text);
  return name.endsWith('_NANOSECONDS') ? value / NANOSECONDS : value;
}

/** Numbers joined by one kind of operator, as limits are written: `256 * 1024`, `8 << 20`, `2 ** 31 - 1`. */
function arithmetic(text: string): number {
  const difference = text.split(' - ').map((part) =>
    part
      .split(' * ')
      .map((factor) => {
        const [left, operator, right] = factor.split(/ (<<|\*\*) /);
        const base = literal(left);
        if (operator === undefined) return base;
        return operator === '<<' ? base * 2 ** literal(right) : base ** literal(right);
      })
      .reduce((product, factor) => product * factor, 1),
  );
  return difference.slice(1).reduce((rest, part) => rest - part, difference[0] ?? Number.NaN);
}

function literal(text: string | undefined): number {
  return Number((text ?? '').replaceAll('_', '').replace(/n$/, ''));
}

function limitFiles(): string[] {
  return ROOMS.filter((room) => existsSync(join(ROOT, room)))
    .flatMap((room) =>
      readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' }).map((path) => `${room}/${path}`),
    )
    .filter((path) => path.endsWith('/limits.ts'));
}

const rows = documented();

test.each(rows)('$name is what docs/limits.md says', ({ name, file, values }) => {
  expect(values).toContain(constantOf(file, name));
});

test('every constant of a limits.ts is in docs/limits.md', () => {
  const files = limitFiles();
  const text = readFileSync(join(ROOT, 'docs/limits.md'), 'utf8');
  const missing = files.flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(/^export const (MAX\w+)/gm)]
      .map((match) => match[1] ?? '')
      .filter((name) => !text.includes(`\`${name}\` in \`${file}\``)),
  );
  expect(files.length).toBeGreaterThan(0);
  expect(missing).toEqual([]);
});

test('a spec that sets no limits has those that docs/limits.md gives', () => {
  const defaults = /DEFAULT_LIMITS: Limits = \{\s([^}]*),\s\}/.exec(
    readFileSync(join(ROOT, 'spec/ir/lower-protocol.ts'), 'utf8'),
  )?.[1];
  const values = (defaults ?? '').split(/,\s+/).map((part) => arithmetic(part.split(': ')[1] ?? ''));
  const highest = rows.filter((row) => row.name.startsWith('HIGHEST_'));
  expect(highest.map((row) => row.values[0])).toEqual(values);
});
