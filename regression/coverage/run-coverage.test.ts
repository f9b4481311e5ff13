import { expect, test } from 'vitest';
import type { CheckResult } from '../checks/check-result.ts';
import { VectorDecoder } from '../run/decode-vector.ts';
import type { Suite } from '../suite/suite.ts';
import { BEACON, suiteFrom } from '../testing/suite-from.ts';
import { CoverageCollector } from './coverage-collector.ts';
import { coverageItems } from './coverage-items.ts';
import { type Coverage, runCoverage, vectorCoverage } from './run-coverage.ts';

const ONE_BEACON = `
spec: ./beacon.ksy
vectors:
  - {name: one reading of air, hex: 0005 0701 1f4142, expect: {body: {kind: air}}}
`;

function missingOf({ data }: CheckResult): readonly string[] {
  return (data as Coverage).missing.map(({ name }) => name);
}

async function covered(suite: Suite, captures?: CoverageCollector): Promise<CheckResult> {
  const [result] = await runCoverage({ suite }, undefined, captures);
  if (result === undefined) throw new Error('coverage says nothing');
  return result;
}

test('names what one vector leaves out, with its line of the spec', async () => {
  const result = await covered(suiteFrom(BEACON, ONE_BEACON));
  expect(missingOf(result)).toEqual([
    'rule STATION broken',
    'body.kind = soil',
    'body.readings repeated 0 times',
    'body.readings repeated many times',
    'reading.moisture valid broken',
  ]);
  expect(result).toMatchObject({
    group: 'coverage',
    status: 'pass',
    data: { all: { items: 17, covered: 12 } },
  });
  expect(result.messages).toEqual(['70.5 % of the spec are exercised (12 of 17).']);
  expect(result.detail).toContain('  body.kind = soil  (beacon.ksy:16)');
});

test('fails below the minimum only, and says what to do', async () => {
  const tests = (minimum: number): string => `${ONE_BEACON}\ncoverage: {min: ${minimum}}\n`;
  expect((await covered(suiteFrom(BEACON, tests(70)))).status).toBe('pass');
  const failed = await covered(suiteFrom(BEACON, tests(71)));
  expect(failed.status).toBe('fail');
  expect(failed.messages[0]).toBe('70.5 % of the spec are exercised (12 of 17), the minimum is 71 %.');
});

test('exceptions are not counted; one that is covered, or is nothing, is a failure', async () => {
  const tests = `${ONE_BEACON}
coverage:
  except:
    body.kind = soil: there is no such sensor yet
    body.kind = air: it was thought to be rare
    body.kind = water: a misspelling
`;
  const result = await covered(suiteFrom(BEACON, tests));
  expect(result.status).toBe('fail');
  expect(missingOf(result)).not.toContain('body.kind = soil');
  expect(result.data).toMatchObject({ all: { items: 16, covered: 12 } });
  expect(result.messages.join('\n')).toMatch(/"body.kind = air" .* is covered: remove it/);
  expect(result.messages.join('\n')).toMatch(/"body.kind = water" .* nothing of that name/);
  expect(result.messages.join('\n')).not.toMatch(/soil/);
});

test('captures count beside the vectors', async () => {
  const suite = suiteFrom(BEACON, ONE_BEACON);
  const other = suiteFrom(
    BEACON,
    'spec: x\nvectors: [{name: soil, hex: 0008 c802 ff4142 1f4142, expect_findings: [STATION, VALID]}]',
  );
  const captures = vectorCoverage(other);
  const result = await covered(suite, captures);
  expect(missingOf(result)).toEqual(['body.readings repeated 0 times']);
  expect(result.data).toMatchObject({ all: { vectors: 12, captures: 13, covered: 16 } });
  expect(result.detail[0]).toMatch(/vectors +captures +covered/);
});

const BRANCHES = `
meta: {id: crate, endian: be}
seq:
  - {id: kind, type: u1}
  - {id: weight, type: u2, if: kind == 1}
  - {id: label, type: strz, encoding: ASCII, eos-error: false}
  - {id: body, size: 2, type: {switch-on: kind, cases: {1: apples, 2: pears, 3: apples}}, if: weight_or_zero < 9}
  - {id: many, type: {switch-on: kind, cases: {1: u1, 2: u2}}, repeat: expr, repeat-expr: 2}
instances:
  weight_or_zero: {value: 'kind == 1 ? weight : 0'}
types:
  apples: {seq: [{id: a, type: b1}, {id: b, type: b7}]}
  pears: {seq: [{id: c, size: 2, pad-right: 0x20}]}
`;

function foundIn(hex: string, ksy: string): readonly string[] {
  const suite = suiteFrom(ksy, `spec: x\nvectors: [{name: x, hex: ${hex}}]`);
  const collector = new CoverageCollector(suite.protocol);
  const decoder = new VectorDecoder(suite.protocol);
  for (const vector of suite.vectors) {
    for (const { decoded, message } of decoder.decode(vector).pdus) collector.take(decoded, message);
  }
  const names = new Set(coverageItems(suite.protocol).map(({ name }) => name));
  for (const name of collector.found) expect(names).toContain(name);
  return [...collector.found].filter((name) => / |:/.test(name));
}

test('arms of the same type, no arm, and an absent member are told apart', () => {
  expect(foundIn('01 0003 6100 8000 0102', BRANCHES)).toEqual([
    'weight if present',
    'label ends at its terminator',
    'body if present',
    'body: arm 1',
    'many: arm 1',
    'apples.a = true',
  ]);
  expect(foundIn('02 6100 2020 00010002', BRANCHES)).toEqual([
    'weight if absent',
    'label ends at its terminator',
    'body if present',
    'body: arm 2',
    'many: arm 2',
    'pears.c is padded',
  ]);
  expect(foundIn('03 00 0000', BRANCHES)).toEqual([
    'weight if absent',
    'label ends at its terminator',
    'body if present',
    'body: arm 3',
    'many: no arm',
    'apples.a = false',
  ]);
  expect(foundIn('01 0009 00 0102', BRANCHES)).toContain('body if absent');
});

test('what reading did not come to is not absent', () => {
  expect(foundIn('01', BRANCHES)).toEqual([]);
});
