import { expect, test } from 'vitest';
import type { PairSide } from '../decode/index.ts';
import type { SessionPdu } from '../session/pdu.ts';
import { KeyPairs } from './key-pairs.ts';

const SECOND = 1_000_000_000n;

function tell(pairs: KeyPairs, steps: readonly (readonly ['c2s' | 's2c', PairSide['role'], string])[]): void {
  steps.forEach(([direction, role, key], at) => {
    const pdu = { direction, frame: at + 1, time: BigInt(at) * SECOND, problem: null };
    pairs.pdu(pdu as unknown as SessionPdu, { key, role });
  });
}

test('pairs by key, in whatever order the answers come', () => {
  const pairs = new KeyPairs();
  tell(pairs, [
    ['c2s', 'request', 'a'],
    ['c2s', 'request', 'b'],
    ['s2c', 'response', 'b'],
    ['s2c', 'response', 'a'],
  ]);
  expect(pairs.report(false)).toEqual({
    kind: 'key',
    requests: 2,
    answered: 2,
    unanswered: [],
    latencyMs: { min: 1000, p50: 1000, p95: 3000, max: 3000 },
    uncertain: false,
  });
  expect(pairs.findings()).toEqual([]);
});

test('gives an answer to the oldest request of its key, and none to its own side', () => {
  const pairs = new KeyPairs();
  tell(pairs, [
    ['c2s', 'request', 'a'],
    ['c2s', 'request', 'a'],
    ['c2s', 'response', 'a'],
    ['s2c', 'response', 'a'],
  ]);
  expect(pairs.report(false)).toMatchObject({
    requests: 2,
    answered: 1,
    unanswered: [{ frame: 2, index: 1 }],
  });
  expect(pairs.findings()).toMatchObject([
    { rule: 'UNANSWERED', severity: 'info', direction: 'c2s', frame: 2 },
  ]);
});

test('reports nothing where nothing was asked', () => {
  const pairs = new KeyPairs();
  tell(pairs, [['s2c', 'response', 'a']]);
  expect(pairs.report(false)).toBeNull();
});
