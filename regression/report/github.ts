import { relative, resolve, sep } from 'node:path';
import { printable } from '../../analyzer/index.ts';
import type { CheckResult } from '../checks/check-result.ts';
import type { VectorResult } from '../judge/failure.ts';
import type { SuiteResult } from '../run/run-suite.ts';
import { toldSentences } from './vector-text.ts';

/** More than that nobody reads beside the code; GitHub itself shows fewer. */
const MOST_ANNOTATIONS = 50;
/** GitHub cuts what is longer, and not where a reader would. */
const LONGEST_MESSAGE = 4000;

interface Annotation {
  readonly file: string;
  readonly line: number | null;
  readonly title: string;
  readonly lines: readonly string[];
}

/**
 * Workflow commands of GitHub Actions: one error for every vector, check and engine that failed, at its line of the
 * tests file.
 *
 * @param root of the checked-out repository: paths are written as they are from there
 */
export function renderGithub(results: readonly SuiteResult[], root: string): string {
  const annotations = results.flatMap(annotationsOf);
  const lines = annotations.slice(0, MOST_ANNOTATIONS).map((annotation) => command(annotation, root));
  const left = annotations.length - lines.length;
  if (left > 0)
    lines.push(`::error title=wiretwin test::… and ${left} more failures, which only the log tells of`);
  return lines.map((line) => `${line}\n`).join('');
}

function annotationsOf(result: SuiteResult): readonly Annotation[] {
  const file = result.suite.source.name;
  const engines = result.engines.flatMap(({ label, failure }) =>
    failure === null ? [] : [{ file, line: null, title: `${label} failed`, lines: [failure] }],
  );
  return [
    ...result.vectors.flatMap((vector) => ofVector(vector, file)),
    ...result.checks.flatMap((check) => ofCheck(check, file)),
    ...engines,
  ];
}

function ofVector(result: VectorResult, file: string): readonly Annotation[] {
  if (result.status === 'pass') return [];
  const { line, name } = result.vector;
  return [{ file, line, title: name, lines: toldSentences(result) }];
}

function ofCheck(
  { status, group, name, line, messages, detail }: CheckResult,
  file: string,
): readonly Annotation[] {
  if (status !== 'fail') return [];
  return [{ file, line, title: `${group}: ${name}`, lines: [...messages, ...detail] }];
}

function command({ file, line, title, lines }: Annotation, root: string): string {
  const path = relative(root, resolve(file)).split(sep).join('/');
  const properties = [
    `file=${property(path)}`,
    ...(line === null ? [] : [`line=${line}`]),
    `title=${property(printable(title))}`,
  ];
  const text = lines.map(oneLine).join('\n');
  const cut = text.length <= LONGEST_MESSAGE ? text : `${text.slice(0, LONGEST_MESSAGE)}…`;
  return `::error ${properties.join(',')}::${data(cut)}`;
}

function oneLine(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

/** As `escapeData` of actions/toolkit. */
function data(text: string): string {
  return text
    .replaceAll(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}

/** As `escapeProperty` of actions/toolkit. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
