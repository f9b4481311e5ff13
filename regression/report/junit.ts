import untyped, { type Builder, type TestCase } from 'junit-report-builder';
import type { CheckResult } from '../checks/check-result.ts';
import type { VectorResult } from '../judge/failure.ts';
import type { SuiteResult } from '../run/run-suite.ts';
import { skipTexts, vectorFailureLines } from './vector-text.ts';

/** What a build server shows beside the name of a test; the whole text stands below it. */
const LONGEST_HEADLINE = 300;

/** A CommonJS module whose types speak of a default export that it has not. */
const junit = untyped as unknown as Builder;

/** `wiretwin test --format junit`: a test case for every vector, every check, and every engine that failed. */
export function renderJunit(results: readonly SuiteResult[]): string {
  const builder = junit.newBuilder();
  for (const result of results) addSuite(builder, result);
  return builder.build();
}

function addSuite(builder: Builder, result: SuiteResult): void {
  const { protocol, source } = result.suite;
  const suite = builder.testSuite().name(safe(`${protocol.id} (${source.name})`));
  const add = (group: string, name: string): TestCase =>
    suite
      .testCase()
      .className(safe(`${protocol.id}.${group}`))
      .name(safe(name))
      .file(safe(source.name));
  for (const vector of result.vectors) fillVector(add('vectors', vector.vector.name), vector, result);
  for (const check of result.checks) fillCheck(add(check.group, check.name), check, source.name);
  for (const { label, failure } of result.engines) {
    if (failure !== null) fail(add('engines', label), failure, [failure]);
  }
}

function fillVector(item: TestCase, result: VectorResult, suite: SuiteResult): void {
  const { vector, status } = result;
  const skips = skipTexts(result);
  if (skips.length > 0) item.standardOutput(safe(skips.join('\n')));
  if (status === 'pass') return;
  const lines = vectorFailureLines(result, suite);
  fail(item, lines[0] ?? 'failed', [`${suite.suite.source.name}:${vector.line}`, ...lines]);
}

function fillCheck(item: TestCase, { status, line, messages, detail }: CheckResult, file: string): void {
  const at = line === null ? [] : [`${file}:${line}`];
  const text = [...at, ...messages, ...detail];
  switch (status) {
    case 'fail':
      fail(item, messages[0] ?? 'failed', text);
      return;
    case 'skip':
      // The format has no place for a reason in the element itself that the builder would fill.
      item.skipped().standardOutput(safe(`Skipped: ${messages.join(' ')}`));
      return;
    case 'pass':
      if (text.length > at.length) item.standardOutput(safe(text.join('\n')));
  }
}

function fail(item: TestCase, headline: string, lines: readonly string[]): void {
  item.failure(safe(headline.slice(0, LONGEST_HEADLINE)), 'failure').stacktrace(safe(lines.join('\n')));
}

/** XML 1.0 has no way to write most control characters, and a section of CDATA none to write its own end. */
function safe(text: string): string {
  return text
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/g, escaped)
    .replaceAll(']]>', ']] >');
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
