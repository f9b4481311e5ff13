import { joined } from '../capture/build-capture.ts';
import { type Case, describeCase } from '../capture/cases.ts';
import type { Failure, VectorResult } from '../judge/failure.ts';
import type { SuiteResult } from '../run/run-suite.ts';
import { commandFor } from './command.ts';
import { hexLines } from './hex-lines.ts';
import { tableOf } from './table.ts';

export type TestStyle = 'pass' | 'fail' | 'dim' | 'bold';
export type PaintTest = (style: TestStyle, text: string) => string;

/** Failures of one vector told in full; the JSON has them all. */
const MOST_TOLD = 12;

/** One line a vector; of one that failed, what is wrong with it, where, and how to see it in Wireshark. */
export function renderTests(result: SuiteResult, paint: PaintTest): string {
  const { suite, engines, vectors } = result;
  const { protocol, source } = suite;
  const lines = [paint('bold', `${source.name}  ${protocol.id} as ${protocol.filter}`)];
  for (const vector of vectors) lines.push(...vectorLines(vector, result, paint));
  const failed = vectors.filter(({ status }) => status === 'fail').length;
  for (const { label, failure } of engines) if (failure !== null) lines.push(`  ${label} failed: ${failure}`);
  lines.push(summaryOf(result, failed, paint), '');
  return lines.join('\n');
}

function summaryOf({ vectors, engines, cases }: SuiteResult, failed: number, paint: PaintTest): string {
  const count = `${vectors.length - failed} of ${vectors.length} vectors pass`;
  const who = ['our decoder', ...engines.map(({ label }) => label)].join(', ');
  const ways = `${cases.length} connections in one capture`;
  return `  ${paint(failed === 0 ? 'pass' : 'fail', count)}: ${who}; ${ways}`;
}

function vectorLines(result: VectorResult, suite: SuiteResult, paint: PaintTest): readonly string[] {
  const { vector, status, engines } = result;
  const mark = status === 'pass' ? paint('pass', 'ok  ') : paint('fail', 'FAIL');
  const skips = engines.flatMap(({ label, skipped }) =>
    skipped === null ? [] : [`not on ${label}: ${skipped}`],
  );
  const aside = skips.length === 0 ? '' : paint('dim', `  (${skips.join('; ')})`);
  const line = `  ${mark} ${vector.name}${aside}`;
  return status === 'pass' ? [line] : [line, ...failureLines(result, suite, paint)];
}

function failureLines(result: VectorResult, suite: SuiteResult, paint: PaintTest): readonly string[] {
  const { vector, failures } = result;
  const sentences = sentencesOf(failures);
  const lines = [paint('dim', `       ${suite.suite.source.name}:${vector.line}`)];
  lines.push(...sentences.slice(0, MOST_TOLD).map((text) => `       ${text}`));
  if (sentences.length > MOST_TOLD) lines.push(`       … and ${sentences.length - MOST_TOLD} more`);
  lines.push(...tableOf(result).map((line) => `         ${line}`));
  const marked = failures.flatMap(({ octets }) => (octets === null ? [] : [octets]));
  lines.push(
    ...hexLines(joined(vector.parts.map(({ octets }) => octets)), marked).map((line) => `         ${line}`),
  );
  lines.push(...commandLines(result, suite).map((line) => `       ${line}`));
  return lines;
}

/** What went wrong in the same way however the octets were carried is told once. */
function sentencesOf(failures: readonly Failure[]): readonly string[] {
  const variants = new Map<string, { readonly who: string; readonly what: string; readonly how: string[] }>();
  for (const { party, variant, pdu, message } of failures) {
    const who = partyText(party);
    const what = pdu === null ? message : `PDU ${pdu + 1}: ${message}`;
    const key = `${who} ${what}`;
    const known = variants.get(key) ?? { who, what, how: [] };
    if (variant !== null) known.how.push(variant);
    variants.set(key, known);
  }
  return [...variants.values()].map(
    ({ who, what, how }) => `${who}: ${what}${how.length === 0 ? '' : ` [${how.join('; ')}]`}`,
  );
}

function partyText(party: Failure['party']): string {
  switch (party.kind) {
    case 'decoder':
      return 'our decoder';
    case 'session':
      return 'our session';
    case 'engine':
      return party.engine;
  }
}

function commandLines({ vector, failures }: VectorResult, result: SuiteResult): readonly string[] {
  const item = failedCase(vector, failures, result.cases);
  if (result.files === null || item === undefined) return [];
  const blamed = failures.find(({ party }) => party.kind === 'engine')?.party;
  const label = blamed?.kind === 'engine' ? blamed.engine : undefined;
  const run = result.engines.find((engine) => engine.label === label) ?? result.engines[0];
  const location = run?.engine.name === 'tshark' ? run.engine.location : 'tshark';
  return [`kept: ${result.files.capture}`, commandFor(location, result.files, item)];
}

/** The connection in the capture to look at: the first way in which it failed. */
function failedCase(
  vector: VectorResult['vector'],
  failures: readonly Failure[],
  cases: readonly Case[],
): Case | undefined {
  const own = cases.filter((item) => item.vector === vector);
  const variant = failures.find((failure) => failure.variant !== null)?.variant;
  return own.find((item) => variant === describeCase(item)) ?? own[0];
}
