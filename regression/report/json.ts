import { describeCase } from '../capture/cases.ts';
import type { CheckResult } from '../checks/check-result.ts';
import type { Failure, VectorResult } from '../judge/failure.ts';
import type { SuiteResult } from '../run/run-suite.ts';

/** `wiretwin test --format json` (docs/schema/test-report.schema.json). */
export function testReport(results: readonly SuiteResult[]): object {
  const failed = results.some(hasFailed);
  return {
    schemaVersion: 1,
    verdict: failed ? 'fail' : results.length === 0 ? 'inconclusive' : 'pass',
    suites: results.map(suiteJson),
  };
}

export function hasFailed({ vectors, checks, engines }: SuiteResult): boolean {
  const isWrong = [...vectors, ...checks].some(({ status }) => status === 'fail');
  return isWrong || engines.some(({ failure }) => failure !== null);
}

function suiteJson(result: SuiteResult): object {
  const { suite, engines, vectors, checks, files, cases } = result;
  return {
    file: suite.source.name,
    spec: suite.protocol.sources[0]?.name ?? '',
    protocol: suite.protocol.id,
    engines: engines.map(({ engine: { name, version, lua }, failure }) => ({ name, version, lua, failure })),
    variants: [...new Set(cases.map(describeCase))],
    capture: hasFailed(result) ? (files?.capture ?? null) : null,
    vectors: vectors.map(vectorJson),
    checks: checks.map(checkJson),
  };
}

function vectorJson({ vector, status, pdus, engines, failures }: VectorResult): object {
  return {
    name: vector.name,
    line: vector.line,
    from: vector.side === 'c2s' ? 'client' : 'server',
    octets: vector.parts.reduce((sum, { octets }) => sum + octets.length, 0),
    pdus,
    status,
    skipped: engines.flatMap(({ label, skipped }) =>
      skipped === null ? [] : [{ engine: label, reason: skipped }],
    ),
    failures: failures.map(failureJson),
  };
}

function failureJson({ party, variant, pdu, field, message, expected, found, octets }: Failure): object {
  const engine = party.kind === 'engine' ? party.engine : null;
  const range = octets === null ? null : [octets.start, octets.end];
  return { by: party.kind, engine, variant, pdu, field, message, expected, found, octets: range };
}

function checkJson({ group, name, status, line, messages, detail, data }: CheckResult): object {
  return { group, name, status, line, messages, detail, data };
}
