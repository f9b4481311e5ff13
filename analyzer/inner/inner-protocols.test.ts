import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compileSpec, type Protocol } from '../../spec/index.ts';
import { toJsonFields } from '../decode/index.ts';
import { BindingClash, Bindings } from '../session/bindings.ts';
import { decodeCapture } from '../session/decode-capture.ts';
import { decoderOptions } from '../session/decoder-options.ts';
import type { SessionPdu } from '../session/pdu.ts';

// The sample's program spoke; its log: nine requests, all done but the eighth, the first two in one message.

const SAMPLES = join(import.meta.dirname, '../../samples');
const CHAT = join(SAMPLES, 'chat-over-websocket/chat.ksy');

function compiled(name: string, change: (text: string) => string = (text) => text): Protocol {
  const { protocol, diagnostics } = compileSpec({
    main: { name, text: change(readFileSync(name, 'utf8')) },
    load: () => undefined,
    bind: { tcp: [], udp: [] },
  });
  if (protocol === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return protocol;
}

const WEBSOCKET = compiled(join(SAMPLES, 'websocket/websocket.ksy'));

async function pdusOf(capture: string, protocols: readonly Protocol[]): Promise<SessionPdu[]> {
  const pdus: SessionPdu[] = [];
  await decodeCapture(join(SAMPLES, 'chat-over-websocket/captures', capture), protocols, {
    opened: () => undefined,
    pdu: (_connection, pdu) => pdus.push(pdu),
  });
  return pdus;
}

const summary = (pdus: readonly SessionPdu[], side: 'c2s' | 's2c'): unknown[] =>
  pdus
    .filter(({ protocol, direction }) => protocol === 'chat' && direction === side)
    .map(({ decoded }) => {
      const { kind, number } = toJsonFields(decoded, { full: true });
      return [kind, number];
    });

test.each(['chat.pcapng', 'chat-compressed.pcapng'])(
  '%s: every request and its answer is inside',
  async (capture) => {
    const pdus = await pdusOf(capture, [WEBSOCKET, compiled(CHAT)]);
    const requests = [1, 2, 2, 2, 2, 2, 2, 2, 4].map((kind, i) => [kind, i + 1]);
    expect(summary(pdus, 'c2s')).toEqual(requests);
    expect(summary(pdus, 's2c')).toEqual(requests.map(([, number]) => [3, number]));
    const inner = pdus.filter(({ protocol }) => protocol === 'chat');
    expect(inner.every(({ problem, decoded }) => problem === null && decoded.breaches.length === 0)).toBe(
      true,
    );
  },
);

test('an inner PDU follows the one that carries it, and names its protocol', async () => {
  const pdus = await pdusOf('chat.pcapng', [WEBSOCKET, compiled(CHAT)]);
  expect(
    pdus.slice(0, 5).map(({ protocol, frame, offset, parent }) => [protocol, frame, offset, parent]),
  ).toEqual([
    ['websocket', 8, 0, undefined],
    ['chat', 8, 0, { protocol: 'websocket', stream: 0 }],
    ['chat', 8, 11, { protocol: 'websocket', stream: 0 }],
    ['websocket', 9, 0, undefined],
    ['chat', 9, 0, { protocol: 'websocket', stream: 0 }],
  ]);
});

test('a port is a key like a subprotocol', async () => {
  const byPort = compiled(CHAT, (text) =>
    text.replace('table: ws.protocol, keys: [chat.v1]', 'table: ws.port, keys: [8080]'),
  );
  expect(summary(await pdusOf('chat.pcapng', [WEBSOCKET, byPort]), 'c2s')).toHaveLength(9);
});

test('another subprotocol is not decoded', async () => {
  const other = compiled(CHAT, (text) => text.replace('keys: [chat.v1]', 'keys: [chat.v2]'));
  expect(summary(await pdusOf('chat.pcapng', [WEBSOCKET, other]), 'c2s')).toEqual([]);
});

test('a message that ends inside a PDU leaves it truncated, and the next one unharmed', async () => {
  // One octet more of header than there is: every PDU wants an octet that the message does not have.
  const longer = compiled(CHAT, (text) => text.replace('size: len_body', 'size: len_body + 1'));
  const pdus = (await pdusOf('chat.pcapng', [WEBSOCKET, longer])).filter(
    ({ protocol }) => protocol === 'chat',
  );
  const [, , next] = pdus.filter(({ direction }) => direction === 's2c');
  expect(next?.problem).toMatchObject({ kind: 'truncated', needed: 8n, available: 7 });
  expect(new Set(pdus.map(({ frame }) => frame)).size).toBe(16);
});

test('two specs for one subprotocol are a clash', () => {
  const twin = compiled(CHAT, (text) =>
    text.replace('id: chat\n', 'id: twin\n').replace('filter: chat', 'filter: twin'),
  );
  expect(() => new Bindings([WEBSOCKET, compiled(CHAT), twin], decoderOptions())).toThrow(BindingClash);
});
