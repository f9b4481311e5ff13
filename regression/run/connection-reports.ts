import { analyzeCapture, type ConnectionReport } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { byClient, type Case } from '../capture/cases.ts';
import { rulesOfHandshake } from '../suite/rules.ts';

/** What the analyzer says of the connections of a capture, by case. */
export type ConnectionReports = ReadonlyMap<Case, ConnectionReport>;

/** Only what is carried as it was sent is judged as a connection. */
export function isJudgedAsConnection({ variant }: Case): boolean {
  return variant === 'whole';
}

/** Nothing is asked of a capture when no vector and no rule about handshakes wants to know. */
export async function connectionReports(
  capture: string,
  protocol: Protocol,
  cases: readonly Case[],
): Promise<ConnectionReports> {
  const judged = cases.filter(isJudgedAsConnection);
  const isAsked = judged.some(({ vector }) => vector.connection !== null);
  if (judged.length === 0 || (!isAsked && rulesOfHandshake(protocol).size === 0)) return new Map();
  const subject = { protocol, plugin: { path: '', protocol: protocol.filter } };
  const { report } = await analyzeCapture(capture, [subject], [], { strict: false });
  const clients = byClient(judged);
  const reports = new Map<Case, ConnectionReport>();
  for (const connection of report.connections) {
    const item = clients.get(addressIn(connection.client)) ?? clients.get(addressIn(connection.server));
    if (item !== undefined && !reports.has(item)) reports.set(item, connection);
  }
  return reports;
}

/** `10.0.0.1:52001` */
function addressIn(endpoint: string): string {
  return endpoint.slice(0, endpoint.lastIndexOf(':'));
}
