import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BEACON, suiteFrom } from '../testing/suite-from.ts';
import { readOctets } from '../suite/octets.ts';
import type { Suite } from '../suite/suite.ts';
import { hexWords } from './hex-text.ts';
import { vectorYaml } from './vector-yaml.ts';
import { quoted } from './yaml-text.ts';

const SAMPLE = join(import.meta.dirname, '../../samples/websocket');
const WEBSOCKET = readFileSync(join(SAMPLE, 'websocket.ksy'), 'utf8');

function written({ vectors, protocol }: Suite): string {
  return `spec: x\nvectors:\n${vectors.map((vector) => vectorYaml(vector, protocol)).join('')}`;
}

/** Everything but the lines, which may move. */
function told({ vectors }: Suite): unknown {
  return vectors.map((vector) => ({
    ...vector,
    line: 0,
    connection: vector.connection === null ? null : { ...vector.connection, line: 0 },
    expect: vector.expect?.map((pdu) => pdu.map(({ path, wanted }) => ({ path, wanted }))),
    messages: vector.messages?.map((message) => message.map(({ path, wanted }) => ({ path, wanted }))),
  }));
}

function expectSame(ksy: string, tests: string): string {
  const suite = suiteFrom(ksy, tests);
  const text = written(suite);
  expect(told(suiteFrom(ksy, text)), text).toEqual(told(suite));
  return text;
}

test('the vectors of the sample are read back as they were', () => {
  expectSame(WEBSOCKET, readFileSync(join(SAMPLE, 'websocket.tests.yaml'), 'utf8'));
});

test('a vector is written as somebody would', () => {
  const text = expectSame(
    BEACON,
    `spec: x
vectors:
  - {name: "it's two: A, B", from: server, hex: ["0008 0702 1f4142 204344", "0002 0801"], problem: malformed,
     expect: [{body.readings: [{moisture: 31, label: 'A"B'}, {}]}, {body: {kind: air, readings: }}], info: 'x, y'}
  - {name: "long", hex: "0060 0701 ${'41'.repeat(94)}", requires: {tshark: '>=4.2'}, expect_findings: [STATION, VALID]}
`,
  );
  expect(text).toBe(`spec: x
vectors:
  - name: 'it''s two: A, B'
    from: server
    hex: [0008 07 02 1f 4142 20 4344, 0002 08 01]
    expect:
      - { body.readings: [{ moisture: 31, label: 'A"B' }, {}] }
      - { body.kind: air, body.readings: null }
    info: 'x, y'
    problem: malformed
  - name: long
    from: client
    hex: 0060 07 01 41*94
    expect_findings: [STATION, VALID]
    requires: { tshark: '>=4.2' }
`);
});

test('what both sides send, the handshake, params and what is expected of the connection are kept', () => {
  expectSame(
    WEBSOCKET,
    `spec: x
vectors:
  - name: all of it
    steps:
      - {from: client, hex: 81 80 00000000}
      - {from: server, after: 1500, hex: [81 00, 88 00]}
      - {from: client, hex: 8a 80 01020304}
    end: client-rst
    params: {deflate: true, server_max_window_bits: 9, subprotocol: 'chat, v1'}
    handshake:
      request: {line: 'GET /x HTTP/1.1', headers: {Host: , Origin: "a: 'b'"}}
      response: {headers: {Sec-WebSocket-Extensions: [permessage-deflate, 'x; y=1']}}
    messages: [{}, {}]
    expect_findings: [MASK-ZERO]
    connection: {verdict: warn, close: rst, findings: [MASK-ZERO], counts: {c2s: {text: 1}, s2c: {close: 1}}}
    differs: {snaplen: 'less is there: it is cut', mid-stream: no head}
    builtin: [{filters: [websocket.payload], tshark: '<4.4', reason: "it's a fault"}]
`,
  );
});

test('any octets are read back from their words', () => {
  const starts = fc.array(fc.nat(60)).map((list) => new Set(list));
  // Few values, so that there are runs.
  const octets = fc.uint8Array({ max: 2, maxLength: 200 });
  fc.assert(
    fc.property(octets, starts, (bytes, at) => {
      const read = readOctets(hexWords(bytes, at).join(' '));
      expect(read.kind === 'octets' ? [...read.octets] : read).toEqual([...bytes]);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test('any text is read back from its quotes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 20, minLength: 1 }), (text) => {
      const hex = `spec: x\nvectors: [{name: n, hex: "00", info: ${quoted(text)}}]`;
      expect(
        suiteFrom('meta: {id: one}\n-wireshark: {bind: [{tcp: 7001}]}\nseq: [{id: a, type: u1}]', hex)
          .vectors[0]?.info,
      ).toBe(text);
    }),
    { seed: 1, numRuns: 60 },
  );
});
