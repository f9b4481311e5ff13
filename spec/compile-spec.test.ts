import { expect, test } from 'vitest';
import { compileSpec } from './compile-spec.ts';
import { locate } from './diagnostics/locate.ts';
import { compileText, diagnosticsOf, faultsOf, typeNamed } from './testing/compile-text.ts';

test('a spec with ten different faults has ten diagnostics, each at its place', () => {
  const text = `meta:
  id: greenhouse
  endain: le
  ks-version: 0.99
seq:
  - id: Humidity
    type: u1
  - id: label
    type: str
    size: '"four"'
    encoding: UTF-8
  - id: sensor
    type: sensr
  - id: plant
    type: u1
    enum: plants
  - id: again
    type: u1
    if: 1 +
    repeat: sometimes
instances:
  warm:
    value: temperature > 20
  cold:
    value: not 5
types:
  sensor:
    seq:
      - id: value
        size: 4
        pad-right: 300
`;
  const found = diagnosticsOf(text).map((one) => [one.code, one.path, locate(one.span).line]);
  expect(found).toEqual([
    ['spec/unknown-key', '/meta/endain', 3],
    ['spec/version', '/meta/ks-version', 4],
    ['spec/bad-identifier', '/seq/0/id', 6],
    ['spec/type-mismatch', '/seq/1/size', 10],
    ['spec/unknown-type', '/seq/2/type', 13],
    ['spec/unknown-enum', '/seq/3/enum', 16],
    ['spec/expression-syntax', '/seq/4/if', 19],
    ['spec/bad-value', '/seq/4/repeat', 20],
    ['spec/unknown-member', '/instances/warm/value', 23],
    ['spec/operand-types', '/instances/cold/value', 25],
    ['spec/bad-value', '/types/sensor/seq/0/pad-right', 31],
  ]);
});

test('warnings do not stop compilation', () => {
  const { protocol, diagnostics } = compileSpec({
    main: { name: 'test.ksy', text: 'meta: {id: greenhouse, encoding: utf8}\nseq: [{id: a, type: strz}]' },
  });
  expect(diagnostics.map(({ severity }) => severity)).toEqual(['warning']);
  expect(protocol?.types[0]?.fields[0]?.content).toMatchObject({ encoding: 'UTF-8' });
});

const FILES: Readonly<Record<string, string>> = {
  'shared/units.ksy': `
meta: {id: units, imports: [../sensor, /common/names]}
seq: [{id: amount, type: u1}, {id: inner, type: part}]
types: {part: {seq: [{id: x, type: u1, if: _root.amount == 1}]}}
enums: {unit: {1: percent}}`,
  'sensor.ksy': 'meta: {id: sensor, imports: [shared/units]}\nseq: [{id: unit, type: u1, enum: units::unit}]',
  'common/names.ksy': 'meta: {id: names}\nseq: [{id: text, type: strz, encoding: ASCII}]',
};

/** Relative imports from the file that names them, absolute ones from the top. */
function load(path: string, from: string): { name: string; text: string } | undefined {
  const folder = from.includes('/') ? from.slice(0, from.lastIndexOf('/') + 1) : '';
  const whole = path.startsWith('/') ? path.slice(1) : folder + path;
  const name = `${whole.replace(/[^/]+\/\.\.\//, '')}.ksy`;
  const text = FILES[name];
  return text === undefined ? undefined : { name, text };
}

test('imports are followed, relative and absolute, in circles too', () => {
  const text =
    'meta: {id: greenhouse, imports: [shared/units]}\nseq: [{id: a, type: units}, {id: b, type: sensor}, {id: c, type: names}]';
  const protocol = compileText(text, { load });
  expect(protocol.sources.map(({ name }) => name)).toEqual([
    'test.ksy',
    'shared/units.ksy',
    'sensor.ksy',
    'common/names.ksy',
  ]);
  expect(protocol.types.map(({ path }) => path.join('::'))).toEqual([
    'greenhouse',
    'units',
    'units::part',
    'sensor',
    'names',
  ]);
  expect(protocol.protocolFields.map(({ filter }) => filter)).toContain('greenhouse.units.part.x');
});

test('an object of an imported type has neither the parent nor the root of the one that uses it', () => {
  const text =
    'meta: {id: greenhouse, imports: [shared/units]}\nseq: [{id: a, type: units}, {id: b, type: units::part}]';
  const protocol = compileText(text, { load });
  const links = protocol.types[0]?.fields.map(({ content }) =>
    content.kind === 'struct' ? content.parent.kind : '',
  );
  expect(links).toEqual(['none', 'none']);
  expect(typeNamed(protocol, 'part').parent).toEqual({
    kind: 'struct',
    type: typeNamed(protocol, 'units').id,
  });
});

test('a fault in an imported file is reported at its place in that file', () => {
  const broken = (path: string): { name: string; text: string } => ({
    name: path,
    text: 'meta: {id: units}\nseq: [{id: a, type: nope}]',
  });
  const [first] = diagnosticsOf('meta: {id: greenhouse, imports: [units]}', { load: broken });
  expect([first?.span.source.name, first?.path]).toEqual(['units', '/seq/0/type']);
});

test('the hash depends on every file, and on nothing else', () => {
  const hash = (text: string): string => compileText(text).hash;
  const one = 'meta: {id: greenhouse}\nseq: [{id: a, type: u1}]';
  expect(hash(one)).toMatch(/^[0-9a-f]{64}$/);
  expect(hash(one)).toBe(hash(one));
  expect(hash(`${one}\n`)).not.toBe(hash(one));
});

test('a misspelt key is reported, and not also the one that is missing', () => {
  expect(faultsOf('meta: {id: greenhouse}\nseq: [{id: a, szie: 4}]')).toEqual([
    'spec/unknown-key /seq/0/szie',
  ]);
});
