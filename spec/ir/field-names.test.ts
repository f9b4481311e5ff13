import { expect, test } from 'vitest';
import { compileText, faultsOf } from '../testing/compile-text.ts';

function filters(body: string): readonly string[] {
  const protocol = compileText(`meta: {id: greenhouse, endian: be, encoding: UTF-8}
${body}`);
  return protocol.protocolFields.map(({ filter }) => filter);
}

test('fields are named by type path', () => {
  const body = `
seq: [{id: a, type: sensor}, {type: u1}]
instances: {twice: {value: a.b * 2}, part: {value: a}}
types:
  sensor:
    seq: [{id: b, type: u1}, {id: c, type: unit}]
    types: {unit: {params: [], seq: [{id: d, type: u1}]}}`;
  expect(filters(body)).toEqual([
    'greenhouse.a',
    'greenhouse._unnamed1',
    'greenhouse.twice',
    'greenhouse.sensor.b',
    'greenhouse.sensor.c',
    'greenhouse.sensor.unit.d',
  ]);
});

test('names that Wireshark adds endings to, or has itself, are made to differ', () => {
  expect(filters('seq: [{id: a_raw, type: u1}, {id: b_tree, type: u1}]')).toEqual([
    'greenhouse.a_raw_',
    'greenhouse.b_tree_',
  ]);
  expect(compileText('meta: {id: png}\nseq: [{id: a, type: u1}]').filter).toBe('ks_png');
});

test('two types that come to one name get a number', () => {
  const body = `
seq: [{id: a, type: sensor}, {id: x, type: greenhouse::sensor::b}]
types:
  sensor:
    seq: [{id: b, type: u1}]
    types: {b: {seq: [{id: c, type: u1}]}}`;
  const names = filters(body);
  expect(new Set(names).size).toBe(names.length);
});

test('the arms of a switch share a name, primitives of several kinds get their type as ending', () => {
  const arms = (cases: string): readonly string[] =>
    filters(
      `seq:\n  - {id: k, type: u1}\n  - id: v\n    size: 4\n    type: {switch-on: k, cases: ${cases}}\ntypes: {t: {seq: [{id: x, type: u1}]}, s: {seq: []}}`,
    ).filter((name) => name.startsWith('greenhouse.v'));
  expect(arms('{1: t, 2: s, _: t}')).toEqual(['greenhouse.v']);
  expect(arms('{1: u4, 2: u4, _: u4}')).toEqual(['greenhouse.v']);
  expect(arms('{1: u4, 2: str, 3: t}')).toEqual([
    'greenhouse.v_u4',
    'greenhouse.v_str',
    'greenhouse.v',
    'greenhouse.v_bytes',
  ]);
});

test('a name that the spec chose is taken as it is, or refused', () => {
  const body = (name: string): string =>
    `seq: [{id: a, type: u1}, {id: b, type: u1, -wireshark: {filter: ${name}}}]`;
  expect(filters(body('deep.b'))).toEqual(['greenhouse.a', 'greenhouse.deep.b']);
  expect(faultsOf(`meta: {id: greenhouse}\n${body('a')}`)).toEqual([
    'spec/filter-clash /seq/1/-wireshark/filter',
  ]);
  expect(faultsOf(`meta: {id: greenhouse}\n${body('B')}`)).toEqual([
    'spec/filter-name /seq/1/-wireshark/filter',
  ]);
});

test('labels, bases and types are sensible unless chosen', () => {
  const { protocolFields } = compileText(`
meta: {id: greenhouse, endian: be}
seq:
  - {id: len_body, type: u2}
  - {id: flags, type: u1}
  - {id: temperature, type: s2, -orig-id: tmpr}
  - {id: address, size: 4, -wireshark: {display: ipv4, name: Address}}
  - {id: uptime, type: u8, -wireshark: {display: relative_time, unit: ms}}
  - {id: mode, type: b12}
  - {id: lamp, type: b1}
instances:
  half: {value: len_body / 2.0, -wireshark: {unit: '%'}}
  far: {value: len_body << 32}
`);
  const shown = protocolFields.map(({ label, type, display, unit }) => [label, type.kind, display, unit]);
  expect(shown).toEqual([
    ['Len body', 'uint', 'dec', ''],
    ['Flags', 'uint', 'hex', ''],
    ['tmpr', 'int', 'dec', ''],
    ['Address', 'ipv4', 'default', ''],
    ['Uptime', 'relative-time', 'default', 'ms'],
    ['Mode', 'uint', 'dec', ''],
    ['Lamp', 'bool', 'default', ''],
    ['Half', 'double', 'default', '%'],
    ['Far', 'uint', 'dec', ''],
  ]);
  expect(protocolFields[8]?.type).toEqual({ kind: 'uint', bits: 64 });
});

test('a display that does not go with the value is refused', () => {
  const wrong = (field: string): readonly string[] =>
    faultsOf(`meta: {id: greenhouse, endian: be}\nseq: [${field}]`);
  expect(wrong('{id: a, size: 5, -wireshark: {display: ipv4}}')).toEqual([
    'spec/bad-value /seq/0/-wireshark/display',
  ]);
  expect(wrong('{id: a, type: f4, -wireshark: {display: hex}}')).toEqual([
    'spec/bad-value /seq/0/-wireshark/display',
  ]);
  expect(wrong('{id: a, type: s4, -wireshark: {display: hex}}')).toEqual([
    'spec/bad-value /seq/0/-wireshark/display',
  ]);
  expect(wrong('{id: a, size: 6, -wireshark: {display: ether}}')).toEqual([]);
});
