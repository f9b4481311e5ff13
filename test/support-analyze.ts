import {
  type AnalysisReport,
  analyzeCapture,
  type ConnectionReport,
  type Expectation,
} from '../analyzer/index.ts';
import { compileWebsocket } from './support-websocket.ts';

/** The report of a capture on our own decoding alone. */
export async function analyzeAlone(file: string, expectation: Expectation = 'auto'): Promise<AnalysisReport> {
  const protocol = compileWebsocket();
  const plugin = { path: '', protocol: protocol.filter };
  const { report } = await analyzeCapture(file, [{ protocol, plugin }], [], {
    strict: false,
    expect: expectation,
  });
  return report;
}

/** Rules broken that are worth more than a note, each once. */
export function rulesAboveInfo({ findings }: ConnectionReport): string[] {
  return [...new Set(findings.filter(({ severity }) => severity !== 'info').map(({ rule }) => rule))].sort();
}
