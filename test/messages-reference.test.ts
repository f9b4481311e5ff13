import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeCapture, type Message, MessageCollector, type Side } from '../analyzer/index.ts';
import { compileWebsocket } from './support-websocket.ts';
import { capturesWith, noteWithoutShared, SHARED } from './support-shared.ts';

/** `wiretwin messages` against an independent decoder's messages and against what the endpoints logged. */
interface ReferenceMessage {
  readonly type: string;
  readonly len: number;
  readonly sha256?: string;
}
interface ReferenceStream {
  readonly stream: number;
  readonly messages?: Record<Side, ReferenceMessage[]>;
}
interface TruthConnection {
  readonly client?: { readonly addr: string; readonly port: number };
  readonly c2s?: { readonly sent_by_client?: ReferenceMessage[] };
  readonly s2c?: { readonly sent_by_server?: ReferenceMessage[] };
}

/** The endpoints' logs are of the whole connection, these captures of a part. */
const MID_STREAM = /^02/;
/** The reference stops at a hole; ours goes on. */
const WITH_HOLES = /^10[bkl]/;
/** What the reference lists that are no messages: fragments that a new message interrupts, and stray continuations. */
const TYPES: readonly string[] = ['text', 'binary', 'close', 'ping', 'pong'];

interface Read {
  readonly port: number;
  readonly message: Message;
}

async function messagesOf(capture: string): Promise<Read[]> {
  const messages: Read[] = [];
  const collectors = new Map<unknown, MessageCollector>();
  await decodeCapture(capture, [compileWebsocket()], {
    opened: (connection) => {
      const { port } = connection.client;
      collectors.set(connection, new MessageCollector((message) => messages.push({ port, message })));
    },
    pdu: () => undefined,
    delivered: (connection, pdu) => collectors.get(connection)?.pdu(pdu),
  });
  return messages;
}

const brief = ({ type, payload }: Message): string =>
  `${type} ${payload.length} ${createHash('sha256').update(payload).digest('hex')}`;
const briefOf = ({ type, len, sha256 }: ReferenceMessage): string => `${type} ${len} ${sha256 ?? ''}`;

/** What a log lacks (a page logs no hash) or the capture cuts off cannot be compared. */
function asLogged(message: Message, logged: ReferenceMessage | undefined): string {
  if (logged === undefined) return brief(message);
  if (message.incomplete !== null) return briefOf(logged);
  return logged.sha256 === undefined ? `${message.type} ${message.payload.length} ` : brief(message);
}

noteWithoutShared();
if (SHARED === undefined)
  test.skip('the messages against reference and endpoints: needs ../shared', () => undefined);

test.each(capturesWith('.ref.json'))(
  '$name: the messages are those of the reference',
  async ({ name, capture, beside }) => {
    const streams = JSON.parse(readFileSync(beside, 'utf8')) as ReferenceStream[];
    const read = await messagesOf(capture);
    for (const { stream, messages } of streams) {
      for (const side of ['c2s', 's2c'] as const) {
        const wanted = (messages?.[side] ?? []).filter(({ type }) => TYPES.includes(type)).map(briefOf);
        const found = read.flatMap(({ message }) =>
          message.stream === stream && message.direction === side && message.incomplete === null
            ? [brief(message)]
            : [],
        );
        const compared = WITH_HOLES.test(name) ? found.slice(0, wanted.length) : found;
        expect(compared, `stream ${stream} ${side}`).toEqual(wanted);
      }
    }
  },
);

const LOGGED = capturesWith('.truth.json').filter(
  ({ name, capture }) => /\.pcap/.test(capture) && !MID_STREAM.test(name) && !/^(?:06|07|10k)/.test(name),
);

test.each(LOGGED)('$name: the messages are those that the endpoints sent', async ({ capture, beside }) => {
  const { connections } = JSON.parse(readFileSync(beside, 'utf8')) as { connections: TruthConnection[] };
  const read = await messagesOf(capture);
  let compared = 0;
  for (const { client, c2s, s2c } of connections) {
    const sent = { c2s: c2s?.sent_by_client, s2c: s2c?.sent_by_server };
    for (const side of ['c2s', 's2c'] as const) {
      const logged = (sent[side] ?? []).filter(({ type }) => type === 'text' || type === 'binary');
      const found = read.filter(
        ({ port, message }) =>
          port === client?.port && message.direction === side && /^(?:text|binary)$/.test(message.type),
      );
      if (sent[side] === undefined) continue;
      compared += logged.length;
      // What snaplen or a hole has cut is there, and said to be incomplete.
      const texts = found.map(({ message }, i) => asLogged(message, logged[i]));
      expect(texts, `port ${client?.port} ${side}`).toEqual(logged.map(briefOf));
    }
  }
  expect(compared).toBeGreaterThan(0);
});
