import { expect, test } from 'vitest';
import { DiagnosticSink } from '../diagnostics/diagnostic.ts';
import { readYaml } from './read-yaml.ts';
import type { YamlNode } from './yaml-node.ts';

function read(text: string): YamlNode {
  const node = readYaml({ name: 'test.ksy', text }, new DiagnosticSink());
  if (node === undefined) throw new Error('nothing read');
  return node;
}

/** Every scalar with its path and the text at its place. */
function places(node: YamlNode): readonly string[] {
  switch (node.kind) {
    case 'scalar': {
      const { span, path } = node.place;
      return [`${path} ${span.source.text.slice(span.start, span.end)}`];
    }
    case 'list':
      return node.items.flatMap(places);
    case 'map':
      return node.entries.flatMap(({ key, value }) => [...places(key), ...places(value)]);
  }
}

test('every value has its path and its place', () => {
  expect(places(read('seq:\n  - id: a\n    "type": \'u1\'\n  - [1, {b: 2}]\n'))).toEqual([
    '/seq seq',
    '/seq/0/id id',
    '/seq/0/id a',
    '/seq/0/type "type"',
    "/seq/0/type 'u1'",
    '/seq/1/0 1',
    '/seq/1/1/b b',
    '/seq/1/1/b 2',
  ]);
});

test('the text of a scalar is found in the source when it stands there as it is', () => {
  const texts = (text: string): unknown => {
    const node = read(text);
    const value = node.kind === 'map' ? node.entries[0]?.value : undefined;
    return value?.kind === 'scalar' ? [value.text, value.textStart] : undefined;
  };
  expect(texts('a: b + c')).toEqual(['b + c', 3]);
  expect(texts('a: "b + c"')).toEqual(['b + c', 4]);
  expect(texts("a: 'it''s'")).toEqual(["it's", undefined]);
  expect(texts('a: "b\\tc"')).toEqual(['b\tc', undefined]);
  expect(texts('a: |\n  b\n  c\n')).toEqual(['b\nc\n', undefined]);
});

test('an alias has the value of its anchor, and its own place', () => {
  expect(places(read('a: &x [1]\nb: *x\n'))).toEqual(['/a a', '/a/0 1', '/b b', '/b/0 *x']);
  expect(places(read('a: &x 1\nb: &x 2\nc: *x\n')).at(-1)).toBe('/c *x');
});

test('a key without a value is there', () => {
  const node = read('meta:\n  id:\nseq:\n');
  expect(node.kind === 'map' ? node.entries.map(({ key }) => key.text) : []).toEqual(['meta', 'seq']);
});
