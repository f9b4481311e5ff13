import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileSpec, formatDiagnostic } from '../../spec/index.ts';
import type { Compiled, SourceText } from '../../spec/index.ts';

/** Far above what any of these takes, far below what a quadratic step would. */
const SOON_MS = 20_000;

function compile(text: string, load?: (path: string) => SourceText | undefined): Compiled {
  const started = performance.now();
  const compiled = compileSpec({
    main: { name: 'hostile.ksy', text },
    ...(load === undefined ? {} : { load }),
  });
  for (const diagnostic of compiled.diagnostics)
    expect(formatDiagnostic(diagnostic).length).toBeLessThan(5000);
  expect(performance.now() - started).toBeLessThan(SOON_MS);
  return compiled;
}

function codes(text: string): readonly string[] {
  return [...new Set(compile(text).diagnostics.map(({ code }) => code))];
}

function withValue(value: string): string {
  return `meta: {id: hostile}\nseq: [{id: a, type: u1}]\ninstances:\n  x:\n    value: ${value}\n`;
}

test('a file of ten megabytes is refused unread', () => {
  expect(codes(`meta: {id: big}\n${'# a comment\n'.repeat(900_000)}`)).toEqual(['spec/too-large']);
});

test.each([
  ['lists', '['.repeat(10_000)],
  ['closed lists', `${'['.repeat(10_000)}${']'.repeat(10_000)}`],
  ['maps', '{a: '.repeat(10_000)],
  ['items', `${'- '.repeat(10_000)}x`],
  ['indented maps', Array.from({ length: 1000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n')],
])('%s nested thousands deep are refused by their depth', (_, text) => {
  expect(codes(text)).toEqual(['spec/too-deep']);
});

test('aliases that write out billions of values are refused', () => {
  const levels = Array.from({ length: 20 }, (_, level) => {
    const aliases = Array.from({ length: 10 }, () => `*l${String(level)}`).join(', ');
    return `l${String(level + 1)}: &l${String(level + 1)} [${aliases}]`;
  });
  expect(codes(`l0: &l0 [x]\n${levels.join('\n')}\n`)).toContain('spec/too-many-nodes');
});

test('an alias of what it stands in is refused', () => {
  expect(codes('meta: {id: hostile}\nseq: &s\n  - *s\n')).toContain('spec/yaml-feature');
});

test.each([
  ['parentheses', `${'('.repeat(10_000)}1${')'.repeat(10_000)}`],
  ['minus signs', `${'- '.repeat(10_000)}1`],
  ['negations', `${'not '.repeat(10_000)}true`],
  ['a sum', Array.from({ length: 10_000 }, () => '1').join(' + ')],
  ['conditions', `${'true ? 1 : '.repeat(5000)}1`],
  ['subscripts', `a${'[0]'.repeat(10_000)}`],
  ['members', `a${'._parent'.repeat(5000)}`],
  ['lists', `${'['.repeat(10_000)}1${']'.repeat(10_000)}`],
])('an expression with thousands of %s is refused by its depth', (_, expression) => {
  expect(codes(withValue(`'${expression}'`))).toEqual(['spec/too-deep']);
});

test('an expression of a megabyte is refused', () => {
  expect(codes(withValue(`'${'a'.repeat(500_000)}'`))).toEqual(['spec/expression-syntax']);
});

test('strings inside strings inside strings end', () => {
  expect(codes(withValue(`|-\n      ${'f"{'.repeat(2000)}1${'}"'.repeat(2000)}`)).length).toBeGreaterThan(0);
});

test('a number of a hundred thousand digits is refused', () => {
  expect(codes(withValue(`'${'9'.repeat(50_000)}'`))).toEqual(['spec/expression-syntax']);
  expect(codes(`meta: {id: h}\nenums: {e: {${'9'.repeat(100_000)}: a}}`).length).toBeGreaterThan(0);
});

test('a chain of thousands of values is refused, a chain of some is not', () => {
  const chain = (length: number): string => {
    const links = Array.from({ length }, (_, at) => `  v${String(at)}: {value: v${String(at + 1)} + 1}`);
    return `meta: {id: hostile}\ninstances:\n${links.join('\n')}\n  v${String(length)}: {value: 1}\n`;
  };
  expect(codes(chain(5000))).toContain('spec/too-deep');
  expect(compile(chain(200)).protocol).toBeDefined();
});

test('types that contain one another twice, forty levels deep, take no time', () => {
  const levels = Array.from({ length: 40 }, (_, at) => {
    const next = `t${String(at + 1)}`;
    return `  t${String(at)}: {seq: [{id: a, type: ${next}}, {id: b, type: ${next}}, {id: c, type: b3}]}`;
  });
  const text = `meta: {id: hostile}\nseq: [{id: a, type: t0}]\ntypes:\n${levels.join('\n')}\n  t40: {seq: [{id: x, type: u1}]}\n`;
  expect(compile(text).protocol).toBeDefined();
});

test('a chain of five thousand types compiles', () => {
  const levels = Array.from({ length: 5000 }, (_, at) => {
    return `  t${String(at)}: {seq: [{id: a, type: t${String(at + 1)}}]}`;
  });
  const text = `meta: {id: hostile}\nseq: [{id: a, type: t0}]\ntypes:\n${levels.join('\n')}\n  t5000: {seq: [{id: x, type: u1}]}\n`;
  expect(compile(text).protocol).toBeDefined();
});

test('a type that contains itself compiles, and has no fixed size', () => {
  const { protocol } = compile('meta: {id: hostile}\nseq: [{id: a, type: hostile}]\n');
  expect(protocol?.types[0]?.staticBits).toBeNull();
});

test('imports without end come to an end', () => {
  let count = 0;
  const { diagnostics } = compile('meta: {id: hostile, imports: [next]}', () => {
    count += 1;
    const id = `s${String(count)}`;
    return { name: `${id}.ksy`, text: `meta: {id: ${id}, imports: [again]}` };
  });
  expect(count).toBeLessThan(1000);
  expect(diagnostics.map(({ code }) => code)).toContain('spec/unknown-import');
});

test('thousands of faults are counted up to a thousand', () => {
  const items = Array.from({ length: 5000 }, (_, at) => `  - {id: a${String(at)}, type: nope${String(at)}}`);
  const { diagnostics } = compile(`meta: {id: hostile}\nseq:\n${items.join('\n')}\n`);
  expect(diagnostics).toHaveLength(1001);
});

test('thousands of attributes that share their sizes take no time', () => {
  const items = Array.from({ length: 8000 }, (_, at) => `  - {id: a${String(at)}, size: len}`);
  const { protocol } = compile(`meta: {id: hostile}\nseq:\n  - {id: len, type: u1}\n${items.join('\n')}\n`);
  expect(protocol).toBeDefined();
});

test('a type path and a cast of thousands of names are refused', () => {
  const path = Array.from({ length: 5000 }, () => 'hostile').join('::');
  expect(codes(`meta: {id: hostile}\nseq: [{id: a, type: '${path}'}]`)).toEqual(['spec/unknown-type']);
  expect(codes(withValue(`'a.as<${path}>'`))).toEqual(['spec/unknown-type']);
  expect(codes(withValue(`'${path}'`))).toEqual(['spec/unknown-enum']);
});

test.each([
  ['nothing', ''],
  ['a byte order mark', '\ufeffmeta: {id: hostile}'],
  ['NUL', 'meta: {id: "a\u0000b"}\u0000'],
  ['half of a surrogate pair', 'meta: {id: "\ud800"}'],
  ['carriage returns', 'meta:\r\n  id: hostile\r\nseq:\r\n  - id: A\r\n'],
  ['control characters', 'meta: {id: "\u001b[31mred"}'],
  ['bidirectional controls', 'meta: {id: "\u202egnirts"}'],
  ['keys of every shape', '? [a, b]\n: 1\n? {c: d}\n: 2\n? null\n: 3\n1.5: x\ntrue: y\n'],
  [
    'names of the prototype',
    'meta: {id: hostile, __proto__: 1, constructor: 2}\ntoString: {}\nhasOwnProperty: 1',
  ],
  ['prototype members', withValue('"a.toString + constructor.__proto__"')],
])('%s: a diagnostic, no crash, and nothing that drives the terminal', (_, text) => {
  for (const diagnostic of compile(text).diagnostics) {
    expect(formatDiagnostic(diagnostic)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e]/);
  }
});

test('texts that would end a comment or a string elsewhere pass through unchanged', () => {
  const doc = ']] --> {{x}} \\" \' `';
  const { protocol } = compile(`meta: {id: hostile}\nseq: [{id: a, type: u1, doc: ${JSON.stringify(doc)}}]`);
  expect(protocol?.types[0]?.fields[0]?.doc).toBe(doc);
});

const websocket = readFileSync(new URL('../../samples/websocket/websocket.ksy', import.meta.url), 'utf8');

test('no damage to the WebSocket spec makes the compiler throw', { timeout: 120_000 }, () => {
  const damage = fc.array(
    fc.record({
      at: fc.nat(websocket.length),
      length: fc.nat(40),
      insert: fc.oneof(
        fc.string({ maxLength: 8 }),
        fc.constantFrom('\n', ': ', '- ', '[', '{', '"', '&a ', '*a', '::', '('),
      ),
    }),
    { minLength: 1, maxLength: 3 },
  );
  fc.assert(
    fc.property(damage, (edits) => {
      let text = websocket;
      for (const { at, length, insert } of edits) text = text.slice(0, at) + insert + text.slice(at + length);
      const { protocol, diagnostics } = compileSpec({ main: { name: 'damaged.ksy', text } });
      for (const diagnostic of diagnostics) formatDiagnostic(diagnostic);
      return protocol !== undefined || diagnostics.some(({ severity }) => severity === 'error');
    }),
    { numRuns: 150, seed: 6455 },
  );
});
