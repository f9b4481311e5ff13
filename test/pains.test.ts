import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConnectionReport } from '../analyzer/index.ts';
import { analyzeAlone, rulesAboveInfo } from './support-analyze.ts';
import { noteWithoutShared, SHARED } from './support-shared.ts';

// Captures of what hurts people who use gorilla/websocket, with what the endpoints' logs say.

interface TruthConnection {
  readonly client: { readonly port: number };
  readonly expected: {
    readonly close: {
      readonly initiator: string;
      readonly close_frames_on_wire: { readonly c2s: readonly number[]; readonly s2c: readonly number[] };
    };
    readonly unanswered_messages: readonly { readonly i: number }[];
    readonly missed_pings: readonly string[];
    readonly missed_application_pings?: readonly number[];
    readonly reply_pattern?: { readonly sent: number; readonly answered: number };
  };
}

interface Subject {
  readonly truth: TruthConnection;
  readonly connection: ConnectionReport;
}

async function subjectsOf(name: string, expectation?: 'echo' | 'reply'): Promise<Subject[]> {
  const base = join(SHARED ?? '', 'captures', name);
  const { connections } = JSON.parse(readFileSync(`${base}.truth.json`, 'utf8')) as {
    connections: TruthConnection[];
  };
  const report = await analyzeAlone(`${base}.pcapng`, expectation);
  expect(report.connections).toHaveLength(connections.length);
  return connections.map((truth) => {
    const connection = report.connections.find(({ client }) => client.endsWith(`:${truth.client.port}`));
    if (connection === undefined) throw new Error(`no connection from port ${truth.client.port}`);
    return { truth, connection };
  });
}

/** What holds of every capture of the group. */
function checkAgainstLog({ truth, connection }: Subject): void {
  const { expected } = truth;
  expect(connection.websocket?.heartbeat.missed).toBe(expected.missed_pings.length);
  const unanswered = connection.pairs?.unanswered.map(({ index }) => index) ?? [];
  expect(unanswered).toEqual(expected.unanswered_messages.map(({ i }) => i));
  if (expected.reply_pattern !== undefined) {
    expect(connection.pairs).toMatchObject({
      requests: expected.reply_pattern.sent,
      answered: expected.reply_pattern.answered,
    });
  }
  const application = connection.websocket?.heartbeat.application ?? null;
  expect(application?.missedNumbers ?? []).toEqual(expected.missed_application_pings ?? []);
}

if (SHARED === undefined) noteWithoutShared();
const withShared = test.skipIf(SHARED === undefined);

withShared('finds the messages that NextReader threw away: needs ../shared', async () => {
  for (const subject of await subjectsOf('11a-gorilla-lost-message')) {
    checkAgainstLog(subject);
    const { connection } = subject;
    expect(connection.pairs?.kind).toBe('echo');
    expect(connection.websocket?.close).toMatchObject({ cause: 'clean', by: 'client', code: 1000 });
    const [finding] = connection.findings.filter(({ rule }) => rule === 'UNANSWERED');
    expect(finding).toMatchObject({ severity: 'info', direction: 'c2s' });
    expect(finding?.hint).toContain('NextReader called again');
  }
});

withShared(
  'makes unanswered messages a warning when it is told what to expect: needs ../shared',
  async () => {
    for (const { connection } of await subjectsOf('11a-gorilla-lost-message', 'echo')) {
      expect(rulesAboveInfo(connection)).toEqual(['UNANSWERED']);
      expect(connection.verdict).toBe('warn');
    }
  },
);

withShared('sees a server that does not read, and the client that gives up: needs ../shared', async () => {
  for (const subject of await subjectsOf('11b-gorilla-server-not-reading')) {
    checkAgainstLog(subject);
    const { connection } = subject;
    const close = connection.websocket?.close;
    expect(close).toMatchObject({ cause: 'heartbeat-timeout-suspected', by: 'client', code: null });
    expect(close?.evidence).toContain('5 pings');
    expect(close?.evidence).toContain('reports 1006');
    expect(rulesAboveInfo(connection)).toEqual(['PONG-MISSING']);
    expect(connection.websocket?.heartbeat.intervalMs).toBeCloseTo(200, -1);
  }
});

withShared('explains 1009 by the read limit, and the RST after it: needs ../shared', async () => {
  for (const subject of await subjectsOf('11d-gorilla-read-limit')) {
    checkAgainstLog(subject);
    const { connection } = subject;
    const close = connection.websocket?.close;
    expect(close).toMatchObject({ cause: 'too-big-or-policy', by: 'server', code: 1009 });
    expect(close?.evidence).toContain('2000 octets, the largest taken before it 512');
    expect(close?.evidence).toContain('RST from the server');
    expect(close?.hint).toContain('SetReadLimit');
    // The client could not answer: the RST came at once. Nobody is accused, but it is said.
    const echo = connection.findings.filter(({ rule }) => rule === 'CLOSE-ECHO');
    expect(echo).toMatchObject([{ severity: 'info', direction: 'c2s' }]);
    expect(rulesAboveInfo(connection)).toEqual([]);
  }
});

withShared.each([
  '11g-nginx-read-timeout-2s',
  '11g-nginx-read-timeout-2s-client-side',
  '11g-nginx-read-timeout-2s-server-side',
])('suspects an idle timeout on every leg of %s: needs ../shared', async (name) => {
  for (const subject of await subjectsOf(name)) {
    checkAgainstLog(subject);
    const { connection, truth } = subject;
    const close = connection.websocket?.close;
    expect(close?.cause).toBe('idle-timeout-suspected');
    // nginx is the server of one leg and the client of the other.
    expect(close?.by).toBe(connection.server.endsWith(':8000') ? 'server' : 'client');
    expect(truth.expected.close.initiator).toContain('nginx');
    expect(close?.idleMs).toBeGreaterThan(1990);
    expect(close?.idleMs).toBeLessThan(2020);
    expect(close?.evidence).toContain('3 of 3 connections');
    expect(close?.hint).toContain('proxy_read_timeout');
    expect(rulesAboveInfo(connection)).toEqual([]);
  }
});

withShared('joins the two legs through a proxy by the key that it passes on: needs ../shared', async () => {
  const { notes } = await analyzeAlone(join(SHARED ?? '', 'captures/11g-nginx-read-timeout-2s.pcapng'));
  expect(notes).toHaveLength(3);
  expect(notes[0]).toContain('#0 and #1 are legs of one connection through a proxy');
});

withShared('pairs answers that are no echoes: needs ../shared', async () => {
  for (const subject of await subjectsOf('11i-gorilla-dialer-ticker')) {
    checkAgainstLog(subject);
    const { connection } = subject;
    expect(connection.pairs?.kind).toBe('reply');
    expect(connection.websocket?.heartbeat.application).toBeNull();
    expect(connection.websocket?.close).toMatchObject({ cause: 'clean', by: 'client', code: 1000 });
  }
});

withShared('finds heartbeats in text messages, and those without an answer: needs ../shared', async () => {
  for (const subject of await subjectsOf('11j-application-heartbeats')) {
    checkAgainstLog(subject);
    const { connection } = subject;
    const application = connection.websocket?.heartbeat.application;
    expect(application).toMatchObject({ by: 'client', sent: 20, missed: 2 });
    expect(application?.pattern).toBe('"ping" from the client, answered by "pong"');
    expect(application?.intervalMs).toBeCloseTo(200, -1);
    expect(connection.websocket?.heartbeat.pings).toBe(0);
  }
});
