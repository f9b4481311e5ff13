import { expect, test } from 'vitest';
import { didYouMean } from './did-you-mean.ts';

const KEYS = ['size', 'size-eos', 'type', 'repeat', 'repeat-expr', 'encoding', 'endian', 'if'];

test.each([
  ['szie', 'size'],
  ['sizes', 'size'],
  ['tpye', 'type'],
  ['Repeat', 'repeat'],
  ['repeat_expr', 'repeat-expr'],
  ['encding', 'encoding'],
  ['endain', 'endian'],
])('%s: %s was meant', (wrong, meant) => {
  expect(didYouMean(wrong, KEYS)).toBe(meant);
});

test.each(['colour', 'x', '', 'a'.repeat(10_000)])('nothing like %s is known', (wrong) => {
  expect(didYouMean(wrong, KEYS)).toBeUndefined();
});
