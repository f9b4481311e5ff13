import { expect, test } from 'vitest';
import type { RequestHead, ResponseHead } from '../http/head.ts';
import { parseHead } from '../http/parse-head.ts';
import { acceptFor, readHandshake } from './handshake.ts';

const PLACE = { position: 0, length: 0, time: 0n };

const REQUEST_LINES = [
  'GET ws://localhost:8080/echo HTTP/1.1',
  'Host: localhost:8080',
  'Upgrade: websocket',
  'Connection: keep-alive, Upgrade',
  'Sec-WebSocket-Key: h8MnjGsXMtnoAcyCAn+V5Q==',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Protocol: telemetry.v2, telemetry.v1',
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits',
];

const RESPONSE_LINES = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: WebSocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: n+hJTwLJbZTrnaXspOIBJZYIDh8=',
  'Sec-WebSocket-Protocol: telemetry.v1',
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=12',
];

function head(lines: readonly string[], frame: number) {
  return parseHead(new TextEncoder().encode(`${lines.join('\r\n')}\r\n\r\n`), { ...PLACE, frame });
}

function request(lines: readonly string[] = REQUEST_LINES): RequestHead {
  const parsed = head(lines, 4);
  if (parsed?.kind !== 'request') throw new Error('not a request');
  return parsed;
}

function response(lines: readonly string[] = RESPONSE_LINES): ResponseHead {
  const parsed = head(lines, 6);
  if (parsed?.kind !== 'response') throw new Error('not a response');
  return parsed;
}

/** The lines with those of a name left out, and others put in their place. */
function replace(lines: readonly string[], name: string, ...others: string[]): string[] {
  return [...lines.filter((line) => !line.startsWith(name)), ...others];
}

function rules(asked: RequestHead, answered: ResponseHead): string[] {
  return readHandshake(asked, answered).breaches.map(({ rule, direction }) => `${rule} ${direction}`);
}

test('computes the accept value of RFC 6455 1.3 and of the echo server', () => {
  expect(acceptFor('dGhlIHNhbXBsZSBub25jZQ==')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
  expect(acceptFor('h8MnjGsXMtnoAcyCAn+V5Q==')).toBe('n+hJTwLJbZTrnaXspOIBJZYIDh8=');
});

test('reads a handshake with an absolute-form target and finds nothing wrong', () => {
  expect(readHandshake(request(), response())).toEqual({
    seen: 'both',
    key: 'h8MnjGsXMtnoAcyCAn+V5Q==',
    accept: 'n+hJTwLJbZTrnaXspOIBJZYIDh8=',
    expectedAccept: 'n+hJTwLJbZTrnaXspOIBJZYIDh8=',
    acceptOk: true,
    version: '13',
    extensions: 'permessage-deflate; client_max_window_bits=12',
    offered: 'permessage-deflate; client_max_window_bits',
    subprotocol: 'telemetry.v1',
    offeredSubprotocols: 'telemetry.v2, telemetry.v1',
    status: 101,
    breaches: [],
  });
});

test('says what is expected when the accept value is wrong', () => {
  const wrong = response(replace(RESPONSE_LINES, 'Sec-WebSocket-Accept', 'Sec-WebSocket-Accept: AAAA'));
  const { acceptOk, breaches } = readHandshake(request(), wrong);
  expect(acceptOk).toBe(false);
  expect(breaches).toMatchObject([
    {
      rule: 'upgrade-accept',
      direction: 's2c',
      frame: 6,
      hex: Buffer.from('Sec-WebSocket-Accept: AAAA').toString('hex'),
      reference: 'RFC 6455 4.2.2',
      message: 'Sec-WebSocket-Accept is "AAAA"; for this key it must be "n+hJTwLJbZTrnaXspOIBJZYIDh8=".',
    },
  ]);
});

test.each([
  ['Sec-WebSocket-Key', [], ['upgrade-key c2s']],
  ['Sec-WebSocket-Version', ['Sec-WebSocket-Version: 8'], ['upgrade-version c2s']],
  ['Sec-WebSocket-Version', [], ['upgrade-version c2s']],
  ['Upgrade', [], ['upgrade-token c2s']],
  ['Connection', ['Connection: keep-alive'], ['upgrade-connection c2s']],
  ['Sec-WebSocket-Protocol', [], ['upgrade-subprotocol s2c']],
  ['Sec-WebSocket-Extensions', [], ['upgrade-extensions s2c']],
  ['Sec-WebSocket-Extensions', ['Sec-WebSocket-Extensions: permessage-deflate'], ['upgrade-extensions s2c']],
])('checks the request: %s -> %j gives %j', (name, others, expected) => {
  expect(rules(request(replace(REQUEST_LINES, name, ...others)), response())).toEqual(expected);
});

test('refuses a key that is not sixteen octets', () => {
  const short = request(replace(REQUEST_LINES, 'Sec-WebSocket-Key', 'Sec-WebSocket-Key: c2hvcnQ='));
  expect(readHandshake(short, null).breaches.map(({ message }) => message)).toEqual([
    'Sec-WebSocket-Key is "c2hvcnQ="; it must be 16 octets in base64.',
  ]);
});

test.each([
  ['Sec-WebSocket-Accept', [], ['upgrade-accept s2c']],
  ['Upgrade', [], ['upgrade-token s2c']],
  ['Upgrade', ['Upgrade: h2c'], ['upgrade-token s2c']],
  ['Connection', ['Connection: close'], ['upgrade-connection s2c']],
  ['Sec-WebSocket-Protocol', ['Sec-WebSocket-Protocol: other'], ['upgrade-subprotocol s2c']],
  ['Sec-WebSocket-Extensions', ['Sec-WebSocket-Extensions: x-unasked'], ['upgrade-extensions s2c']],
  [
    'Sec-WebSocket-Extensions',
    ['Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits=16'],
    ['upgrade-extensions s2c'],
  ],
  ['none', ['Sec-WebSocket-Accept: n+hJTwLJbZTrnaXspOIBJZYIDh8='], ['upgrade-duplicate s2c']],
])('checks the response: %s -> %j gives %j', (name, others, expected) => {
  expect(rules(request(), response(replace(RESPONSE_LINES, name, ...others)))).toEqual(expected);
});

test('wants GET and HTTP/1.1', () => {
  const [, ...fields] = REQUEST_LINES;
  expect(rules(request(['POST /echo HTTP/1.0', ...fields]), response())).toEqual([
    'upgrade-method c2s',
    'upgrade-method c2s',
  ]);
});

test('judges a refusal by the request alone', () => {
  const refusal = response(['HTTP/1.1 403 Forbidden', 'Content-Length: 0']);
  const handshake = readHandshake(request(), refusal);
  expect(handshake).toMatchObject({ seen: 'both', status: 403, acceptOk: null, accept: null, breaches: [] });
});

test('leaves unknown what a missing head would say', () => {
  expect(readHandshake(null, response())).toMatchObject({
    seen: 'response',
    key: null,
    expectedAccept: null,
    acceptOk: null,
    offered: null,
    breaches: [],
  });
  expect(readHandshake(null, null).seen).toBe('none');
});

test('holds a server to the window it was asked for', () => {
  const asked = request(
    replace(
      REQUEST_LINES,
      'Sec-WebSocket-Extensions',
      'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=10, permessage-deflate; client_max_window_bits',
    ),
  );
  const answer = (parameters: string) =>
    response(
      replace(
        RESPONSE_LINES,
        'Sec-WebSocket-Extensions',
        `Sec-WebSocket-Extensions: permessage-deflate${parameters}`,
      ),
    );
  expect(rules(asked, answer('; server_max_window_bits=10'))).toEqual([]);
  expect(rules(asked, answer('; client_max_window_bits=9'))).toEqual([]);
  expect(rules(asked, answer('; server_max_window_bits=12; client_max_window_bits=9'))).toEqual([]);
  expect(rules(asked, answer('; server_no_context_takeover=1'))).toEqual(['upgrade-extensions s2c']);
});
