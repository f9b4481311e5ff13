import type { ConnectionReport } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { type Case, describeCase } from '../capture/cases.ts';
import { rulesOfHandshake } from '../suite/rules.ts';
import { ABOUT_NOTHING, type Failure, type Judgement } from './failure.ts';
import { compareRules } from './judge-decoding.ts';

type Wrong = Pick<Failure, 'message' | 'expected' | 'found'>;

/** Holds what the analyzer says of a whole connection against the tests file. */
export function judgeConnection(
  item: Case,
  report: ConnectionReport | undefined,
  protocol: Protocol,
  judgement: Judgement,
): void {
  const fail = (wrong: Wrong): void => {
    const party = { kind: 'session' } as const;
    judgement.fail({ ...ABOUT_NOTHING, ...wrong, party, variant: describeCase(item) });
  };
  const { connection, findings } = item.vector;
  const handshake = rulesOfHandshake(protocol);
  const expected = new Set([...findings].filter((rule) => handshake.has(rule)));
  if (report === undefined) {
    if (connection === null && expected.size === 0) return;
    fail({ message: 'no connection is found in the capture', expected: 'a connection', found: 'none' });
    return;
  }
  const found = new Set(report.findings.map(({ rule }) => rule));
  const ofHandshake = new Set([...found].filter((rule) => handshake.has(rule)));
  for (const wrong of compareRules(expected, ofHandshake)) fail(wrong);
  if (connection === null) return;
  if (connection.findings !== null) {
    for (const wrong of compareRules(connection.findings, found)) fail(inConnection(wrong));
  }
  for (const wrong of otherWrongs(item, report)) fail(wrong);
}

function inConnection(wrong: Wrong): Wrong {
  return { ...wrong, message: `of the whole connection: ${wrong.message}` };
}

function otherWrongs({ vector: { connection } }: Case, report: ConnectionReport): readonly Wrong[] {
  if (connection === null) return [];
  const wrongs: Wrong[] = [];
  const hold = (what: string, expected: string | null, found: string): void => {
    if (expected === null || expected === found) return;
    wrongs.push({ message: `${what} is ${found}, expected ${expected}`, expected, found });
  };
  hold('the verdict', connection.verdict, report.verdict);
  hold('the close cause', connection.close, report.websocket?.close.cause ?? 'none');
  for (const [key, count] of connection.counts) {
    const [side, kind] = key.split('.') as ['c2s' | 's2c', string];
    hold(`the count of ${side} ${kind}`, `${count}`, `${report.counts[side][kind] ?? 0}`);
  }
  return wrongs;
}
