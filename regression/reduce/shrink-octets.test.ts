import { expect, test } from 'vitest';
import { fewerOctets, filledOctets } from './shrink-octets.ts';

const octets = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const text = (some: Uint8Array): string => Buffer.from(some).toString();

test('keeps the shortest row of octets that holds', async () => {
  const hold = (some: Uint8Array): Promise<boolean> => Promise.resolve(text(some).includes('rot'));
  expect(text(await fewerOctets(octets('carrots and peas'), hold))).toBe('rot');
});

test('none, or one, where that holds', async () => {
  expect(text(await fewerOctets(octets('peas'), () => Promise.resolve(true)))).toBe('');
  const hold = ({ length }: Uint8Array): Promise<boolean> => Promise.resolve(length > 0);
  expect(text(await fewerOctets(octets('peas'), hold))).toBe('p');
});

test('fills all octets but those that are needed', async () => {
  const hold = (some: Uint8Array): Promise<boolean> =>
    Promise.resolve(some[3] === 0x72 && some[9] === 0x6e && some.length === 16);
  expect(text(await filledOctets(octets('carrots and peas'), hold))).toBe('xxxrxxxxxnxxxxxx');
});
