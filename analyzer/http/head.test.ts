import { expect, test } from 'vitest';
import { bodyFraming } from './body-reader.ts';
import {
  fieldValues,
  hasToken,
  type HttpHead,
  listElements,
  type RequestHead,
  splitOutsideQuotes,
} from './head.ts';
import { parseHead } from './parse-head.ts';
import { recogniseBeginning } from './recognise.ts';

const PLACE = { position: 0, length: 0, frame: 1, time: 0n };
const octets = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

function parse(text: string): HttpHead {
  const head = parseHead(octets(text), PLACE);
  if (head === undefined) throw new Error('not a head');
  return head;
}

function request(...lines: readonly string[]): RequestHead {
  const head = parse(`${lines.join('\r\n')}\r\n\r\n`);
  if (head.kind !== 'request') throw new Error('not a request');
  return head;
}

test('parses a request, and notes what is odd about it', () => {
  expect(
    parse('GET  /a?b=c  HTTP/1.1\nHost : x\r\nX-Long: one\r\n two\r\n\tthree\r\nnonsense\r\nEmpty:\r\n\r\n'),
  ).toEqual({
    kind: 'request',
    method: 'GET',
    target: '/a?b=c',
    version: '1.1',
    fields: [
      { name: 'Host', value: 'x' },
      { name: 'X-Long', value: 'one two three' },
      { name: 'Empty', value: '' },
    ],
    oddities: ['bare-lf', 'space-before-colon', 'obs-fold', 'line-without-colon'],
    place: PLACE,
  });
});

test('parses a response, with or without a reason', () => {
  expect(parse('HTTP/1.1 101 Switching Protocols\r\nA: \xfc\r\n\r\n')).toMatchObject({
    kind: 'response',
    version: '1.1',
    status: 101,
    reason: 'Switching Protocols',
    fields: [{ name: 'A', value: 'ü' }],
    oddities: [],
  });
  expect(parse('HTTP/1.0 204\r\n\r\n')).toMatchObject({ status: 204, reason: '', version: '1.0' });
});

test.each([
  'HELO x\r\n\r\n',
  'GET /\r\n\r\n',
  'GET / HTTP/2\r\n\r\n',
  'HTTP/1.1 20 OK\r\n\r\n',
  `${'A'.repeat(33)} / HTTP/1.1\r\n\r\n`,
])('takes %j for no head', (text) => {
  expect(parseHead(octets(text), PLACE)).toBeUndefined();
});

test('reads lists over all lines of a field, commas in quotes left alone', () => {
  const head = request(
    'GET / HTTP/1.1',
    'connection: keep-alive,  Upgrade',
    'X: a, "b, \\"c", d;e="f,g"',
    'x: h,,',
  );
  expect(fieldValues(head, 'CONNECTION')).toEqual(['keep-alive,  Upgrade']);
  expect(hasToken(head, 'Connection', 'upgrade')).toBe(true);
  expect(hasToken(head, 'Connection', 'up')).toBe(false);
  expect(listElements(head, 'X')).toEqual(['a', '"b, \\"c"', 'd;e="f,g"', 'h']);
  expect(splitOutsideQuotes('a; b="x;y" ;c', ';')).toEqual(['a', 'b="x;y"', 'c']);
});

test.each([
  ['GET / HTTP/1.1', [], null, { kind: 'length', octets: 0 }],
  ['POST / HTTP/1.1', ['Content-Length: 7'], null, { kind: 'length', octets: 7 }],
  ['POST / HTTP/1.1', ['Content-Length: 7', 'Content-Length: 7'], null, { kind: 'length', octets: 7 }],
  ['POST / HTTP/1.1', ['Content-Length: 7, 8'], null, { kind: 'unknown' }],
  ['POST / HTTP/1.1', ['Content-Length: -7'], null, { kind: 'unknown' }],
  ['POST / HTTP/1.1', ['Content-Length: 99999999999999999999'], null, { kind: 'unknown' }],
  ['POST / HTTP/1.1', ['Transfer-Encoding: gzip, Chunked', 'Content-Length: 7'], null, { kind: 'chunked' }],
  ['POST / HTTP/1.1', ['Transfer-Encoding: gzip'], null, { kind: 'unknown' }],
  ['HTTP/1.1 200 OK', [], null, { kind: 'until-end' }],
  ['HTTP/1.1 200 OK', ['Transfer-Encoding: gzip'], null, { kind: 'until-end' }],
  ['HTTP/1.1 200 OK', ['Content-Length: 7'], 'HEAD', { kind: 'length', octets: 0 }],
  ['HTTP/1.1 200 OK', ['Transfer-Encoding: chunked'], 'CONNECT', { kind: 'length', octets: 0 }],
  ['HTTP/1.1 407 No', ['Content-Length: 7'], 'CONNECT', { kind: 'length', octets: 7 }],
  ['HTTP/1.1 304 OK', ['Content-Length: 7'], 'GET', { kind: 'length', octets: 0 }],
  ['HTTP/1.1 100 Continue', [], 'POST', { kind: 'length', octets: 0 }],
])('knows how the body of %j with %j after %s ends', (line, fields, method, framing) => {
  const answered = method === null ? null : request(`${method} / HTTP/1.1`);
  expect(bodyFraming(parse(`${[line, ...fields].join('\r\n')}\r\n\r\n`), answered)).toEqual(framing);
});

test.each([
  ['', 'undecided'],
  ['HTT', 'undecided'],
  ['HTTP/', 'response'],
  ['GE', 'undecided'],
  ['GET ', 'undecided'],
  ['GET /', 'request'],
  ['GET \0', 'other'],
  ['GET\r\n', 'other'],
  ['*1\r\n', 'other'],
  ['A'.repeat(33), 'other'],
  ['\x16', 'undecided'],
  ['\x16\x03', 'undecided'],
  ['\x16\x03\x01', 'tls'],
  ['\x16\x04', 'other'],
  ['\x81\x05hello', 'other'],
])('takes %j for %s', (text, beginning) => {
  expect(recogniseBeginning(octets(text))).toBe(beginning);
});
