import fc from 'fast-check';
import luaparse from 'luaparse';
import { LuaFactory } from 'wasmoon';
import { expect, test } from 'vitest';
import { commentLines, luaBytes, luaKey, luaMember, luaString, oneLine } from './lua-text.ts';

/** The octets a Lua expression has, asked of Lua itself. */
async function octetsInLua(expressions: readonly string[]): Promise<readonly (readonly number[])[]> {
  const engine = await new LuaFactory().createEngine({ injectObjects: false });
  try {
    return expressions.map((expression) => {
      const hex: unknown = engine.doStringSync(
        `return (string.gsub(${expression}, ".", function(c) return string.format("%02x", string.byte(c)) end))`,
      );
      return [...Buffer.from(String(hex), 'hex')];
    });
  } finally {
    engine.global.close();
  }
}

const HOSTILE = [
  '"',
  "'",
  '\\',
  'a\nb\r\nc',
  ']]',
  ']==]',
  '--[[ x',
  '-->',
  '{{name}}',
  '{{{luaString x}}}',
  '\u0000',
  '\u00001',
  '\u001b[31m',
  '%d %s',
  'grüße 漢字 🙂',
  '\u202eesrever',
  '\ufeff',
  '"); os.execute("x") --',
];

test('gives Lua the octets of any text, hostile ones too', async () => {
  const texts = [
    ...HOSTILE,
    ...fc.sample(fc.string({ unit: 'grapheme', maxLength: 40 }), { numRuns: 300, seed: 7 }),
  ];
  const found = await octetsInLua(texts.map(luaString));
  expect(found).toEqual(texts.map((text) => [...Buffer.from(text, 'utf8')]));
});

test('gives Lua any octets', async () => {
  const all = Uint8Array.from({ length: 256 }, (_, octet) => octet);
  const samples = [all, ...fc.sample(fc.uint8Array({ maxLength: 40 }), { numRuns: 200, seed: 8 })];
  expect(await octetsInLua(samples.map(luaBytes))).toEqual(samples.map((bytes) => [...bytes]));
});

test('keeps every string on one line, without escapes that Lua versions disagree on', () => {
  for (const text of HOSTILE) {
    expect(luaString(text)).not.toMatch(/[\n\r\0]/u);
    expect(luaString(text)).not.toMatch(/\\[xuz]/u);
  }
});

test('leaves readable characters of other scripts readable', () => {
  expect(luaString('Länge')).toBe('"Länge"');
  expect(luaString('\u202e')).toBe('"\\226\\128\\174"');
});

test('brackets the names that are words of Lua', () => {
  expect(luaMember('o', 'port')).toBe('o.port');
  expect(luaMember('o', 'end')).toBe('o["end"]');
  expect(luaKey('goto')).toBe('["goto"]');
});

test('makes comments that nothing can get out of', () => {
  for (const text of HOSTILE) {
    const lua = commentLines(text)
      .map((line) => `-- ${line}\n`)
      .join('');
    expect(luaparse.parse(lua, { luaVersion: '5.1' }).body).toEqual([]);
  }
});

test('fills paragraphs and keeps them apart', () => {
  expect(commentLines('one\ntwo\n\nthree')).toEqual(['one two', 'three']);
  expect(commentLines('word '.repeat(40)).every((line) => line.length <= 100)).toBe(true);
});

test('cuts a description to what a tooltip shows', () => {
  expect(oneLine('a\n  b')).toBe('a b');
  expect(oneLine('x'.repeat(300))).toHaveLength(240);
});
