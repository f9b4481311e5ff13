import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { judgeDecoding } from '../regression/judge/judge-decoding.ts';
import { type Failure, Judgement } from '../regression/judge/failure.ts';
import { VectorDecoder } from '../regression/run/decode-vector.ts';
import { readSuite } from '../regression/suite/read-suite.ts';
import type { Suite } from '../regression/suite/suite.ts';
import { compileSpec, formatDiagnostic } from '../spec/index.ts';
import { ROOT } from './support-websocket.ts';

/**
 * One fault at a time in a sample spec: the tests beside it must fail, and say where. Decoder and plugin come from the
 * same faulty spec and agree, so it is the expectations alone that can notice.
 */
type Fault = readonly [kind: string, from: string, to: string];

const WEBSOCKET: readonly Fault[] = [
  ['offset', 'pos: 2\n        size-eos', 'pos: 1\n        size-eos'],
  ['offset', 'pos: 0\n        type: str', 'pos: 1\n        type: str'],
  ['width', 'type: b7', 'type: b6'],
  ['width', 'type: u2\n    if: len_payload_7 == 126', 'type: u1\n    if: len_payload_7 == 126'],
  ['width', 'type: u8\n    if: len_payload_7 == 127', 'type: u4\n    if: len_payload_7 == 127'],
  ['width', 'size: 4\n    if: is_masked', 'size: 3\n    if: is_masked'],
  ['width', 'size: len_payload\n    process', 'size: len_payload_7\n    process'],
  ['width', 'type: u2\n        enum: close_code', 'type: u1\n        enum: close_code'],
  ['sign', 'type: u2\n    if: len_payload_7 == 126', 'type: s2\n    if: len_payload_7 == 126'],
  ['endianness', 'type: u2\n    if: len_payload_7 == 126', 'type: u2le\n    if: len_payload_7 == 126'],
  ['endianness', 'type: u8\n    if: len_payload_7 == 127', 'type: u8le\n    if: len_payload_7 == 127'],
  ['endianness', 'type: u2\n        enum: close_code', 'type: u2le\n        enum: close_code'],
  ['endianness', 'bit-endian: be', 'bit-endian: le'],
  ['mask', 'process: xor(mask)', 'process: xor(0)'],
  ['mask', 'is_masked ? masking_key : [0x00]', 'is_masked ? masking_key : [0x01]'],
  ['enum', '\n    8:\n      id: close', '\n    7:\n      id: close'],
  ['enum', '\n    9:\n      id: ping', '\n    11:\n      id: ping'],
  ['enum', '1014: {id: bad_gateway', '1016: {id: bad_gateway'],
  ['enum', '1000: {id: normal_closure', '1100: {id: normal_closure'],
  ['condition', 'if: len_payload_7 == 126', 'if: len_payload_7 >= 126'],
  ['condition', 'if: len_payload_7 == 127', 'if: len_payload_7 == 126'],
  ['condition', 'if: is_masked', 'if: not is_masked'],
  ['condition', "'opcode::close': close_body", "'opcode::ping': close_body"],
  ['condition', 'value: _io.size >= 2', 'value: _io.size >= 3'],
  ['condition', 'if: _io.size > 2\n        doc', 'if: _io.size > 3\n        doc'],
  ['condition', '_root.fin and not _root.rsv1 and', '_root.fin and'],
  ['condition', 'len_payload_7 < 126 ? len_payload_7 :', 'len_payload_7 < 125 ? len_payload_7 :'],
  ['condition', 'value: deflate and rsv1', 'value: rsv1'],
  ['condition', 'if: compressed', 'if: not compressed'],
  ['rule', 'expect: is_masked or not from_client', 'expect: is_masked or from_client'],
  ['rule', 'len_payload_16 >= 126', 'len_payload_16 >= 125'],
  ['rule', 'len_payload_64 >= 65536', 'len_payload_64 >= 65535'],
  ['rule', 'not is_control or len_payload_7 <= 125', 'not is_control or len_payload_7 <= 124'],
  ['rule', '(not rsv1 or deflate))', 'not rsv1)'],
  ['rule', 'code.to_i >= 1007', 'code.to_i >= 1006'],
  ['rule', 'code.to_i <= 4999', 'code.to_i <= 5000'],
  ['rule', '[0x00, 0x00, 0x00, 0x00]', '[0x00, 0x00, 0x00, 0x01]'],
  [
    'rule',
    'expect: opcode != opcode::text or octets.is_utf8',
    'expect: opcode != opcode::binary or octets.is_utf8',
  ],
  ['lost state', 'closed: opcode == opcode::close or closed', 'closed: opcode == opcode::close'],
  ['lost state', "last_key: 'is_masked ? masking_key : last_key'", "last_key: 'last_key'"],
  ['lost state', "and (opcode != opcode::continuation or in_message) : in_message'", ": in_message'"],
  ['lost state', 'has: permessage-deflate', 'has: permessage-bzip2'],
  ['lost state', 'window: direction', 'window: none'],
  ['lost state', 'window: direction', 'window: conversation'],
  ['lost state', 'per: direction\n    type: message(', 'per: conversation\n    type: message('],
  [
    'lost state',
    'in: response, of: permessage-deflate, parameter: server_max',
    'in: response, of: permessage-deflate, parameter: client_max',
  ],
  ['messages', 'last: fin', 'last: not fin'],
  ['messages', 'append: [0x00, 0x00, 0xff, 0xff]', 'append: [0x00, 0x00, 0xff, 0xfe]'],
  ['info', '(fin ? " [last]" : "")', '(fin ? "" : " [last]")'],
];

const CHAT: readonly Fault[] = [
  ['width', '- id: number\n    type: u2', '- id: number\n    type: u1'],
  ['width', '- id: len_body\n    type: u2', '- id: len_body\n    type: u4'],
  ['width', '- id: len_room\n        type: u1', '- id: len_room\n        type: u2'],
  ['endianness', 'endian: be', 'endian: le'],
  ['endianness', '- id: number\n    type: u2', '- id: number\n    type: u2le'],
  ['offset', '- id: version\n    type: u1', '- id: version\n    type: u2'],
  ['enum', '\n    2:\n      id: say', '\n    5:\n      id: say'],
  ['enum', '\n    1:\n      id: no_such_room', '\n    2:\n      id: no_such_room'],
  ['condition', "'kind::ack': ack", "'kind::ack': leave"],
  ['rule', 'expect: version == 1', 'expect: version == 2'],
  ['rule', 'kind.to_i <= 4', 'kind.to_i <= 5'],
  ['rule', 'expect: from_client or kind == kind::ack', 'expect: not from_client or kind == kind::ack'],
  ['rule', 'expect: _io.size > 0', 'expect: _io.size > 1'],
  ['info', '"Leave "', '"Left "'],
];

test.each(WEBSOCKET)('the tests of WebSocket notice another %s: %j', (_kind, from, to) => {
  expectNoticed(join(ROOT, 'samples/websocket/websocket.ksy'), from, to);
});

test.each(CHAT)('the tests of the chat protocol notice another %s: %j', (_kind, from, to) => {
  expectNoticed(join(ROOT, 'samples/chat-over-websocket/chat.ksy'), from, to);
});

function expectNoticed(spec: string, from: string, to: string): void {
  const text = readFileSync(spec, 'utf8');
  expect(text, 'the spec has the place').toContain(from);
  const found = failuresWith(spec, text.replace(from, to));
  if (typeof found === 'string') {
    // A name that the tests use is gone: the place in the file is told.
    expect(found).toMatch(/\.tests\.yaml:\d+:\d+/);
    return;
  }
  expect(found.length).toBeGreaterThan(0);
  expect(found.some(({ field, octets }) => field !== null && octets !== null)).toBe(true);
}

/** What our decoder alone fails; a diagnostic where the tests file cannot even be read. */
function failuresWith(spec: string, text: string): readonly Failure[] | string {
  const suite = suiteOf(spec, text);
  if (typeof suite === 'string') return suite;
  const decoder = new VectorDecoder(suite.protocol);
  return suite.vectors.flatMap((vector) => {
    const judgement = new Judgement();
    const decoding = decoder.decode(vector);
    judgeDecoding({ vector, decoding, protocol: suite.protocol }, judgement);
    return judgement.failures;
  });
}

function suiteOf(spec: string, text: string): Suite | string {
  const tests = join(dirname(spec), `${basename(spec, '.ksy')}.tests.yaml`);
  const source = { name: basename(tests), text: readFileSync(tests, 'utf8') };
  const { suite, diagnostics } = readSuite(source, ({ bind }) => {
    const compiled = compileSpec({
      main: { name: basename(spec), text },
      bind: { tcp: [...bind.tcp], udp: [...bind.udp] },
    });
    if (compiled.protocol === undefined) {
      throw new Error(`the faulty spec must compile: ${compiled.diagnostics.map(formatDiagnostic).join('')}`);
    }
    return compiled.protocol;
  });
  return suite ?? diagnostics.map(formatDiagnostic).join('');
}

test('without a fault nothing fails', () => {
  for (const spec of ['samples/websocket/websocket.ksy', 'samples/chat-over-websocket/chat.ksy']) {
    const path = join(ROOT, spec);
    expect(failuresWith(path, readFileSync(path, 'utf8'))).toEqual([]);
  }
});
