import { expect, test } from 'vitest';
import { compileText, faultsOf } from '../testing/compile-text.ts';

function framing(body: string): string {
  const result = compileText(`meta: {id: greenhouse, endian: be}\n${body}`).framing;
  return result.kind === 'whole-payload' ? result.reason : result.kind;
}

const LENGTH = '- {id: len, type: u2}';

test.each([
  ['a fixed size', 'seq: [{id: a, type: u4}]'],
  ['a length field', `seq:\n  ${LENGTH}\n  - {id: body, size: len}`],
  [
    'the rest of a substream',
    `seq:\n  ${LENGTH}\n  - {id: b, size: len, type: b}\ntypes: {b: {seq: [{id: r, size-eos: true}]}}`,
  ],
  [
    'the end of a substream',
    `seq:\n  ${LENGTH}\n  - {id: b, size: len, type: b}\ntypes: {b: {seq: [{id: r, type: u1, if: not _io.eof, repeat: eos}]}}`,
  ],
  ['a terminator', 'seq: [{id: a, terminator: 0}]'],
  ['a position at the start', `seq: [{id: a, type: u4}]\ninstances: {b: {pos: 2, type: u2}}`],
  ['where the stream is', 'seq: [{id: a, type: u1}]\ninstances: {b: {value: _io.pos}}'],
])('%s: a PDU says where it ends', (_, body) => {
  expect(framing(body)).toBe('self-delimiting');
});

test.each([
  ['size-eos', 'seq: [{id: a, size-eos: true}]', '"greenhouse.a" takes the rest'],
  ['repeat: eos', 'seq: [{id: a, type: u1, repeat: eos}]', '"greenhouse.a" repeats to the end'],
  ['_io.size', 'seq: [{id: a, size: _io.size - 2}]', '"greenhouse.a" asks for the end'],
  ['_io.eof', 'seq: [{id: a, type: u1, if: not _io.eof}]', '"greenhouse.a" asks for the end'],
  ['a terminator that may lack', 'seq: [{id: a, terminator: 0, eos-error: false}]', 'may end with the data'],
  [
    'a type read in place',
    'seq: [{id: a, type: b}]\ntypes: {b: {seq: [{id: r, size-eos: true}]}}',
    '"greenhouse.b.r"',
  ],
  [
    'the root stream from within a substream',
    `seq:\n  ${LENGTH}\n  - {id: b, size: len, type: b}\ntypes: {b: {seq: [{id: r, size: _root._io.size}]}}`,
    '"greenhouse.b.r" asks for the end',
  ],
  [
    'a position from the end',
    'seq: [{id: a, type: u1}]\ninstances: {b: {pos: _io.size - 1, type: u1}}',
    'position of its own',
  ],
  [
    'a position beyond',
    'seq: [{id: a, type: u1}]\ninstances: {b: {pos: a, type: u1}}',
    'position of its own',
  ],
  ['no octets at all', 'seq: []', '"seq" is empty'],
  [
    'an arm of a switch',
    'seq:\n  - {id: k, type: u1}\n  - id: a\n    type: {switch-on: k, cases: {1: b}}\ntypes: {b: {seq: [{id: r, size-eos: true}]}}',
    'takes the rest',
  ],
])('%s: the end is not known', (_, body, reason) => {
  expect(framing(body)).toContain(reason);
});

const WHOLE = 'seq: [{id: a, size-eos: true}]';

test('what does not end by itself cannot be bound to a stream, but to datagrams', () => {
  const bound = (bind: string): readonly string[] =>
    faultsOf(`meta: {id: greenhouse}\n-wireshark: {bind: [${bind}]}\n${WHOLE}`);
  expect(bound('{tcp: [7000]}')).toEqual(['spec/not-self-delimiting /-wireshark/bind/0']);
  expect(bound('{http-upgrade: greenhouse}')).toEqual(['spec/not-self-delimiting /-wireshark/bind/0']);
  expect(bound('{table: tcp.port, keys: [7000]}')).toEqual(['spec/not-self-delimiting /-wireshark/bind/0']);
  expect(bound('{udp: [7000]}, {table: ws.protocol, keys: [greenhouse.v1]}')).toEqual([]);
});

test('ports of the command line are bound, and held to the same', () => {
  const protocol = compileText('meta: {id: greenhouse}\nseq: [{id: a, type: u1}]', {
    bind: { tcp: [7000], udp: [1, 2] },
  });
  expect(protocol.binds).toEqual([
    { kind: 'tcp', ports: [7000] },
    { kind: 'udp', ports: [1, 2] },
  ]);
  expect(faultsOf(`meta: {id: greenhouse}\n${WHOLE}`, { bind: { tcp: [7000] } })).toEqual([
    'spec/not-self-delimiting /',
  ]);
  expect(faultsOf(`meta: {id: greenhouse}\n${WHOLE}`, { bind: { udp: [7000] } })).toEqual([]);
});
