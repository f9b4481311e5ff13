import { printable } from '../../analyzer/index.ts';
import type { CheckGroup, CheckResult } from '../checks/check-result.ts';
import type { VectorResult } from '../judge/failure.ts';
import type { SuiteResult } from '../run/run-suite.ts';
import { skipTexts, vectorFailureLines } from './vector-text.ts';

export type TestStyle = 'pass' | 'fail' | 'dim' | 'bold';
export type PaintTest = (style: TestStyle, text: string) => string;

/** One line a vector and a check; of one that failed, what is wrong with it, where, and how to see it in Wireshark. */
export function renderTests(result: SuiteResult, paint: PaintTest): string {
  const { suite, engines, vectors, checks } = result;
  const { protocol, source } = suite;
  const lines = [paint('bold', `${source.name}  ${protocol.id} as ${protocol.filter}`)];
  for (const vector of vectors) lines.push(...vectorLines(vector, result, paint));
  lines.push(...checksLines(checks, source.name, paint));
  for (const { label, failure } of engines) if (failure !== null) lines.push(`  ${label} failed: ${failure}`);
  lines.push(summaryOf(result, paint), ...checksSummary(checks, paint), '');
  return lines.join('\n');
}

function summaryOf({ vectors, engines, cases, filesOf }: SuiteResult, paint: PaintTest): string {
  const failed = countOf(vectors, 'fail');
  const count = `${vectors.length - failed} of ${vectors.length} vectors pass`;
  const who = ['our decoder', ...engines.map(({ label }) => label)].join(', ');
  const variants = new Set(cases.map(({ variant }) => variant)).size;
  const captures = new Set(filesOf.values()).size;
  const ways = `${plural(cases.length, 'connection')} of ${plural(variants, 'variant')} in ${plural(captures, 'capture')}`;
  return `  ${paint(failed === 0 ? 'pass' : 'fail', count)}: ${who}; ${ways}`;
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function checksSummary(checks: readonly CheckResult[], paint: PaintTest): readonly string[] {
  if (checks.length === 0) return [];
  const [failed, skipped] = [countOf(checks, 'fail'), countOf(checks, 'skip')];
  const run = checks.length - skipped;
  const count = `${run - failed} of ${run} checks beside the vectors pass`;
  const rest = skipped === 0 ? '' : `; ${skipped} not run`;
  return [`  ${paint(failed === 0 ? 'pass' : 'fail', count)}${rest}`];
}

function countOf(results: readonly { readonly status: string }[], status: string): number {
  return results.filter((result) => result.status === status).length;
}

function vectorLines(result: VectorResult, suite: SuiteResult, paint: PaintTest): readonly string[] {
  const { vector, status } = result;
  const mark = status === 'pass' ? paint('pass', 'ok  ') : paint('fail', 'FAIL');
  const skips = skipTexts(result);
  const aside = skips.length === 0 ? '' : paint('dim', `  (${skips.join('; ')})`);
  const line = `  ${mark} ${printable(vector.name)}${aside}`;
  if (status === 'pass') return [line];
  return [
    line,
    paint('dim', `       ${suite.suite.source.name}:${vector.line}`),
    ...vectorFailureLines(result, suite).map((text) => `       ${text}`),
  ];
}

/** By group, in the order the groups were tested. */
function checksLines(checks: readonly CheckResult[], file: string, paint: PaintTest): readonly string[] {
  const groups = new Map<CheckGroup, CheckResult[]>();
  for (const check of checks) groups.set(check.group, [...(groups.get(check.group) ?? []), check]);
  return [...groups].flatMap(([group, own]) => [
    `  ${paint('bold', group)}`,
    ...own.flatMap((check) => checkLines(check, file, paint)),
  ]);
}

function checkLines(check: CheckResult, file: string, paint: PaintTest): readonly string[] {
  const { status, line, messages, detail } = check;
  const name = printable(check.name);
  const told = messages.map(harmless);
  const below = detail.map((text) => `         ${harmless(text)}`);
  switch (status) {
    case 'pass': {
      const seen = told.length === 0 ? '' : paint('dim', `  (${told.join(' ')})`);
      return [`  ${paint('pass', 'ok  ')} ${name}${seen}`, ...below];
    }
    case 'skip':
      return [`  ${paint('dim', 'skip')} ${name}: ${told.join(' ')}`];
    case 'fail': {
      const at = line === null ? [] : [paint('dim', `       ${file}:${line}`)];
      return [`  ${paint('fail', 'FAIL')} ${name}`, ...at, ...told.map((text) => `       ${text}`), ...below];
    }
  }
}

/** A check may quote an engine, a capture or a plugin; its own line breaks are meant. */
function harmless(text: string): string {
  return text.split('\n').map(printable).join('\n         ');
}
