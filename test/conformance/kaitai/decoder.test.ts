import { expect, test } from 'vitest';
import { runInDecoder } from './decoder-runner.ts';
import { findSuite, HOW_TO_GET, KaitaiSuite, type KaitaiAssert, type KaitaiCase } from './suite.ts';
import { isSame } from './values.ts';

/** The first number that a case expects is one more. */
class PoisonedSuite extends KaitaiSuite {
  override read(id: string): KaitaiCase {
    const original = super.read(id);
    const victim = original.asserts.findIndex(isNumberExpected);
    const asserts = original.asserts.map((assert, i) => (i === victim ? poison(assert) : assert));
    return { ...original, asserts };
  }
}

function isNumberExpected({ expected }: KaitaiAssert): boolean {
  return expected.kind === 'value' && /^\d+$/.test(expected.expression);
}

function poison(assert: KaitaiAssert): KaitaiAssert {
  const { expected } = assert;
  if (expected.kind !== 'value') return assert;
  return { ...assert, expected: { kind: 'value', expression: `${expected.expression} + 1` } };
}

const suite = findSuite();

if (suite === undefined) {
  test.skip(`kaitai_struct_tests in the decoder: ${HOW_TO_GET}`, () => {
    // Nothing to run.
  });
} else {
  test.each(suite.ids())('%s', (id) => {
    expect(runInDecoder(suite, id)).toEqual([]);
  });

  test('fails exactly the cases whose expected value is poisoned', () => {
    const poisoned = new PoisonedSuite(suite.folder);
    const candidates = suite.ids().filter((id) => suite.read(id).asserts.some(isNumberExpected));
    const victims = candidates.filter((_, i) => i % 7 === 0).slice(0, 20);
    expect(victims).toHaveLength(20);
    expect(victims.filter((id) => runInDecoder(poisoned, id).length !== 1)).toEqual([]);
  });
}

test('tells values apart that only look alike', () => {
  expect(isSame(1, 2)).toBe(false);
  expect(isSame(undefined, 0)).toBe(false);
  expect(isSame('1', 1)).toBe(false);
  expect(isSame(Uint8Array.of(1), [1, 2])).toBe(false);
  expect(isSame(0.5, 0.50001)).toBe(false);
  expect(isSame(-1n, 18446744073709551615n)).toBe(true);
  expect(isSame(Uint8Array.of(1, 2), [1, 2n])).toBe(true);
});
