import { expect, test } from 'vitest';
import { MAX_VECTOR_OCTETS, readOctets } from './octets.ts';

function hexOf(text: string): string {
  const read = readOctets(text);
  return read.kind === 'octets' ? Buffer.from(read.octets).toString('hex') : read.message;
}

test('reads pairs of digits with blanks anywhere between pairs', () => {
  expect(hexOf('81 05 48656C 6c6f')).toBe('810548656c6c6f');
  expect(hexOf('')).toBe('');
  expect(hexOf(' \n 0a\t0B ')).toBe('0a0b');
});

test('repeats pairs', () => {
  expect(hexOf('82 61*3 00')).toBe('8261616100');
  expect(hexOf('0102*2 03')).toBe('0102010203');
  expect(hexOf('61*0')).toBe('');
  expect(readOctets(`00*${MAX_VECTOR_OCTETS}`)).toMatchObject({ kind: 'octets' });
});

test('says which part is no hex', () => {
  expect(readOctets('81 5 48')).toEqual({
    kind: 'wrong',
    message: 'pairs of hex digits, or PAIRS*COUNT',
    start: 3,
    end: 4,
  });
  for (const text of ['8g', '0x81', '61*', '*3', '61**2', '61*-1', '61*1e3'])
    expect(readOctets(text).kind).toBe('wrong');
});

test('allocates nothing for what is too long', () => {
  expect(readOctets('00*999999999')).toMatchObject({ kind: 'wrong', message: 'at most 4194304 octets' });
  expect(readOctets('00*4000000 00*4000000')).toMatchObject({ kind: 'wrong', start: 11 });
});
