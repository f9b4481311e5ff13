import { pluginView, type View } from '../../analyzer/index.ts';
import { type Case, LARGEST_DATAGRAM, whyNotCarried } from '../capture/cases.ts';
import {
  ABOUT_NOTHING,
  type EngineVerdict,
  type Failure,
  Judgement,
  type VectorResult,
} from '../judge/failure.ts';
import { judgeConnection } from '../judge/judge-connection.ts';
import { judgeDecoding } from '../judge/judge-decoding.ts';
import { EngineJudge } from '../judge/judge-engine.ts';
import { judgeSession } from '../judge/judge-session.ts';
import { type ConnectionReports, isJudgedAsConnection } from './connection-reports.ts';
import type { VariantName } from '../capture/variants.ts';
import type { Suite, Vector } from '../suite/suite.ts';
import { isInRange } from '../suite/version-range.ts';
import type { DirectDecoding } from './decode-vector.ts';
import { judgeLossyEngine, judgeLossySession } from './judge-lossy.ts';
import type { EngineRun } from './run-engine.ts';
import type { SessionRun } from './run-session.ts';

/** A capture that was made, and how it is read. */
export interface CaptureFiles {
  readonly capture: string;
  readonly plugin: string;
  /** `-o name:value` */
  readonly preferences: Readonly<Record<string, string>>;
}

/** Cases of one capture, and what everybody made of it. */
export interface GroupRun {
  readonly cases: readonly Case[];
  readonly files: CaptureFiles;
  readonly session: SessionRun;
  readonly reports: ConnectionReports;
  /** In the order of the engines. */
  readonly engines: readonly EngineRun[];
}

interface CarriedCase {
  readonly item: Case;
  readonly run: GroupRun;
}

/** Where the failures of a case go: those of a way that may differ are counted by themselves. */
type JudgementOf = (variant: VariantName) => Judgement;

/** Puts together what is wrong with each vector, from all the captures it is in. */
export class VectorJudge {
  readonly #suite: Suite;
  readonly #view: View;
  readonly #carried = new Map<Vector, CarriedCase[]>();
  /** By engine: each one's runs over all captures. */
  readonly #engines: readonly (readonly EngineRun[])[];

  constructor(suite: Suite, groups: readonly GroupRun[]) {
    this.#suite = suite;
    this.#view = pluginView(suite.protocol);
    for (const run of groups) {
      for (const item of run.cases) {
        const known = this.#carried.get(item.vector);
        if (known === undefined) this.#carried.set(item.vector, [{ item, run }]);
        else known.push({ item, run });
      }
    }
    const count = groups[0]?.engines.length ?? 0;
    this.#engines = Array.from({ length: count }, (_, index) =>
      groups.flatMap(({ engines }) => engines[index] ?? []),
    );
  }

  judge(vector: Vector, decoding: DirectDecoding): VectorResult {
    const carried = this.#carried.get(vector) ?? [];
    const main = new Judgement();
    const apart = new Map([...vector.differs.keys()].map((variant) => [variant, new Judgement()]));
    const judgementOf: JudgementOf = (variant) => apart.get(variant) ?? main;
    judgeDecoding({ vector, decoding, protocol: this.#suite.protocol }, main);
    for (const one of carried) this.#judgeSession(one, decoding, judgementOf(one.item.variant));
    const engines = this.#engines.map((runs, index) =>
      this.#judgeEngine({ vector, decoding, carried }, { runs, index }, judgementOf),
    );
    const wasShown = engines.some(({ skipped }) => skipped === null);
    if (carried.length === 0 && this.#carried.size > 0 && whyNotCarried(vector) === null)
      main.fail(NOT_CARRIED);
    for (const failure of undeclared(vector, { carried, apart, wasShown })) main.fail(failure);
    const failed = main.failures.length > 0;
    return {
      vector,
      status: failed ? 'fail' : 'pass',
      pdus: decoding.pdus.length,
      variants: carried.length,
      engines,
      failures: main.failures,
      observations: failed ? main.observations : [],
    };
  }

  #judgeSession(
    { item, run: { session, reports } }: CarriedCase,
    decoding: DirectDecoding,
    judgement: Judgement,
  ): void {
    if (item.lossy) judgeLossySession({ item, decoding, session, view: this.#view }, judgement);
    else judgeSession(item, decoding, session.pdus.get(item) ?? [], judgement);
    if (isJudgedAsConnection(item)) judgeConnection(item, reports.get(item), this.#suite.protocol, judgement);
  }

  #judgeEngine(
    { vector, decoding, carried }: Subject,
    { runs, index }: { readonly runs: readonly EngineRun[]; readonly index: number },
    judgementOf: JudgementOf,
  ): EngineVerdict {
    const label = runs[0]?.label ?? '';
    const skipped = whySkipped(vector, runs);
    if (skipped !== null) return { label, skipped };
    const { protocol } = this.#suite;
    for (const { item, run } of carried) {
      const engine = run.engines[index];
      if (engine === undefined || saidNothing([engine])) continue;
      const judgement = judgementOf(item.variant);
      const { session } = run;
      const shown = engine.cases.get(item);
      if (item.lossy) {
        const lossy = { item, decoding, session, view: this.#view };
        if (shown !== undefined) judgeLossyEngine(lossy, shown, label, judgement);
        continue;
      }
      const judge = new EngineJudge(engine, protocol, this.#view, judgement);
      judge.judge(item, { decoding, session: session.pdus.get(item) ?? [] });
    }
    return { label, skipped };
  }
}

interface Subject {
  readonly vector: Vector;
  readonly decoding: DirectDecoding;
  readonly carried: readonly CarriedCase[];
}

const PLAIN = { ...ABOUT_NOTHING, party: { kind: 'session' }, variant: null } as const;

const NOT_CARRIED: Failure = {
  ...PLAIN,
  message: `a datagram has at most ${LARGEST_DATAGRAM} octets, and the spec is bound to UDP only`,
};

/** Differences that the tests file tells of, and that do not show. Without any engine nobody can say so. */
function undeclared(
  { differs }: Vector,
  {
    carried,
    apart,
    wasShown,
  }: {
    readonly carried: readonly CarriedCase[];
    readonly apart: ReadonlyMap<VariantName, Judgement>;
    readonly wasShown: boolean;
  },
): readonly Failure[] {
  return [...differs].flatMap(([variant, reason]): readonly Failure[] => {
    const isCarried = carried.some(({ item }) => item.variant === variant);
    if (isCarried && (!wasShown || (apart.get(variant)?.failures.length ?? 0) > 0)) return [];
    const message = isCarried
      ? `the declared difference in "${variant}" does not show any more (${reason}): take it out of "differs"`
      : `a difference is declared in "${variant}" (${reason}), and the vector is not carried that way: take it out of "differs"`;
    return [{ ...PLAIN, message }];
  });
}

/** An engine that showed nothing at all because it failed says nothing about a vector; the run fails as a whole. */
function whySkipped(vector: Vector, runs: readonly EngineRun[]): string | null {
  const { requires } = vector;
  const [first] = runs;
  if (first === undefined) return null;
  if (requires !== null && !isInRange(first.engine.version, requires))
    return `requires tshark ${requires.text}`;
  return whyNotCarried(vector) ?? (saidNothing(runs) ? 'the engine failed' : null);
}

function saidNothing(runs: readonly EngineRun[]): boolean {
  if (runs.every(({ failure }) => failure === null)) return false;
  return !runs.some(({ cases }) => [...cases.values()].some(({ shown }) => shown.length > 0));
}
