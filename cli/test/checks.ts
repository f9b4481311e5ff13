import {
  type CheckContext,
  type CheckGroup,
  type CheckResult,
  CoverageCollector,
  runBuiltin,
  runCoverage,
  runFilters,
  runGenerated,
  runMutation,
  runPins,
  runRegistration,
  type SeenInCapture,
  type SuiteResult,
} from '../../regression/index.ts';
import type { LoadedSuite } from './read-suites.ts';
import type { TestOptions } from './test-options.ts';

/** What a check of a suite is made of. */
export interface Subject {
  readonly context: CheckContext;
  readonly loaded: LoadedSuite;
  readonly options: TestOptions;
  readonly keylog: string | undefined;
  /** What became of the vectors. */
  readonly vectors: SuiteResult;
  /** What the pinned captures had, for those checks that come after them. */
  readonly seen: SeenInCapture[];
}

export interface Check {
  readonly group: CheckGroup;
  /** How to have it run; null: it is run. */
  readonly whyNot: (subject: Subject) => string | null;
  readonly run: (subject: Subject) => Promise<readonly CheckResult[]>;
}

/** Nothing that is about all vectors is found out from some. */
function notOfSome({ options }: Subject): string | null {
  return options.filter === undefined ? null : 'not with --filter';
}

/** A minimum cannot be held without trying. */
function wantsMutation({ mutation, minMutationScore }: TestOptions): boolean {
  return mutation !== undefined || minMutationScore !== undefined;
}

function runsOf({ options, context: { suite } }: Subject): number {
  return options.runs ?? suite.properties.runs;
}

/** Also when there are filters to break and no plugin that had them: that is a mistake, and told. */
function comparesFilters({ context: { suite } }: Subject): boolean {
  return suite.filters.released !== null || suite.filters.accepted.size > 0;
}

/** What a suite is tested for beside its vectors, in order: what a later one needs comes first. */
export const CHECKS: readonly Check[] = [
  { group: 'registration', whyNot: notOfSome, run: ({ context }) => runRegistration(context) },
  { group: 'builtin', whyNot: notOfSome, run: ({ context }) => runBuiltin(context) },
  {
    group: 'captures',
    whyNot: () => null,
    run: ({ context, loaded, options, keylog, seen }) =>
      runPins(context, {
        protocolOf: loaded.protocolOf,
        keylog,
        seen: (_pin, what) => seen.push(what),
        suggest: options.update === true,
      }),
  },
  {
    group: 'generated',
    whyNot: (subject) =>
      notOfSome(subject) ?? (runsOf(subject) > 0 ? null : 'properties: {runs: N}, or --runs N'),
    run: (subject) => {
      const { properties } = subject.context.suite;
      const seed = subject.options.seed ?? properties.seed;
      return runGenerated(subject.context, { runs: runsOf(subject), seed });
    },
  },
  {
    group: 'coverage',
    whyNot: notOfSome,
    run: ({ context, seen }) => runCoverage(context, undefined, collected(context, seen)),
  },
  {
    group: 'filters',
    whyNot: (subject) =>
      notOfSome(subject) ?? (comparesFilters(subject) ? null : 'filters: {released: LUA}, or --released LUA'),
    run: ({ context }) => runFilters(context),
  },
  {
    group: 'mutation',
    whyNot: (subject) => notOfSome(subject) ?? (wantsMutation(subject.options) ? null : '--mutation'),
    run: ({ context, options: { mutation, seed, minMutationScore } }) =>
      runMutation(context, {
        limit: mutation === true ? undefined : mutation,
        seed,
        minScore: minMutationScore,
      }),
  },
];

/** What of the spec the pinned captures exercise; null: there are none. */
function collected(
  { suite: { protocol } }: CheckContext,
  seen: readonly SeenInCapture[],
): CoverageCollector | null {
  if (seen.length === 0) return null;
  const collector = new CoverageCollector(protocol);
  for (const { pdus, rules } of seen) {
    for (const pdu of pdus) if (pdu.protocol === protocol.id) collector.take(pdu.decoded, pdu.message);
    collector.takeFindings(rules);
  }
  return collector;
}
