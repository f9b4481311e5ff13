import { stringify } from 'yaml';
import type { CaptureExpectation } from '../suite/suite.ts';
import type { PinnedNumbers } from './judge-pin.ts';

/** `expect` of a pinned capture as it would have to be, to paste into the tests file. */
export function expectYaml(found: PinnedNumbers, keys: readonly (keyof CaptureExpectation)[]): string[] {
  const { findings, ...rest } = found;
  const plain = { ...rest, findings: Object.fromEntries(findings) };
  const chosen = Object.fromEntries(keys.map((key) => [key, plain[key]]));
  return stringify({ expect: chosen }, { collectionStyle: 'any' }).trimEnd().split('\n');
}

/** The keys of `expect` that nothing is said of. */
export function unpinned(expect: CaptureExpectation): (keyof CaptureExpectation)[] {
  return KEYS.filter((key) => expect[key] === null);
}

/** The keys of `expect` whose values are not as found. */
export function wronglyPinned(
  expect: CaptureExpectation,
  found: PinnedNumbers,
): (keyof CaptureExpectation)[] {
  return KEYS.filter((key) => {
    const wanted = expect[key];
    return wanted !== null && canonical(wanted) !== canonical(found[key]);
  });
}

const KEYS = ['verdict', 'pdus', 'messages', 'connections', 'closes', 'findings'] as const;

function canonical(value: NonNullable<CaptureExpectation[keyof CaptureExpectation]>): string {
  if (!(value instanceof Map)) return JSON.stringify(value);
  return JSON.stringify([...(value as ReadonlyMap<string, number>)].filter(([, n]) => n > 0).sort());
}
