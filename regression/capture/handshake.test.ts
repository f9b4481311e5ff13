import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { GivenParam, HeadChange } from '../suite/suite.ts';
import { suiteFrom } from '../testing/suite-from.ts';
import { upgradeHeads } from './handshake.ts';

const WEBSOCKET = readFileSync(join(import.meta.dirname, '../../samples/websocket/websocket.ksy'), 'utf8');
const { protocol } = suiteFrom(WEBSOCKET, 'spec: x\nvectors: [{name: a, hex: 8100, from: server}]');
const NONE: HeadChange = { line: null, fields: new Map() };

/** Lines of both heads. */
function lines(
  params: Record<string, GivenParam['value']>,
  { request = NONE, response = NONE }: { request?: HeadChange; response?: HeadChange } = {},
): readonly (readonly string[])[] {
  const given = Object.entries(params).map(([id, value]): [string, GivenParam] => [
    id,
    { value, reaches: 'upgrade' },
  ]);
  const vector = { params: new Map(given), handshake: { request, response } };
  return upgradeHeads(vector, protocol, 'websocket').map(({ octets }) =>
    Buffer.from(octets).toString('latin1').split('\r\n').slice(0, -2),
  );
}

test('makes the handshake of RFC 6455, with the answer to its key', () => {
  expect(lines({})).toEqual([
    [
      'GET /test HTTP/1.1',
      'Host: test.example',
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
    ],
    [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      // RFC 6455 section 1.3 has this pair.
      'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
    ],
  ]);
});

test('what params say stands in the response, and the request offers the same', () => {
  const extensions =
    'Sec-WebSocket-Extensions: permessage-deflate; client_no_context_takeover; server_max_window_bits=10, x-any';
  const heads = lines({
    deflate: true,
    client_no_context_takeover: true,
    server_no_context_takeover: false,
    server_max_window_bits: 10n,
    other_extension: true,
    subprotocol: 'chat.v1',
  });
  for (const head of heads) {
    expect(head).toContain(extensions);
    expect(head).toContain('Sec-WebSocket-Protocol: chat.v1');
  }
});

test('what params deny is in no head', () => {
  const heads = lines({ deflate: false, other_extension: false, subprotocol: '' }).flat();
  expect(heads.filter((line) => /Extensions|Protocol:/.test(line))).toEqual([]);
});

test('changes lines and fields in their places, leaves fields out, and writes them several times', () => {
  const [request, response] = lines(
    {},
    {
      request: {
        line: 'POST / HTTP/1.0',
        fields: new Map([
          ['sec-websocket-key', ['AAAA']],
          ['Host', []],
          ['X-New', ['1', '2']],
        ]),
      },
      response: { line: null, fields: new Map([['Upgrade', ['h2c']]]) },
    },
  );
  expect(request).toEqual([
    'POST / HTTP/1.0',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'sec-websocket-key: AAAA',
    'Sec-WebSocket-Version: 13',
    'X-New: 1',
    'X-New: 2',
  ]);
  expect(response?.slice(0, 2)).toEqual(['HTTP/1.1 101 Switching Protocols', 'Upgrade: h2c']);
  // The server answers the key that was sent.
  expect(response?.at(-1)).not.toContain('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
});
