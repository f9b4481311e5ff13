import type { Analysis } from '../analyzer/index.ts';
import { EXIT, type ExitCode, worstOf } from './exit-code.ts';

export type FailOn = 'error' | 'warning' | 'info';

const REACHED: Readonly<Record<FailOn, readonly string[]>> = {
  error: ['error'],
  warning: ['error', 'warning'],
  info: ['error', 'warning', 'info'],
};

/** The exit code of the contract: 3, 5, 1, 4, 0, the first that applies. */
export function exitOf(analyses: readonly Analysis[], failOn: FailOn): ExitCode {
  return worstOf(analyses.flatMap((analysis) => codesOf(analysis, failOn)));
}

function codesOf({ report, failures, differenceCount }: Analysis, failOn: FailOn): ExitCode[] {
  const codes: ExitCode[] = [];
  if (failures.length > 0) codes.push(EXIT.failure);
  if (differenceCount > 0) codes.push(EXIT.disagree);
  const severities = report.connections.flatMap(({ findings }) => findings.map(({ severity }) => severity));
  if (severities.some((severity) => REACHED[failOn].includes(severity))) codes.push(EXIT.findings);
  if (report.verdict === 'inconclusive') codes.push(EXIT.inconclusive);
  return codes;
}
