import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import {
  type AnalysisReport,
  analyzeCapture,
  decodeCapture,
  type Message,
  MessageCollector,
  openSecure,
  type SecureCapture,
} from '../analyzer/index.ts';
import { withPlugins } from '../cli/plugin-files.ts';
import { type Engine, findEngines } from '../engines/index.ts';
import { noteWithoutTshark, TSHARKS } from './support-tshark.ts';
import { compileWebsocket } from './support-websocket.ts';

// TLS that tshark decrypts: what the endpoints logged must come out, and the plugin must show the same.

const CAPTURES = join(import.meta.dirname, 'captures');
const capture = (name: string): string => join(CAPTURES, `${name}.pcapng`);
const keylog = (name: string): string => join(CAPTURES, `${name}.keylog`);

// Each asks tshark several times, on a busy machine for many seconds.
vi.setConfig({ testTimeout: 240_000 });

noteWithoutTshark();
const engines: readonly Engine[] = (await findEngines({ want: 'auto' })).filter(
  ({ name }) => name === 'tshark',
);
const withTshark = test.skipIf(TSHARKS.length === 0);

async function messagesOf(file: string, secure: SecureCapture | null): Promise<Message[]> {
  const messages: Message[] = [];
  const collectors = new Map<unknown, MessageCollector>();
  await decodeCapture(
    file,
    [compileWebsocket()],
    {
      opened: (connection) => {
        collectors.set(connection, new MessageCollector((message) => messages.push(message)));
      },
      pdu: () => undefined,
      delivered: (connection, pdu) => collectors.get(connection)?.pdu(pdu),
    },
    { secure },
  );
  return messages;
}

async function analyzed(
  file: string,
  keys: string | undefined,
  asked: readonly Engine[],
): Promise<AnalysisReport> {
  const protocol = compileWebsocket();
  return withPlugins([protocol], asked.length > 0, async (subjects) => {
    const { report } = await analyzeCapture(file, subjects, asked, { strict: false, keylog: keys });
    return report;
  });
}

interface Logged {
  readonly type: string;
  readonly len?: number;
  readonly sha256?: string;
}
const briefOf = ({ type, len, sha256 }: Logged): string =>
  sha256 === undefined ? type : `${type} ${len} ${sha256}`;
const brief = ({ type, payload }: Message): string =>
  type === 'close' ? type : `${type} ${payload.length} ${createHash('sha256').update(payload).digest('hex')}`;

/** A pong that a library sends by itself is in nobody's log of sent messages. */
const isSaid = (text: string): boolean => !text.startsWith('pong');

const VARIANTS = [
  { name: 'wss-tls13-443', keys: keylog('wss-tls13-443') },
  { name: 'wss-tls13-443-embedded', keys: undefined },
];

test.each(
  VARIANTS.flatMap((variant) => engines.map((engine) => ({ ...variant, engine, version: engine.version }))),
)(
  '$name, tshark $version: the messages are those that the endpoints logged',
  async ({ name, keys, engine }) => {
    const secure = await openSecure(capture(name), {
      keylog: keys,
      engines: () => Promise.resolve([engine]),
    });
    const truth = JSON.parse(readFileSync(join(CAPTURES, 'wss-tls13-443.truth.json'), 'utf8')) as {
      connections: { c2s: { sent_by_client: Logged[] }; s2c: { sent_by_server: Logged[] } }[];
    };
    const [logged] = truth.connections;
    const messages = await messagesOf(capture(name), secure);
    for (const [side, sent] of [
      ['c2s', logged?.c2s.sent_by_client],
      ['s2c', logged?.s2c.sent_by_server],
    ] as const) {
      const found = messages.filter(({ direction }) => direction === side).map(brief);
      expect(found.filter(isSaid)).toEqual((sent ?? []).map(briefOf).filter(isSaid));
    }
    expect(messages.every(({ incomplete }) => incomplete === null)).toBe(true);
  },
);

withTshark.each(['wss-tls13-443', 'wss-tls12-8080'])(
  '%s: the plugin shows of the decrypted octets what we decode of them',
  async (name) => {
    const report = await analyzed(capture(name), keylog(name), engines);
    expect(report.failures).toEqual([]);
    expect(report.crossCheck?.differences).toEqual([]);
    expect(report.crossCheck?.pdus).toBe({ 'wss-tls13-443': 33, 'wss-tls12-8080': 40 }[name]);
    expect(
      report.connections.map(({ findings }) => findings.filter(({ severity }) => severity === 'error')),
    ).toEqual(report.connections.map(() => []));
    expect(report.notes.join('\n')).toContain('decrypted by tshark');
  },
);

withTshark('TLS on a port where Wireshark expects something else is asked for, and said how', async () => {
  const secure = await openSecure(capture('wss-tls12-8080'), {
    keylog: keylog('wss-tls12-8080'),
    engines: () => Promise.resolve(engines),
  });
  expect(secure?.retry).toEqual({ decodeAs: ['tcp.port==8080,tls'], apart: null });
  expect([...(secure?.streams.keys() ?? [])]).toEqual([0, 1]);
});

withTshark(
  'the key log of another run leaves the verdict open, and names the session that it lacks',
  async () => {
    const report = await analyzed(capture('wss-tls13-443'), keylog('wss-tls12-8080'), engines.slice(0, 1));
    expect(report.verdict).toBe('inconclusive');
    expect(report.notes.join('\n')).toMatch(
      /has no secrets of stream 0 \(client random [0-9a-f]{16}… is not in it\)/,
    );
  },
);

test('without keys the verdict is open, with the recipe for browser, Node and Go', async () => {
  const report = await analyzed(capture('wss-tls13-443'), undefined, []);
  expect(report.verdict).toBe('inconclusive');
  const notes = report.notes.join('\n');
  for (const recipe of ['SSLKEYLOGFILE', '--tls-keylog', 'KeyLogWriter', '--keylog keys.log']) {
    expect(notes).toContain(recipe);
  }
});

test('with keys and no tshark the verdict is open, with the command that works', async () => {
  const report = await analyzed(capture('wss-tls13-443'), keylog('wss-tls13-443'), []);
  expect(report.verdict).toBe('inconclusive');
  expect(report.notes.join('\n')).toMatch(
    /wiretwin analyze .*wss-tls13-443\.pcapng --keylog .* --engine tshark/,
  );
});

test('a WebSocket over HTTP/2 in the clear is seen and leaves the verdict open', async () => {
  const report = await analyzed(capture('http2-websocket-8081'), undefined, []);
  expect(report.verdict).toBe('inconclusive');
  expect(report.notes.join('\n')).toContain(
    'Stream 0 carries WebSocket over HTTP/2 (RFC 8441; HTTP/2 stream 1)',
  );
});

withTshark('a WebSocket over HTTP/2 inside TLS is seen once it is decrypted', async () => {
  const name = 'http2-websocket-tls-8443';
  const report = await analyzed(capture(name), keylog(name), engines);
  expect(report.verdict).toBe('inconclusive');
  // Some versions dissect it: that is no disagreement.
  expect(report.crossCheck?.differences).toEqual([]);
  expect(report.notes.join('\n')).toContain('Stream 0 carries WebSocket over HTTP/2');
});

test('a fatal TLS alert in the clear is told', async () => {
  const report = await analyzed(capture('tls12-alert-8443'), undefined, []);
  expect(report.notes.join('\n')).toContain(
    'Stream 0: the client ended TLS with the alert "unknown CA" (packet 8)',
  );
});
