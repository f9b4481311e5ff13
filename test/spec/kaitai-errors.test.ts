import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { compileSpec, locate } from '../../spec/index.ts';
import type { Diagnostic } from '../../spec/index.ts';
import { KAITAI, loaderFor, NO_KAITAI, sourceOf } from './kaitai-folders.ts';

/** Error specs whose expected place is not ours, by name, with the reason. Goal: none. */
const NOT_MET: readonly string[] = [];

interface Expected {
  readonly place: string;
  readonly severity: string;
}

/**
 * The comment at the head of each file says what is wrong and where:
 * ```
 * # attr_bad_if.ksy: /seq/0/if:
 * # 	error: invalid type: expected boolean, got Int1Type(true)
 * ```
 */
function expectedOf(text: string): readonly Expected[] {
  const lines = text.split('\n').filter((line) => line.startsWith('#'));
  return lines.flatMap((line, index) => {
    const severity = /^#\s+(error|warning): /.exec(line)?.[1];
    const place = /^# \S+\.ksy:\s*(\S.*):$/.exec(lines[index - 1] ?? '')?.[1];
    return severity === undefined || place === undefined ? [] : [{ place: yamlPath(place), severity }];
  });
}

/** The official compiler prints the keys of `cases` as its syntax tree: `cases/IntNum(42)` is the key `42`. */
function yamlPath(place: string): string {
  return place
    .replace(/\b(?:IntNum|Bool)\((.*?)\)/, '$1')
    .replace(/\bStr\((.*?)\)/, '"$1"')
    .replace(/\bName\(identifier\((.*?)\)\)/, '$1');
}

/** By YAML path; faults of the YAML itself by line and column. */
function isAt(diagnostic: Diagnostic, { place, severity }: Expected): boolean {
  const { line, column } = locate(diagnostic.span);
  return (
    diagnostic.severity === severity &&
    (diagnostic.path === place || `${String(line)}:${String(column)}` === place)
  );
}

function notMet(file: string): readonly string[] {
  const source = sourceOf(file);
  const expected = expectedOf(source.text);
  const { protocol, diagnostics } = compileSpec({ main: source, load: loaderFor() });
  const missing = expected.filter((one) => !diagnostics.some((diagnostic) => isAt(diagnostic, one)));
  const compiles = expected.every(({ severity }) => severity === 'warning');
  const wrongEnd = expected.length > 0 && compiles !== (protocol !== undefined) ? ['compiles or not'] : [];
  return [...missing.map(({ severity, place }) => `${severity} at ${place}`), ...wrongEnd];
}

if (KAITAI === undefined) {
  test.skip(`faulty specs are refused at the right place (${NO_KAITAI})`, () => undefined);
} else {
  const folder = join(KAITAI, 'tests', 'formats_err');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.ksy'))
    .map((name) => join(folder, name));

  test('the folder of faulty specs is there', () => {
    expect(files.length).toBeGreaterThan(120);
  });

  test('every faulty spec is refused, or warned of, at the place its head names', () => {
    const found = files.map((file) => [basename(file), notMet(file)] as const);
    const failures = found.filter(([, missing]) => missing.length > 0);
    expect(failures.map(([name]) => name)).toEqual(NOT_MET);
    expect(failures.flatMap(([, missing]) => missing)).toHaveLength(0);
  });
}
