import { expect, test } from 'vitest';
import { pathText } from '../suite/field-paths.ts';
import { EncodeError } from './encode-error.ts';
import { encodePdu } from './encode-pdu.ts';
import type { GivenMap } from './given.ts';
import { protocolOf } from './testing/there-and-back.ts';

const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

/** What is said of values that cannot be written: the path and why. */
function refusal(spec: string, given: GivenMap): string {
  const protocol = protocolOf(`meta: {id: made, endian: be}\n${spec}\n`);
  try {
    return `written: ${Buffer.from(encodePdu(protocol, given, 'c2s')).toString('hex')}`;
  } catch (error) {
    if (!(error instanceof EncodeError)) throw error;
    return `${pathText(error.steps)}: ${error.message}`;
  }
}

const ENUM = '\nenums: {code: {1: ping, 2: pong, 9: close}}';
const OFFSETS = 'seq: [{id: at, type: u1}, {id: b, type: u2}]\ninstances: {w: {pos: at, type: u2}}';

const CASES: readonly (readonly [string, string, GivenMap, string])[] = [
  [
    'a field that nobody has, with the one that was meant',
    'seq: [{id: opcode, type: u1}]',
    { opcodee: 1 },
    'opcodee: is no field that is written; did you mean "opcode"?',
  ],
  [
    'a field inside a type',
    'seq: [{id: a, type: t}]\ntypes: {t: {seq: [{id: b, type: u1}]}}',
    { a: { xyz: 1 } },
    'a.xyz: is no field that is written of "made::t"; they are b',
  ],
  [
    'a value instance',
    'seq: [{id: a, type: u1}]\ninstances: {double: {value: a * 2}}',
    { double: 4 },
    'double: is computed and no field that is written; give the fields that decide it',
  ],
  [
    'a param',
    'params: [{id: p, type: u1}]\nseq: [{id: a, type: u1}]',
    { p: 4 },
    'p: is a param and no field that is written; it is given under "params", or where the type is used',
  ],
  [
    'an integer too large',
    'seq: [{id: a, type: u1}]',
    { a: 256 },
    'a: must fit into 8 bits: 0 to 255, and is 256',
  ],
  [
    'one below zero',
    'seq: [{id: a, type: u2}]',
    { a: -1 },
    'a: must fit into 16 bits: 0 to 65535, and is -1',
  ],
  [
    'a signed one',
    'seq: [{id: a, type: s1}]',
    { a: 128 },
    'a: must fit into 8 bits: -128 to 127, and is 128',
  ],
  ['bits', 'seq: [{id: a, type: b3}]', { a: 8 }, 'a: must fit into 3 bits: 0 to 7, and is 8'],
  [
    'a name that an enum lacks, with the near one',
    `seq: [{id: a, type: u1, enum: code}]${ENUM}`,
    { a: 'pingg' },
    'a: must be an integer, or the name of an enum value, and "pingg" is none of its names; did you mean "ping"?',
  ],
  [
    'one that is near to none',
    `seq: [{id: a, type: u1, enum: code}]${ENUM}`,
    { a: 'submarine' },
    'a: must be an integer, or the name of an enum value, and "submarine" is none of its names; they are ping, pong, close',
  ],
  [
    'a value where the condition does not hold',
    'seq: [{id: f, type: u1}, {id: a, type: u1, if: f == 1}]',
    { f: 2, a: 1 },
    'a: is given, and by its condition absent',
  ],
  [
    'absence where it holds',
    'seq: [{id: f, type: u1}, {id: a, type: u1, if: f == 1}]',
    { f: 1, a: null },
    'a: is absent, and by its condition there',
  ],
  [
    'absence without a condition',
    'seq: [{id: a, type: u1}]',
    { a: null },
    'a: is absent (null), and has no condition: it is always there',
  ],
  [
    'a size of its own',
    'seq: [{id: n, type: u1}, {id: a, size: n}]',
    { n: 3, a: octets('0102') },
    'a: takes 2 octets, and its size is 3',
  ],
  [
    'a size that cannot be',
    'seq: [{id: n, type: u1}, {id: a, size: n * 4}]',
    { a: octets('010203') },
    'a: takes 3 octets, and its size is 0',
  ],
  [
    'a count',
    'seq: [{id: n, type: u1}, {id: a, type: u1, repeat: expr, repeat-expr: n}]',
    { n: 1, a: [1, 2] },
    'a: has 2 elements, which is not what its count says',
  ],
  ['no list', 'seq: [{id: a, type: u1, repeat: eos}]', { a: 1 }, 'a: must be a list, for it is repeated'],
  [
    'a repetition that ends early',
    'seq: [{id: a, type: u1, repeat: until, repeat-until: _ == 0}]',
    { a: [1, 0, 0] },
    'a[1]: ends the repetition before its end',
  ],
  [
    'one that does not end',
    'seq: [{id: a, type: u1, repeat: until, repeat-until: _ == 0}]',
    { a: [1] },
    'a[0]: cannot be the last element: the repetition would go on',
  ],
  [
    'no element',
    'seq: [{id: a, type: u1, repeat: until, repeat-until: _ == 0}]',
    { a: [] },
    'a: must have an element: it ends with one',
  ],
  [
    'a terminator inside',
    'seq: [{id: a, terminator: 0x7c}]',
    { a: octets('617c62') },
    'a: has its terminator inside',
  ],
  [
    'none where it is part of it',
    'seq: [{id: a, terminator: 0x7c, include: true}]',
    { a: octets('61') },
    'a: must end with its terminator',
  ],
  [
    'one that something else stands in place of',
    'seq: [{id: a, terminator: 0x7c, consume: false}, {id: b, type: u1}]',
    { a: octets('61'), b: 1 },
    'a: ends before its terminator, and "b" stands there at octet 1; it must begin with the terminator',
  ],
  [
    'padding at the end',
    'seq: [{id: a, size: 4, pad-right: 0x20}]',
    { a: octets('6120') },
    'a: ends in its padding, 0x20, which reading takes away',
  ],
  [
    'text that an encoding lacks',
    'seq: [{id: a, type: strz, encoding: ASCII}]',
    { a: 'é' },
    'a: cannot be written in ASCII; give its octets, as {hex: 01 02}',
  ],
  [
    'a process of a name',
    'seq: [{id: a, size: 2, process: scramble(1)}]',
    { a: octets('0102') },
    'a: is processed by "scramble", which cannot be undone here; give its octets as they are in the PDU, as {wire: 01 02}',
  ],
  [
    'contents of another length',
    'seq: [{id: a, contents: [1, 2]}]',
    { a: octets('01') },
    'a: must have 2 octets, and has 1',
  ],
  [
    'a value without a type',
    'seq: [{id: k, type: u1}, {id: a, type: {switch-on: k, cases: {1: u1}}}]',
    { k: 2, a: 1 },
    'a: is given, and what it is switched on has no type for it',
  ],
  [
    'octets at a position where others are',
    OFFSETS,
    { at: 2, b: 0x0102, w: 0x0304 },
    'w: lies over "b" at octet 2, which has other octets there; give values that agree, or only one of them',
  ],
  [
    'two positions',
    'seq: [{id: b, type: u1}]\ninstances: {v: {pos: 2, type: u1}, w: {pos: 1, type: u2}}',
    { v: 1, w: 2 },
    'w: lies over "v" at octet 2, which has other octets there; give values that agree, or only one of them',
  ],
  [
    'a position that no vector has',
    'seq: [{id: at, type: u4}]\ninstances: {w: {pos: at, type: u2}}',
    { at: 0x7fffffff, w: 1 },
    'w: is at position 2147483647, where no vector has octets',
  ],
  ['no octets', 'seq: [{id: a, size: 2}]', { a: { hex: 'xy' } }, 'written: 7879'],
  [
    'a form with more',
    'seq: [{id: a, size: 2}]',
    { a: { hex: '01', n: 2 } },
    'a: has "n", which does not go with "hex"; what does is hex',
  ],
];

test.each(CASES)('%s', (_name, spec, given, message) => {
  expect(refusal(spec, given)).toBe(message);
});

test.each([
  [
    'octets that are no text',
    'seq: [{id: a, type: strz, encoding: UTF-8}]',
    { a: { hex: octets('c328') } },
    'c32800',
  ],
  [
    'octets as they stand in the PDU',
    'seq: [{id: a, size: 2, process: scramble(1)}]',
    { a: { wire: octets('0102') } },
    '0102',
  ],
  [
    'octets behind a process',
    'seq: [{id: a, size: 2, process: xor(0xff)}]',
    { a: { hex: octets('0102') } },
    'fefd',
  ],
  [
    'octets of an object',
    'seq: [{id: n, type: u1}, {id: a, size: n, type: t}]\ntypes: {t: {seq: [{id: v, type: u2}, {id: w, type: u2}]}}',
    { a: { hex: octets('010203') } },
    '03010203',
  ],
  [
    'octets of an object as they stand in the PDU',
    'seq: [{id: n, type: u1}, {id: a, size: n, process: xor(1), type: t}]\ntypes: {t: {seq: [{id: v, type: u2}]}}',
    { a: { wire: octets('0102') } },
    '020102',
  ],
  ['contents that are wrong on purpose', 'seq: [{id: a, contents: [1, 2]}]', { a: octets('0103') }, '0103'],
  [
    'repeated text',
    'seq: [{id: a, type: strz, encoding: ASCII}]',
    { a: { repeat: 'ab', n: 3 } },
    '61626162616200',
  ],
  [
    'repeated octets',
    'seq: [{id: n, type: u2}, {id: a, size: n}]',
    { a: { repeat: octets('00ff'), n: 2 } },
    '000400ff00ff',
  ],
])('takes %s', (_name, spec, given, hex) => {
  expect(refusal(spec, given)).toBe(`written: ${hex}`);
});
