import { expect, test } from 'vitest';
import type { Span } from '../source.ts';
import { codeFrame, displayWidth } from './code-frame.ts';

/** A span from the text between `[[` and `]]`. */
function marked(text: string): Span {
  const start = text.indexOf('[[');
  const end = text.indexOf(']]') - 2;
  return { source: { name: 'test.ksy', text: text.replace('[[', '').replace(']]', '') }, start, end };
}

test('the line and carets under the place', () => {
  expect(codeFrame(marked('meta:\n  id: [[Fin]]\n'))).toEqual(['   |', ' 2 |   id: Fin', '   |       ^^^']);
});

test('tabs are shown as blanks, so that the carets stand right', () => {
  expect(codeFrame(marked('\t\tid: [[x]]'))).toEqual(['   |', ' 1 |         id: x', '   |             ^']);
});

test('wide characters take two columns, combining marks none', () => {
  expect(codeFrame(marked('温室: [[湿度]]'))).toEqual(['   |', ' 1 | 温室: 湿度', '   |       ^^^^']);
  expect(displayWidth('e\u0301')).toBe(1);
  expect(displayWidth('🌱')).toBe(2);
});

test('a place over several lines is marked to the end of its first line', () => {
  expect(codeFrame(marked('a: [[b\n  c]]\n'))).toEqual(['   |', ' 1 | a: b', '   |    ^']);
});

test('an empty place at the end of the file has a caret', () => {
  const source = { name: 'test.ksy', text: 'a:' };
  expect(codeFrame({ source, start: 2, end: 2 })).toEqual(['   |', ' 1 | a:', '   |   ^']);
});

test('of a very long line the surroundings of the place are shown', () => {
  const [, line = '', carets = ''] = codeFrame(marked(`${'x'.repeat(5000)}[[bad]]${'y'.repeat(5000)}`));
  expect(line.length).toBeLessThan(140);
  expect(line.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1)).toBe('bad');
  expect(line).toMatch(/^ 1 \| \.\.\.x+bady+\.\.\.$/);
});

test('a surrogate pair at the edge of the window stays whole', () => {
  for (const shift of [0, 1]) {
    const [, line = ''] = codeFrame(
      marked(`${'🌱'.repeat(300)}${'x'.repeat(shift)}[[bad]]${'🌱'.repeat(300)}`),
    );
    expect(line).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/);
  }
});
