import { expect, test } from 'vitest';
import { minimise } from './minimise.ts';

const NUMBERS = Array.from({ length: 40 }, (_, index) => index);

async function leastOf(needed: readonly number[]): Promise<{ kept: readonly number[]; runs: number }> {
  let runs = 0;
  const kept = await minimise(NUMBERS, (some) => {
    runs += 1;
    return Promise.resolve(needed.every((number) => some.includes(number)));
  });
  return { kept, runs };
}

test('keeps what is needed, in its order, wherever it stands', async () => {
  for (const needed of [[0], [39], [17], [3, 38], [0, 20, 39], [5, 6, 7, 8]]) {
    const { kept } = await leastOf(needed);
    expect(kept).toEqual(needed);
  }
});

test('one try is enough where nothing is needed', async () => {
  expect(await leastOf([])).toEqual({ kept: [], runs: 1 });
});

test('all of it stays where all of it is needed, after a bounded number of tries', async () => {
  const { kept, runs } = await leastOf(NUMBERS);
  expect(kept).toEqual(NUMBERS);
  expect(runs).toBeLessThan(NUMBERS.length * 6);
});

test('nothing is asked of no items', async () => {
  expect(await minimise([], () => Promise.reject(new Error('asked')))).toEqual([]);
});
