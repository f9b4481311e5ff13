import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { toHex } from '../../analyzer/index.ts';
import { encodePdu } from './encode-pdu.ts';
import type { GivenMap } from './given.ts';
import { protocolOf, thereAndBack } from './testing/there-and-back.ts';

const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** name; the spec below `meta`; values given; octets; what `meta` has beside `id`. */
type Case = readonly [string, string, GivenMap, string, string?];

const BIG = 0xfedcba9876543210n;

const NUMBERS: readonly Case[] = [
  ['u1 and s1', 'seq: [{id: a, type: u1}, {id: b, type: s1}]', { a: 255, b: -128 }, 'ff80'],
  ['u2le', 'seq: [{id: a, type: u2le}]', { a: 0x0102 }, '0201'],
  ['u4be', 'seq: [{id: a, type: u4be}]', { a: 0xfffefdfcn }, 'fffefdfc'],
  ['u8le', 'seq: [{id: a, type: u8le}]', { a: BIG }, '1032547698badcfe'],
  ['u8be', 'seq: [{id: a, type: u8be}]', { a: BIG }, 'fedcba9876543210'],
  ['s2be', 'seq: [{id: a, type: s2be}]', { a: -2 }, 'fffe'],
  ['s4le', 'seq: [{id: a, type: s4le}]', { a: -2147483648 }, '00000080'],
  ['s8be', 'seq: [{id: a, type: s8be}]', { a: -(2n ** 63n) }, '8000000000000000'],
  ['f4be', 'seq: [{id: a, type: f4be}]', { a: -0.15625 }, 'be200000'],
  ['f8le', 'seq: [{id: a, type: f8le}]', { a: 1e300 }, '9c7500883ce4377e'],
  [
    'infinities',
    'seq: [{id: a, type: f4be}, {id: b, type: f8be}]',
    { a: Infinity, b: -Infinity },
    '7f800000fff0000000000000',
  ],
  ['no number', 'seq: [{id: a, type: f8be}]', { a: NaN }, '7ff8000000000000'],
  [
    'an enum, by number and by name',
    'seq: [{id: a, type: u1, enum: e}, {id: b, type: b4, enum: e}]\nenums: {e: {1: one, 2: two}}',
    { a: 2, b: 1 },
    '0210',
  ],
  ['a value that an enum lacks', 'seq: [{id: a, type: u1, enum: e}]\nenums: {e: {1: one}}', { a: 9 }, '09'],
];

const BITS: readonly Case[] = [
  ['one bit', 'seq: [{id: a, type: b1}]', { a: true }, '80'],
  ['one bit from the bottom', 'seq: [{id: a, type: b1le}]', { a: true }, '01'],
  ['bits across three octets', 'seq: [{id: a, type: b3}, {id: b, type: b14}]', { a: 5, b: 0x2aaa }, 'b55500'],
  [
    'the same from the bottom',
    'seq: [{id: a, type: b3le}, {id: b, type: b14le}]',
    { a: 5, b: 0x2aaa },
    '555501',
  ],
  ['64 bits', 'seq: [{id: a, type: b64}]', { a: BIG }, 'fedcba9876543210'],
  ['64 bits from the bottom', 'seq: [{id: a, type: b64le}]', { a: BIG }, '1032547698badcfe'],
  [
    '63 bits behind one',
    'seq: [{id: a, type: b1}, {id: b, type: b63}]',
    { a: true, b: 1n },
    '8000000000000001',
  ],
  [
    '61 bits that begin in the middle',
    'seq: [{id: a, type: b5}, {id: b, type: b61}]',
    { a: 1, b: 2n ** 60n },
    '0c0000000000000000',
  ],
  [
    '61 bits from the bottom',
    'seq: [{id: a, type: b5le}, {id: b, type: b61le}]',
    { a: 1, b: 2n ** 60n },
    '010000000000000002',
  ],
  ['bits and then octets', 'seq: [{id: a, type: b3}, {id: b, type: u1}]', { a: 7, b: 1 }, 'e001'],
  ['a flag as a condition', 'seq: [{id: a, type: b1}, {id: b, type: u1, if: a}]', { b: 7 }, '8007'],
];

const TEXT = (encoding: string): string => `seq: [{id: a, type: strz, encoding: ${encoding}}]`;
const STRINGS: readonly Case[] = [
  ['UTF-8', TEXT('UTF-8'), { a: 'aé世😀' }, '61c3a9e4b896f09f988000'],
  ['ASCII', TEXT('ASCII'), { a: 'abc' }, '61626300'],
  ['UTF-16LE', TEXT('UTF-16LE'), { a: 'é😀' }, 'e9003dd800de0000'],
  ['UTF-16BE', TEXT('UTF-16BE'), { a: 'aĀ' }, '006101000000'],
  ['UTF-32LE', TEXT('UTF-32LE'), { a: '😀' }, '00f6010000000000'],
  ['UTF-32BE', TEXT('UTF-32BE'), { a: 'a' }, '0000006100000000'],
  ['ISO-8859-1', TEXT('ISO-8859-1'), { a: 'é' }, 'e900'],
  ['ISO-8859-2', TEXT('ISO-8859-2'), { a: 'Ł' }, 'a300'],
  ['ISO-8859-5', TEXT('ISO-8859-5'), { a: 'Ж' }, 'b600'],
  ['ISO-8859-7', TEXT('ISO-8859-7'), { a: 'Ω' }, 'd900'],
  ['ISO-8859-9', TEXT('ISO-8859-9'), { a: 'ğ' }, 'f000'],
  ['ISO-8859-15', TEXT('ISO-8859-15'), { a: '€' }, 'a400'],
  ['windows-1250', TEXT('windows-1250'), { a: 'Ž' }, '8e00'],
  ['windows-1251', TEXT('windows-1251'), { a: 'Ж' }, 'c600'],
  ['windows-1252', TEXT('windows-1252'), { a: '€' }, '8000'],
  ['windows-1257', TEXT('windows-1257'), { a: 'š' }, 'f000'],
  ['IBM437', TEXT('IBM437'), { a: 'ü' }, '8100'],
  ['IBM866', TEXT('IBM866'), { a: 'Ж' }, '8600'],
  ['KOI8-R', TEXT('KOI8-R'), { a: 'ж' }, 'd600'],
  ['Shift_JIS', TEXT('Shift_JIS'), { a: 'aｱ日' }, '61b193fa00'],
  ['EUC-JP', TEXT('EUC-JP'), { a: '日本' }, 'c6fccbdc00'],
  ['EUC-KR', TEXT('EUC-KR'), { a: '한' }, 'c7d100'],
  ['Big5', TEXT('Big5'), { a: '中' }, 'a4a400'],
  ['GBK', TEXT('GBK'), { a: '中' }, 'd6d000'],
  ['GB2312', TEXT('GB2312'), { a: '国' }, 'b9fa00'],
];

const EXTENTS: readonly Case[] = [
  ['octets of a fixed size', 'seq: [{id: a, size: 3}]', { a: octets('010203') }, '010203'],
  ['the rest', 'seq: [{id: a, type: u1}, {id: b, size-eos: true}]', { a: 1, b: octets('0203') }, '010203'],
  ['a size of its own', 'seq: [{id: n, type: u2}, {id: a, size: n}]', { a: octets('010203') }, '0003010203'],
  [
    'a terminator',
    'seq: [{id: a, terminator: 0x7c}, {id: b, type: u1}]',
    { a: octets('6162'), b: 1 },
    '61627c01',
  ],
  [
    'of it the value takes part',
    'seq: [{id: a, terminator: 0x7c, include: true}]',
    { a: octets('61627c') },
    '61627c',
  ],
  [
    'one that is left to what follows',
    'seq: [{id: a, terminator: 0x7c, consume: false}, {id: b, type: u1}]',
    { a: octets('6162'), b: 0x7c },
    '61627c',
  ],
  [
    'one that is left, and nothing follows',
    'seq: [{id: n, type: u1}, {id: a, size: n, type: t}]\ntypes: {t: {seq: [{id: v, terminator: 0x7c, consume: false}]}}',
    { a: { v: octets('61') } },
    '02617c',
  ],
  [
    'one that may be missing, where there is no room',
    'seq: [{id: n, type: u1}, {id: a, size: n, type: t}]\ntypes: {t: {seq: [{id: v, terminator: 0x7c, eos-error: false}]}}',
    { n: 2, a: { v: octets('6162') } },
    '026162',
  ],
  [
    'text in a fixed size',
    'seq: [{id: a, type: strz, size: 6, encoding: ASCII}]',
    { a: 'abc' },
    '616263000000',
  ],
  ['text that fills it', 'seq: [{id: a, type: strz, size: 3, encoding: ASCII}]', { a: 'abc' }, '616263'],
  ['padding', 'seq: [{id: a, size: 4, pad-right: 0x20}]', { a: octets('6162') }, '61622020'],
  [
    'padding behind a terminator',
    'seq: [{id: a, size: 5, terminator: 0x7c, pad-right: 0x20}]',
    { a: octets('6120') },
    '61207c2020',
  ],
  ['contents', 'seq: [{id: a, contents: [1, 2]}, {id: b, type: u1}]', { b: 3 }, '010203'],
  [
    'a substream that is filled up',
    'seq: [{id: n, type: u1}, {id: a, size: n, type: t}]\ntypes: {t: {seq: [{id: v, type: u1}]}}',
    { n: 3, a: { v: 7 } },
    '03070000',
  ],
  [
    'substreams in substreams, with their sizes',
    'seq: [{id: n, type: u1}, {id: a, size: n, type: t}]\ntypes:\n  t: {seq: [{id: m, type: u1}, {id: b, size: m, type: v}, {id: c, type: u1}]}\n  v: {seq: [{id: d, size-eos: true}]}',
    { a: { b: { d: octets('0102') }, c: 9 } },
    '0402010209',
  ],
];

const PROCESSES: readonly Case[] = [
  ['xor with one octet', 'seq: [{id: a, size: 2, process: xor(0xff)}]', { a: octets('0102') }, 'fefd'],
  [
    'xor with octets',
    'seq: [{id: k, size: 2}, {id: a, size: 3, process: xor(k)}]',
    { k: octets('0110'), a: octets('000000') },
    '0110011001',
  ],
  ['rotated to the left', 'seq: [{id: a, size: 1, process: rol(3)}]', { a: octets('08') }, '01'],
  ['rotated to the right', 'seq: [{id: a, size: 1, process: ror(3)}]', { a: octets('01') }, '08'],
  [
    'zlib',
    'seq: [{id: n, type: u1}, {id: a, size: n, process: zlib}]',
    { a: octets('6161616161') },
    `0d${toHex(deflateSync(octets('6161616161')))}`,
  ],
  [
    'xor over an object',
    'seq: [{id: k, type: u1}, {id: a, size: 3, process: xor(k), type: t}]\ntypes: {t: {seq: [{id: v, type: u2}]}}',
    { k: 0xff, a: { v: 1 } },
    'fffffe00',
  ],
];

const SWITCHES: readonly Case[] = [
  [
    'an arm by an integer',
    'seq: [{id: k, type: u1}, {id: a, type: {switch-on: k, cases: {1: u2, 2: strz}}}]',
    { k: 1, a: 0x0102 },
    '010102',
    ', endian: be, encoding: ASCII',
  ],
  [
    'an arm by an enum',
    "seq: [{id: k, type: u1, enum: e}, {id: a, type: {switch-on: k, cases: {'e::one': u1, 'e::two': t}}}]\ntypes: {t: {seq: [{id: v, type: u2}]}}\nenums: {e: {1: one, 2: two}}",
    { k: 2, a: { v: 5 } },
    '020005',
  ],
  [
    'an arm by text',
    `seq: [{id: k, type: str, size: 2}, {id: a, type: {switch-on: k, cases: {'"ab"': u1, '"cd"': u2}}}]`,
    { k: 'cd', a: 5 },
    '63640005',
    ', endian: be, encoding: ASCII',
  ],
  [
    'an arm by a flag',
    'seq: [{id: k, type: b1}, {id: a, type: {switch-on: k, cases: {true: u1, false: u2}}}]',
    { k: false, a: 5 },
    '000005',
  ],
  [
    'the arm for all others',
    'seq: [{id: k, type: u1}, {id: a, type: {switch-on: k, cases: {1: u1, _: u4}}}]',
    { k: 7, a: 5 },
    '0700000005',
  ],
  [
    'no arm: octets of the size',
    'seq: [{id: k, type: u1}, {id: n, type: u1}, {id: a, size: n, type: {switch-on: k, cases: {1: t}}}]\ntypes: {t: {seq: [{id: v, type: u1}]}}',
    { k: 2, a: octets('0a0b') },
    '02020a0b',
  ],
  [
    'no arm and no size: nothing',
    'seq: [{id: k, type: u1}, {id: a, type: {switch-on: k, cases: {1: u1}}}, {id: b, type: u1}]',
    { k: 2, b: 3 },
    '0203',
  ],
  [
    'an arm for each element',
    'seq: [{id: k, size: 2}, {id: a, type: {switch-on: "k[_index]", cases: {1: u1, 2: u2}}, repeat: expr, repeat-expr: 2}]',
    { k: octets('0201'), a: [5, 6] },
    '0201000506',
  ],
];

const REPEATS: readonly Case[] = [
  [
    'so many',
    'seq: [{id: n, type: u1}, {id: a, type: u2, repeat: expr, repeat-expr: n}]',
    { a: [1, 2] },
    '0200010002',
  ],
  ['none', 'seq: [{id: n, type: u1}, {id: a, type: u2, repeat: expr, repeat-expr: n}]', { a: [] }, '00'],
  [
    'a count less one',
    'seq: [{id: n, type: u1}, {id: a, type: u1, repeat: expr, repeat-expr: n - 1}]',
    { a: [1, 2] },
    '030102',
  ],
  [
    'as many as it is said, with nothing given',
    'seq: [{id: n, type: u1}, {id: a, type: u2, repeat: expr, repeat-expr: n}]',
    { n: 2 },
    '0200000000',
  ],
  [
    'to the end',
    'seq: [{id: a, type: t, repeat: eos}]\ntypes: {t: {seq: [{id: v, type: u2}]}}',
    { a: [{ v: 1 }, { v: 2 }] },
    '00010002',
  ],
  [
    'until a value',
    'seq: [{id: a, type: u1, repeat: until, repeat-until: _ == 0}]',
    { a: [3, 2, 0] },
    '030200',
  ],
  [
    'until one, with nothing given',
    'seq: [{id: a, type: u1, repeat: until, repeat-until: _ == 9}]',
    {},
    '09',
  ],
  [
    'until a flag of the element, which is found',
    'seq: [{id: a, type: t, repeat: until, repeat-until: not _.more}]\ntypes: {t: {seq: [{id: more, type: b1}, {id: v, type: b7}]}}',
    { a: [{ v: 1 }, { v: 2 }, { v: 3 }] },
    '818203',
  ],
  [
    'until a number',
    'seq: [{id: a, type: u1, repeat: until, repeat-until: _index == 2}]',
    { a: [7, 8, 9] },
    '070809',
  ],
  [
    'texts',
    'seq: [{id: a, type: strz, encoding: ASCII, repeat: expr, repeat-expr: 2}]',
    { a: ['a', 'bc'] },
    '6100626300',
  ],
  [
    'octets of a size for each',
    'seq: [{id: a, size: _index + 1, repeat: expr, repeat-expr: 2}]',
    { a: [octets('01'), octets('0203')] },
    '010203',
  ],
  ['bits', 'seq: [{id: a, type: b2, repeat: expr, repeat-expr: 5}]', { a: [1, 2, 3, 0, 1] }, '6c40'],
];

const REFERENCES: readonly Case[] = [
  [
    'a size through a value instance',
    'seq: [{id: n, type: u1}, {id: a, size: len}]\ninstances: {len: {value: n * 4}}',
    { a: octets('0102030405060708') },
    '020102030405060708',
  ],
  [
    'a length in the forms of RFC 6455',
    'seq:\n  - {id: n, type: u1}\n  - {id: x, type: u2, if: n == 126}\n  - {id: a, size: "n == 126 ? x : n"}',
    { a: new Uint8Array(300) },
    `7e012c${'00'.repeat(300)}`,
  ],
  [
    'what stands behind it',
    'seq: [{id: n, type: u1}, {id: a, type: t}, {id: b, type: u1}]\ntypes: {t: {seq: [{id: v, size: _parent.n}]}}',
    { a: { v: octets('0102') }, b: 1 },
    '02010201',
  ],
  [
    '_root from two types below',
    'seq: [{id: n, type: u1}, {id: a, type: t}]\ntypes:\n  t: {seq: [{id: b, type: v}]}\n  v: {seq: [{id: c, size: _root.n}]}',
    { a: { b: { c: octets('0102') } } },
    '020102',
  ],
  [
    'a parent that is another object',
    'seq: [{id: n, type: u1}, {id: a, type: t}]\ntypes:\n  t: {seq: [{id: m, type: u1}, {id: b, type: v, parent: _parent}]}\n  v: {seq: [{id: c, size: _parent.as<made>.n}]}',
    { a: { m: 9, b: { c: octets('0102') } } },
    '02090102',
  ],
  [
    'params of types',
    'seq: [{id: n, type: u1}, {id: a, type: "t(n, true)"}]\ntypes:\n  t:\n    params: [{id: size, type: u1}, {id: flag, type: bool}]\n    seq: [{id: v, size: size}, {id: w, type: u1, if: flag}]',
    { a: { v: octets('0102'), w: 7 } },
    '02010207',
  ],
  [
    'a param with the number of the element',
    'seq: [{id: a, type: t(_index), repeat: expr, repeat-expr: 2}]\ntypes:\n  t:\n    params: [{id: at, type: u1}]\n    seq: [{id: v, size: at + 1}]',
    { a: [{ v: octets('01') }, { v: octets('0203') }] },
    '010203',
  ],
  [
    'the size of a stream',
    'seq: [{id: n, type: u1}, {id: a, size: n, type: t}]\ntypes: {t: {seq: [{id: m, type: u1}, {id: v, size: _io.size - 2}, {id: e, type: u1}]}}',
    { n: 5, a: { m: 1, v: octets('010203'), e: 2 } },
    '050101020302',
  ],
  [
    'the size of a type',
    'seq: [{id: a, size: sizeof<t>}]\ntypes: {t: {seq: [{id: v, type: u4}]}}',
    { a: octets('01020304') },
    '01020304',
  ],
  [
    'the size of a field',
    'seq: [{id: h, type: t}, {id: n, type: u1}, {id: a, size: n - h._sizeof}]\ntypes: {t: {seq: [{id: v, type: u2}]}}',
    { h: { v: 1 }, a: octets('01') },
    '00010301',
  ],
  [
    'an order of octets that a member decides',
    'seq: [{id: order, type: u1}, {id: a, type: t}]\ntypes:\n  t:\n    meta: {endian: {switch-on: _root.order, cases: {1: le, _: be}}}\n    seq: [{id: v, type: u2}, {id: w, type: i}]\n    types: {i: {seq: [{id: x, type: u2}]}}',
    { order: 1, a: { v: 1, w: { x: 2 } } },
    '0101000200',
    '',
  ],
  [
    'a condition on a member that follows from the value',
    'seq: [{id: f, type: u1}, {id: a, type: u1, if: f & 4 != 0}]',
    { a: 9 },
    '0409',
  ],
  [
    'absent by null',
    'seq: [{id: f, type: u1}, {id: a, type: u1, if: f != 0}, {id: b, type: u1}]',
    { a: null, b: 1 },
    '0001',
  ],
];

const VALID: readonly Case[] = [
  ['a value that must be', 'seq: [{id: a, type: u2, valid: 0x1234}]', {}, '1234'],
  ['octets that must be', 'seq: [{id: a, size: 2, valid: "[1, 2]"}]', {}, '0102'],
  [
    'text that must be',
    'seq: [{id: a, type: str, size: 2, valid: \'"ab"\'}]',
    {},
    '6162',
    ', encoding: ASCII',
  ],
  ['no less than', 'seq: [{id: a, type: u1, valid: {min: 5}}]', {}, '05'],
  ['no more than', 'seq: [{id: a, type: s1, valid: {max: -5}}]', {}, 'fb'],
  ['in between', 'seq: [{id: a, type: f4, valid: {min: 1.5, max: 2.5}}]', {}, '3fc00000'],
  ['one of several', 'seq: [{id: a, type: u1, valid: {any-of: [7, 8]}}]', {}, '07'],
  [
    'a value of the enum',
    'seq: [{id: a, type: u1, enum: e, valid: {in-enum: true}}]\nenums: {e: {3: one}}',
    {},
    '03',
  ],
  ['what an expression says', 'seq: [{id: a, type: u1, valid: {expr: _ % 8 == 5}}]', {}, '05'],
  ['a flag', 'seq: [{id: a, type: b1, valid: {expr: _}}]', {}, '80'],
  ['each element', 'seq: [{id: a, type: u1, repeat: expr, repeat-expr: 2, valid: {min: 3}}]', {}, '0303'],
];

const POSITIONS: readonly Case[] = [
  [
    'behind the sequence, where an offset says',
    'seq: [{id: at, type: u1}, {id: n, type: u1}]\ninstances: {a: {pos: at, size: n}}',
    { at: 4, n: 2, a: octets('0102') },
    '040200000102',
  ],
  [
    'a table of offsets',
    'seq: [{id: n, type: u1}, {id: rows, type: row, repeat: expr, repeat-expr: n}]\ntypes:\n  row:\n    seq: [{id: at, type: u1}]\n    instances: {text: {pos: at, type: strz}}',
    {
      rows: [
        { at: 3, text: 'ab' },
        { at: 6, text: 'c' },
      ],
    },
    '0203066162006300',
    ', encoding: ASCII',
  ],
  [
    'over what the sequence has',
    'seq: [{id: a, size: 2}]\ninstances: {first: {pos: 0, type: u1}}',
    { a: octets('0102'), first: 1 },
    '0102',
  ],
  [
    'a condition on what is read at a position',
    'seq: [{id: a, type: u1}, {id: b, type: u1, if: first == 3}]\ninstances: {first: {pos: 0, type: u1}}',
    { a: 3, b: 4 },
    '0304',
  ],
  [
    'in a substream that is filled up',
    'seq: [{id: n, type: u1}, {id: a, size: n, type: t}]\ntypes:\n  t:\n    seq: [{id: v, type: u1}]\n    instances: {w: {pos: 2, type: u1}}',
    { n: 4, a: { v: 1, w: 9 } },
    '0401000900',
  ],
  [
    'of a substream, which becomes as long',
    'seq: [{id: n, type: u1}, {id: a, size: n, type: t}]\ntypes:\n  t:\n    seq: [{id: v, type: u1}]\n    instances: {w: {pos: 2, type: u1}}',
    { a: { v: 1, w: 9 } },
    '03010009',
  ],
  [
    'in the stream of another object',
    'seq: [{id: a, size: 3, type: t}, {id: b, type: u1}]\ninstances: {w: {io: a._io, pos: 2, type: u1}}\ntypes: {t: {seq: [{id: v, type: u1}]}}',
    { a: { v: 1 }, b: 2, w: 9 },
    '01000902',
  ],
];

const ALL: readonly Case[] = [
  ...NUMBERS,
  ...BITS,
  ...STRINGS,
  ...EXTENTS,
  ...PROCESSES,
  ...SWITCHES,
  ...REPEATS,
  ...REFERENCES,
  ...VALID,
  ...POSITIONS,
];

test.each(ALL.map((one) => [one[0], one] as const))('%s: there and back', (_name, made) => {
  const [, spec, given, hex, meta] = made;
  journey(spec, given, { hex, meta: meta ?? ', endian: be' });
});

test('bits of the other order go on in the same octet, as in the runtimes of Kaitai', () => {
  const protocol = protocolOf(
    'meta: {id: made}\nseq: [{id: a, type: b3}, {id: b, type: b5le}, {id: c, type: u1}]\n',
  );
  expect(toHex(encodePdu(protocol, { a: 5, b: 3, c: 9 }, 'c2s'))).toBe('a309');
});

test('types of another file have their own root, and are written by their own spec', () => {
  const protocol = protocolOf(
    'meta: {id: made, endian: be, imports: [tag]}\nseq: [{id: a, type: tag}, {id: b, type: tag::flag}]\n',
    {
      tag: 'meta: {id: tag, endian: le}\nseq: [{id: n, type: u2}, {id: v, type: body}]\ntypes:\n  body: {seq: [{id: w, size: _root.n}]}\n  flag: {seq: [{id: x, type: u2}]}\n',
    },
  );
  const made = thereAndBack(protocol, { a: { v: { w: octets('0102') } }, b: { x: 3 } });
  expect(made).toMatchObject({ hex: '020001020300', lost: null, again: '020001020300' });
});

function journey(spec: string, given: GivenMap, { hex, meta }: { hex: string; meta: string }): void {
  const made = thereAndBack(protocolOf(`meta: {id: made${meta}}\n${spec}\n`), given);
  const { lost, faults } = made;
  const read = typeof made.read === 'string' ? made.read : '';
  expect({ read, lost, faults, hex: made.hex, again: made.again }).toEqual({
    read: '',
    lost: null,
    faults: [],
    hex,
    again: hex,
  });
}
