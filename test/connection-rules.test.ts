import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { AnalysisReport, ConnectionReport, Expectation } from '../analyzer/index.ts';
import { analyzeAlone, rulesAboveInfo } from './support-analyze.ts';
import {
  close,
  conversation,
  frame,
  head,
  ping,
  pong,
  REQUEST,
  type Step,
  text,
  writeConversations,
} from './support-conversation.ts';

// Rules that need the whole connection, close causes and what hurts, each in a conversation made for it.

const folder = mkdtempSync(join(tmpdir(), 'wiretwin-rules-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
let files = 0;

async function analyze(
  conversations: Parameters<typeof writeConversations>[1],
  expectation?: Expectation,
): Promise<AnalysisReport> {
  files += 1;
  const path = join(folder, `${files}.pcap`);
  return analyzeAlone(writeConversations(path, conversations), expectation);
}

async function one(steps: readonly Step[], expectation?: Expectation): Promise<ConnectionReport> {
  return only(await analyze([conversation(steps)], expectation));
}

function only({ connections }: AnalysisReport): ConnectionReport {
  const [connection] = connections;
  if (connection === undefined || connections.length > 1) throw new Error('not one connection');
  return connection;
}

function findings({ findings: all }: ConnectionReport, rule: string): ConnectionReport['findings'] {
  return all.filter((finding) => finding.rule === rule);
}

const closeOf = ({ websocket }: ConnectionReport) => websocket?.close;
const heartbeatOf = ({ websocket }: ConnectionReport) => websocket?.heartbeat;

/** Both Close frames, then TCP in the order the RFC wants. */
function goodbye(at: number): Step[] {
  return [
    { at, side: 'c2s', send: close('c2s', 1000) },
    { at: at + 1, side: 's2c', send: close('s2c', 1000) },
    { at: at + 2, side: 's2c', end: 'fin' },
    { at: at + 3, side: 'c2s', end: 'fin' },
  ];
}

test('finds nothing in a connection that keeps to the rules', async () => {
  const connection = await one([
    { at: 10, side: 's2c', send: ping('s2c', 'a') },
    { at: 11, side: 'c2s', send: pong('c2s', 'a') },
    { at: 20, side: 'c2s', send: text('c2s', 'hello') },
    { at: 21, side: 's2c', send: text('s2c', 'hello') },
    ...goodbye(30),
  ]);
  expect(connection.findings).toEqual([]);
  expect(closeOf(connection)).toMatchObject({ cause: 'clean', by: 'client', code: 1000 });
  expect(heartbeatOf(connection)).toMatchObject({ pings: 1, answered: 1, missed: 0, rttMs: { min: 1 } });
});

test('accuses nobody of a ping that is still in flight', async () => {
  const connection = await one([{ at: 10, side: 's2c', send: ping('s2c', 'a') }, ...goodbye(400)]);
  expect(rulesAboveInfo(connection)).toEqual([]);
  expect(heartbeatOf(connection)).toMatchObject({ pings: 1, answered: 0, missed: 0, inFlight: 1 });
});

test('misses a pong that never comes though there was time', async () => {
  const connection = await one([{ at: 10, side: 's2c', send: ping('s2c', 'hb') }, ...goodbye(2000)]);
  const [finding] = findings(connection, 'PONG-MISSING');
  expect(finding).toMatchObject({ severity: 'error', direction: 'c2s', reference: 'RFC 6455 5.5.2' });
  expect(finding?.hex).toBe('89026862');
  expect(finding?.hint).toContain('ReadMessage');
  expect(connection.verdict).toBe('fail');
});

test('lets a pong answer the latest ping only, and says that others had none', async () => {
  const connection = await one([
    { at: 10, side: 'c2s', send: ping('c2s', 'a') },
    { at: 500, side: 'c2s', send: ping('c2s', 'b') },
    { at: 501, side: 's2c', send: pong('s2c', 'b') },
    ...goodbye(600),
  ]);
  expect(rulesAboveInfo(connection)).toEqual([]);
  expect(findings(connection, 'PONG-SKIPPED')).toMatchObject([{ severity: 'info', direction: 's2c' }]);
  expect(heartbeatOf(connection)).toMatchObject({ pings: 2, answered: 1, missed: 1 });
});

test('blames a large message for pongs that were dropped meanwhile', async () => {
  const connection = await one([
    { at: 10, side: 'c2s', send: ping('c2s', 'a') },
    { at: 900, side: 'c2s', send: ping('c2s', 'b') },
    { at: 1500, side: 's2c', send: frame('s2c', 2, new Uint8Array(70_000)) },
    { at: 1501, side: 's2c', send: pong('s2c', 'b') },
    ...goodbye(1600),
  ]);
  const [finding] = findings(connection, 'PONG-SKIPPED');
  expect(finding?.hint).toContain('default ping handler');
  expect(heartbeatOf(connection)).toMatchObject({ missed: 1, missedWhileBusy: 1 });
});

test('tells a pong with other data from one that nobody asked for', async () => {
  const wrong = await one([
    { at: 10, side: 's2c', send: ping('s2c', 'right') },
    { at: 11, side: 'c2s', send: pong('c2s', 'wrong') },
    ...goodbye(2000),
  ]);
  expect(rulesAboveInfo(wrong)).toEqual(['PONG-DATA']);
  const unasked = await one([
    { at: 5, side: 'c2s', send: pong('c2s', 'still here') },
    { at: 10, side: 's2c', send: ping('s2c', 'a') },
    { at: 11, side: 'c2s', send: pong('c2s', 'still here') },
    { at: 12, side: 'c2s', send: pong('c2s', 'a') },
    ...goodbye(2000),
  ]);
  expect(rulesAboveInfo(unasked)).toEqual([]);
  expect(findings(unasked, 'PONG-UNSOL')).toHaveLength(2);
});

test('says who did not answer a Close', async () => {
  const connection = await one([
    { at: 10, side: 's2c', send: close('s2c', 1001, 'bye') },
    { at: 500, side: 'c2s', end: 'fin' },
    { at: 501, side: 's2c', end: 'fin' },
  ]);
  expect(findings(connection, 'CLOSE-ECHO')).toMatchObject([{ severity: 'error', direction: 'c2s' }]);
  expect(closeOf(connection)).toMatchObject({
    cause: 'one-sided-close',
    by: 'server',
    code: 1001,
    reason: 'bye',
  });
  expect(closeOf(connection)?.evidence).toContain('490.0 ms until the FIN');
});

test('accuses nobody of a Close without an answer when the closer resets at once', async () => {
  const connection = await one([
    { at: 10, side: 's2c', send: close('s2c', 1008, 'no') },
    { at: 10.1, side: 's2c', end: 'rst' },
  ]);
  expect(rulesAboveInfo(connection)).toEqual([]);
  expect(findings(connection, 'CLOSE-ECHO')).toMatchObject([{ severity: 'info', direction: 'c2s' }]);
  expect(closeOf(connection)).toMatchObject({ cause: 'too-big-or-policy', by: 'server', code: 1008 });
});

test('warns of a client that ends TCP before the server does', async () => {
  const connection = await one([
    { at: 10, side: 'c2s', send: close('c2s', 1000) },
    { at: 11, side: 's2c', send: close('s2c', 1000) },
    { at: 12, side: 'c2s', end: 'fin' },
    { at: 13, side: 's2c', end: 'fin' },
  ]);
  expect(rulesAboveInfo(connection)).toEqual(['TCP-FIRST']);
  expect(connection.verdict).toBe('warn');
});

test('warns of a message that is unfinished when its sender says Close', async () => {
  const connection = await one([
    { at: 10, side: 'c2s', send: frame('c2s', 1, 'begun', false) },
    ...goodbye(20),
  ]);
  expect(findings(connection, 'FRAG-OPEN')).toMatchObject([
    { direction: 'c2s', severity: 'warning', offset: 0 },
  ]);
});

test('warns of a peer that goes on after a violation, not of one that fails the connection', async () => {
  const bad = frame('c2s', 3, 'x');
  const goesOn = await one([
    { at: 10, side: 'c2s', send: bad },
    { at: 20, side: 's2c', send: text('s2c', 'fine') },
    ...goodbye(30).slice(0, 1),
    { at: 40, side: 'c2s', end: 'fin' },
  ]);
  expect(findings(goesOn, 'REACTION')).toMatchObject([{ direction: 's2c', severity: 'warning' }]);
  const fails = await one([
    { at: 10, side: 'c2s', send: bad },
    { at: 11, side: 's2c', end: 'fin' },
    { at: 12, side: 'c2s', end: 'fin' },
  ]);
  expect(rulesAboveInfo(fails)).toEqual(['OPCODE']);
  expect(closeOf(fails)).toMatchObject({ cause: 'protocol-error', by: 'server' });
  expect(closeOf(fails)?.evidence).toContain('OPCODE of the client in packet 6');
});

test('judges nothing that may have been in a hole of the capture', async () => {
  const packets = conversation([
    { at: 10, side: 's2c', send: ping('s2c', 'a') },
    { at: 11, side: 'c2s', send: pong('c2s', 'a') },
    { at: 12, side: 'c2s', send: text('c2s', 'hello') },
    { at: 13, side: 's2c', send: text('s2c', 'hello') },
    ...goodbye(2000),
  ]);
  const connection = only(await analyze([packets.filter((_, at) => at !== 6)]));
  expect(rulesAboveInfo(connection)).toEqual([]);
  expect(connection.verdict).toBe('inconclusive');
  expect(connection.pairs).toMatchObject({ uncertain: true });
});

test('suspects a timeout where a round silence precedes the FIN of the server', async () => {
  const connection = await one([
    { at: 10, side: 'c2s', send: text('c2s', 'hello') },
    { at: 60_012, side: 's2c', end: 'fin' },
    { at: 60_013, side: 'c2s', end: 'fin' },
  ]);
  expect(closeOf(connection)).toMatchObject({
    cause: 'idle-timeout-suspected',
    by: 'server',
    idleMs: 60_002,
  });
  expect(closeOf(connection)?.hint).toContain('Browsers cannot ping: the server must.');
});

test('suspects a read deadline where the server talks on but hears nothing', async () => {
  const ticks = [1, 2, 3, 4, 5, 6, 7].map((n) => ({
    at: 300 * n + 50,
    side: 's2c' as const,
    send: text('s2c', `tick ${n}`),
  }));
  const connection = await one([
    { at: 200, side: 'c2s', send: text('c2s', 'hello') },
    ...ticks,
    { at: 2201, side: 's2c', end: 'fin' },
    { at: 2202, side: 'c2s', end: 'fin' },
  ]);
  expect(closeOf(connection)).toMatchObject({ cause: 'idle-timeout-suspected', by: 'server' });
  expect(closeOf(connection)?.evidence).toContain('heard nothing from the client for 2.001 s');
  expect(closeOf(connection)?.hint).toContain('SetReadDeadline');
});

test('suspects no timeout where a client just leaves', async () => {
  const connection = await one([
    { at: 10, side: 'c2s', send: text('c2s', 'hello') },
    { at: 3010, side: 'c2s', end: 'fin' },
    { at: 3011, side: 's2c', end: 'fin' },
  ]);
  expect(closeOf(connection)).toMatchObject({ cause: 'fin-without-close', by: 'client' });
});

test('sees a slow consumer by its window', async () => {
  const big = frame('s2c', 2, new Uint8Array(60_000));
  const connection = await one([
    { at: 10, side: 's2c', send: big },
    { at: 20, side: 'c2s', window: 0 },
    { at: 4020, side: 's2c', end: 'rst' },
  ]);
  expect(findings(connection, 'SLOW-CONSUMER')).toMatchObject([{ severity: 'warning', direction: 'c2s' }]);
  expect(closeOf(connection)).toMatchObject({ cause: 'rst', by: 'server' });
  expect(closeOf(connection)?.evidence).toContain('the client was not reading');
});

test('sees a client that reconnects again and again', async () => {
  const again = [0, 1, 2, 3, 4].map((n) =>
    conversation(
      [
        { at: 50, side: 'c2s', send: text('c2s', 'hello') },
        { at: 51, side: 's2c', end: 'fin' },
        { at: 52, side: 'c2s', end: 'fin' },
      ],
      { clientPort: 50_000 + n, start: n * 200 },
    ),
  );
  const report = await analyze(again);
  const told = report.connections.flatMap((connection) => findings(connection, 'RECONNECTS'));
  expect(told).toMatchObject([{ severity: 'info' }]);
  expect(told[0]?.message).toContain('connected 5 times in a row');
  expect(told[0]?.message).toContain('pauses between: 151 ms, 151 ms, 151 ms, 151 ms');
  expect(report.notes.join()).toContain('Reconnect storm');
});

test('counts the small fragments of NextWriter', async () => {
  const pieces = [0, 1, 2, 3, 4].map((n) => ({
    at: 10 + n,
    side: 's2c' as const,
    send: frame('s2c', n === 0 ? 1 : 0, 'x'.repeat(100), n === 4),
  }));
  const connection = await one([...pieces, ...goodbye(30)]);
  const [finding] = findings(connection, 'FRAGMENTS');
  expect(finding?.severity).toBe('info');
  expect(finding?.message).toContain('1 message of the server came in 5 fragments of 100 octets');
  expect(finding?.hint).toContain('NextWriter');
});

test.each([
  [
    ['HTTP/1.1 403 Forbidden', 'Content-Length: 0'],
    'Origin https://other.example, Host 192.0.2.2:8080',
    'CheckOrigin',
  ],
  [['HTTP/1.1 404 Not Found', 'Content-Length: 0'], 'HTTP 404', 'No handler'],
  [
    ['HTTP/1.1 301 Moved Permanently', 'Location: /chat/', 'Content-Length: 0'],
    'Location /chat/',
    'redirects',
  ],
  [
    ['HTTP/1.1 426 Upgrade Required', 'Sec-WebSocket-Version: 13', 'Content-Length: 0'],
    'wants version 13',
    'version 13',
  ],
  [['HTTP/1.1 502 Bad Gateway', 'Server: nginx', 'Content-Length: 0'], 'answered by nginx', 'proxy'],
  [['HTTP/1.1 101 Switching Protocols'], 'without "Upgrade: websocket"', 'proxy'],
])('explains %j', async (lines, evidence, hint) => {
  const request = Buffer.concat([
    REQUEST.subarray(0, -2),
    Buffer.from('Origin: https://other.example\r\n\r\n'),
  ]);
  const connection = only(await analyze([conversation([], { upgrade: [request, head(...lines)] })]));
  expect(closeOf(connection)).toMatchObject({ cause: 'handshake-refused', by: 'server' });
  expect(closeOf(connection)?.evidence).toContain(evidence);
  expect(closeOf(connection)?.hint).toContain(hint);
});

test('recognises a request whose Upgrade headers a proxy took away', async () => {
  const stripped = head(
    'GET /ws HTTP/1.0',
    'Host: backend',
    'Connection: close',
    'Sec-WebSocket-Key: h8MnjGsXMtnoAcyCAn+V5Q==',
    'Sec-WebSocket-Version: 13',
  );
  const refusal = head('HTTP/1.1 400 Bad Request', 'Content-Length: 0');
  const connection = only(await analyze([conversation([], { upgrade: [stripped, refusal] })]));
  expect(closeOf(connection)?.evidence).toContain('without Upgrade: websocket and Connection: Upgrade');
  expect(closeOf(connection)?.hint).toContain('proxy_set_header Upgrade $http_upgrade');
  expect(rulesAboveInfo(connection)).toEqual(['HS-CONN', 'HS-METHOD', 'HS-UPGRADE']);
});

test('expects nothing when told so, and answers of any kind when told so', async () => {
  const steps: Step[] = [
    { at: 10, side: 'c2s', send: text('c2s', 'one') },
    { at: 11, side: 's2c', send: text('s2c', 'ok') },
    { at: 20, side: 'c2s', send: text('c2s', 'two') },
    ...goodbye(30),
  ];
  expect((await one(steps, 'none')).pairs).toBeNull();
  const reply = await one(steps, 'reply');
  expect(reply.pairs).toMatchObject({ kind: 'reply', requests: 2, answered: 1, unanswered: [{ index: 1 }] });
  expect(rulesAboveInfo(reply)).toEqual(['UNANSWERED']);
});
