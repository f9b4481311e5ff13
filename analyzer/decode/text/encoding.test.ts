import { expect, test } from 'vitest';
import { hex } from '../testing/frames.ts';
import { encodingOf } from './encoding.ts';
import { isUtf8 } from './utf8.ts';

test.each([
  ['UTF-8', 'e3 81 82 f0 9f 98 80', 'あ😀'],
  ['ASCII', '41 e9', 'A\ufffd'],
  ['ISO-8859-1', '80 e9', '\u0080é'],
  ['ISO-8859-9', '80 fd', '\u0080ı'],
  ['ISO-8859-15', 'a4', '€'],
  ['windows-1252', '80', '€'],
  ['windows-1251', 'cf f0', 'Пр'],
  ['IBM437', '80 e1 ff', 'Çß\u00a0'],
  ['IBM866', '8f', 'П'],
  ['Shift_JIS', '82 a0', 'あ'],
  ['SJIS', '82 a0', 'あ'],
  ['EUC-KR', 'b0 a1', '가'],
  ['Big5', 'a4 40', '一'],
  ['UTF-16LE', '42 30 3d d8 00 de', 'あ😀'],
  ['UTF-16BE', '30 42', 'あ'],
  ['UTF-32LE', '00 f6 01 00', '😀'],
  ['UTF-32BE', '00 01 f6 00 00 11 00 00 00', '😀\ufffd\ufffd'],
])('decodes %s', (name, octets, text) => {
  expect(encodingOf(name).decode(hex(octets))).toBe(text);
});

test.each(['UTF-8', 'UTF-16LE', 'UTF-16BE', 'UTF-32LE', 'UTF-32BE', 'windows-1252', 'IBM437'])(
  'encodes %s to octets that decode to the same text',
  (name) => {
    const encoding = encodingOf(name);
    expect(encoding.decode(encoding.encode('Grün'))).toBe('Grün');
  },
);

test('keeps a byte order mark as the character it is', () => {
  expect(encodingOf('UTF-8').decode(hex('ef bb bf 41'))).toBe('\ufeffA');
});

test('refuses a character that the encoding lacks', () => {
  expect(() => encodingOf('ASCII').encode('é')).toThrow('the encoding has no "é"');
});

test('fails where an unknown encoding is used, not before', () => {
  const encoding = encodingOf('ISO-8859-12');
  expect(() => encoding.decode(hex('41'))).toThrow('cannot read text in the encoding "ISO-8859-12"');
});

test('tells well-formed UTF-8 by RFC 3629', () => {
  expect(isUtf8(hex('48 69'))).toBe(true);
  expect(isUtf8(hex('f4 8f bf bf'))).toBe(true);
  for (const wrong of ['c0 80', 'ed a0 80', 'f4 90 80 80', 'e3 81', '80'])
    expect(isUtf8(hex(wrong))).toBe(false);
});
