import type { CheckContext } from '../checks/check-context.ts';
import type { CheckResult } from '../checks/check-result.ts';
import { locate } from '../../spec/index.ts';
import { type DirectDecoding, VectorDecoder } from '../run/decode-vector.ts';
import type { Suite } from '../suite/suite.ts';
import { CoverageCollector } from './coverage-collector.ts';
import { COVERAGE_KINDS, type CoverageItem, coverageItems, type CoverageKind } from './coverage-items.ts';
import { coverageTable, missingLines } from './coverage-text.ts';

/** How far a spec is exercised. */
export interface Coverage {
  readonly kinds: readonly KindCoverage[];
  readonly all: Counts;
  readonly missing: readonly MissingItem[];
  /** Left out of the count, with the reason. */
  readonly excepted: readonly { readonly name: string; readonly reason: string }[];
  /** Exceptions that are none: they are covered, or there is nothing of the name. */
  readonly idle: readonly { readonly name: string; readonly why: 'covered' | 'unknown' }[];
}

export interface Counts {
  readonly items: number;
  readonly vectors: number;
  /** null: no captures were looked at. */
  readonly captures: number | null;
  readonly covered: number;
  /** 100 where there is nothing to cover. */
  readonly percent: number;
}
export interface KindCoverage extends Counts {
  readonly kind: CoverageKind;
}
export interface MissingItem {
  readonly kind: CoverageKind;
  readonly name: string;
  readonly file: string | null;
  readonly line: number | null;
}

/** What of the spec the vectors exercise. `decodings`: those of all vectors; undefined: they are made here. */
export function vectorCoverage(suite: Suite, decodings?: Iterable<DirectDecoding>): CoverageCollector {
  const collector = new CoverageCollector(suite.protocol);
  const decoder = new VectorDecoder(suite.protocol);
  for (const { pdus } of decodings ?? suite.vectors.map((vector) => decoder.decode(vector))) {
    for (const { decoded, message } of pdus) collector.take(decoded, message);
  }
  // Those of more than one PDU are what the analyzer must say of the vector's connection: else the vector fails.
  for (const { findings, connection } of suite.vectors) {
    collector.takeFindings(findings);
    collector.takeFindings(connection?.findings ?? []);
  }
  return collector;
}

/**
 * Coverage of the spec by the vectors, and by pinned captures when somebody has collected it. Fails below the minimum
 * that the tests file asks for, and on exceptions that are none.
 */
export function runCoverage(
  { suite }: Pick<CheckContext, 'suite'>,
  decodings?: Iterable<DirectDecoding>,
  captures: CoverageCollector | null = null,
): Promise<readonly CheckResult[]> {
  const coverage = coverageOf(suite, vectorCoverage(suite, decodings), captures);
  return Promise.resolve([resultOf(suite, coverage)]);
}

export function coverageOf(
  { protocol, coverage: { except } }: Suite,
  vectors: CoverageCollector,
  captures: CoverageCollector | null,
): Coverage {
  const items = coverageItems(protocol);
  const found = ({ name }: CoverageItem): boolean =>
    vectors.found.has(name) || captures?.found.has(name) === true;
  const counted = items.filter((item) => !except.has(item.name) || found(item));
  const count = (some: readonly CoverageItem[]): Counts => ({
    items: some.length,
    vectors: some.filter(({ name }) => vectors.found.has(name)).length,
    captures: captures === null ? null : some.filter(({ name }) => captures.found.has(name)).length,
    covered: some.filter(found).length,
    percent: some.length === 0 ? 100 : (100 * some.filter(found).length) / some.length,
  });
  const byName = new Map(items.map((item) => [item.name, item]));
  return {
    kinds: COVERAGE_KINDS.flatMap((kind) => {
      const some = counted.filter((item) => item.kind === kind);
      return some.length === 0 ? [] : [{ kind, ...count(some) }];
    }),
    all: count(counted),
    missing: counted.filter((item) => !found(item)).map(missingItem),
    excepted: [...except].filter(([name]) => byName.has(name)).map(([name, reason]) => ({ name, reason })),
    idle: [...except.keys()].flatMap((name) => {
      const item = byName.get(name);
      if (item !== undefined && !found(item)) return [];
      return [{ name, why: item === undefined ? ('unknown' as const) : ('covered' as const) }];
    }),
  };
}

function missingItem({ kind, name, span }: CoverageItem): MissingItem {
  return {
    kind,
    name,
    file: span?.source.name ?? null,
    line: span === null ? null : locate(span).line,
  };
}

function resultOf({ coverage: { minimum } }: Suite, coverage: Coverage): CheckResult {
  const messages = coverage.idle.map(({ name, why }) =>
    why === 'covered'
      ? `"${name}" is an exception from coverage, and is covered: remove it.`
      : `"${name}" is an exception from coverage, and the spec has nothing of that name: remove it or correct it.`,
  );
  const { covered, items, percent } = coverage.all;
  const isBelow = minimum !== null && percent < minimum;
  const told = `${percentText(percent)} of the spec are exercised (${covered} of ${items}).`;
  if (isBelow) {
    const next =
      'Add vectors for what is listed below, or name what cannot be covered under "except", with the reason.';
    messages.unshift(`${told.slice(0, -1)}, the minimum is ${minimum} %.`, next);
  } else messages.unshift(told);
  return {
    group: 'coverage',
    name: 'coverage of the spec',
    status: isBelow || coverage.idle.length > 0 ? 'fail' : 'pass',
    line: null,
    messages,
    detail: [...coverageTable(coverage), ...missingLines(coverage)],
    data: { minimum, ...coverage },
  };
}

/** Rounded down: 100 % is said of all only. */
export function percentText(percent: number): string {
  return `${Math.floor(percent * 10) / 10} %`;
}
