import { expect, test } from 'vitest';
import { isInRange, parseVersionRange } from './version-range.ts';

function isIn(version: string, text: string): boolean {
  const range = parseVersionRange(text);
  if (range === undefined) throw new Error(`"${text}" is no range`);
  return isInRange(version, range);
}

test('compares only the numbers that a condition gives', () => {
  expect(isIn('4.0.17', '>=4.0')).toBe(true);
  expect(isIn('4.0.17', '>4.0')).toBe(false);
  expect(isIn('4.0.17', '<=4')).toBe(true);
  expect(isIn('4.4.18', '4.4')).toBe(true);
  expect(isIn('4.4.18', '=4.4.5')).toBe(false);
  expect(isIn('4.10.0', '>4.4')).toBe(true);
});

test('wants all conditions to hold', () => {
  expect(isIn('4.4.18', '>=4.0 <4.6')).toBe(true);
  expect(isIn('4.6.0', '>= 4.0, < 4.6')).toBe(false);
});

test('takes nothing for a range that is none', () => {
  for (const text of ['', 'new', '>=', '4.0.1.2', '~4.0', '>=4.0 or <3']) {
    expect(parseVersionRange(text), text).toBeUndefined();
  }
});
