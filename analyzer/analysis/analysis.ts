import type { AnalysisReport, CaptureSummary, CrossCheckReport, EngineSummary } from '../report/report.ts';
import { type Verdict, worstVerdict } from '../judge/finding.ts';
import type { EngineTally } from '../compare/tally.ts';
import type { ConnectionReport } from '../report/report.ts';

/** Why an analysis could not be what was asked for. */
export interface Failure {
  /** `input`: the capture or the JSON; `engine`: Wireshark or the plugin. */
  readonly kind: 'input' | 'engine';
  readonly message: string;
}

/** The report, and what decides the exit code beside it. */
export interface Analysis {
  readonly report: AnalysisReport;
  readonly failures: readonly Failure[];
  /** Disagreements without a known diagnosis; more than the report lists when there are very many. */
  readonly differenceCount: number;
}

export interface AnalysisParts {
  readonly capture: CaptureSummary;
  readonly engines: readonly EngineSummary[];
  readonly connections: readonly ConnectionReport[];
  /** One for each engine; null: none was asked. */
  readonly tallies: readonly EngineTally[] | null;
  readonly against: 'plugin' | 'builtin';
  readonly notes: readonly string[];
  readonly failures: readonly Failure[];
  /** The protocol was seen where it is not analysed. */
  readonly unanalysed: boolean;
}

export function assemble(parts: AnalysisParts): Analysis {
  const { tallies, connections, failures } = parts;
  const differenceCount = (tallies ?? []).reduce((sum, tally) => sum + tally.differenceCount, 0);
  const report: AnalysisReport = {
    schemaVersion: 1,
    verdict: verdictOf(connections, failures.length > 0 || differenceCount > 0 || parts.unanalysed),
    capture: parts.capture,
    engines: parts.engines,
    connections,
    crossCheck: tallies === null || tallies.length === 0 ? null : crossCheckOf(tallies, parts.against),
    notes: parts.notes,
    failures: failures.map(({ message }) => message),
  };
  return { report, failures, differenceCount };
}

/** Nothing found is no pass, and neither is what a failure or a disagreement has put in doubt. */
function verdictOf(connections: readonly ConnectionReport[], doubtful: boolean): Verdict {
  const verdicts = connections.map(({ verdict }) => verdict);
  return worstVerdict(doubtful || verdicts.length === 0 ? [...verdicts, 'inconclusive'] : verdicts);
}

function crossCheckOf(tallies: readonly EngineTally[], against: 'plugin' | 'builtin'): CrossCheckReport {
  const fewest = tallies.reduce((least, tally) => (tally.pdus < least.pdus ? tally : least));
  return {
    against,
    pdus: fewest.pdus,
    fields: tallies.reduce((sum, { fields }) => sum + fields, 0),
    agreed: tallies.reduce((sum, { agreed }) => sum + agreed, 0),
    explained: tallies.flatMap(({ explained }) => explained),
    differences: tallies.flatMap(({ differences }) => differences),
  };
}
