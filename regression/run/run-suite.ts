import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { buildCapture } from '../capture/build-capture.ts';
import { type Case, casesOf } from '../capture/cases.ts';
import { type CaseGroup, groupCases } from '../capture/groups.ts';
import type { VariantSet } from '../capture/variant-choice.ts';
import { planVector, type VectorPlan } from '../capture/vector-plan.ts';
import type { CheckResult } from '../checks/check-result.ts';
import type { VectorResult } from '../judge/failure.ts';
import type { Suite, Vector } from '../suite/suite.ts';
import { type DirectDecoding, VectorDecoder } from './decode-vector.ts';
import { connectionReports, isJudgedAsConnection } from './connection-reports.ts';
import { type InTurn, takingTurns } from './in-turn.ts';
import { type EngineRun, mergeRuns, runEngine } from './run-engine.ts';
import { type CaptureFiles, type GroupRun, VectorJudge } from './judge-vector.ts';
import { runSession, type SessionResults } from './run-session.ts';

/** Where a suite's files are made, and what is to be run. */
export interface RunOptions {
  readonly engines: readonly Engine[];
  /** The generated plugin's text; undefined when there are no engines. */
  readonly lua: string | undefined;
  /** Exists, is empty, and is the caller's to remove. */
  readonly folder: string;
  /** File with secrets of TLS sessions, for vectors whose octets are TLS. */
  readonly keylog?: string | undefined;
  /** In which ways the vectors are carried; undefined: `default`. */
  readonly variants?: VariantSet | undefined;
}

export interface SuiteResult {
  readonly suite: Suite;
  readonly engines: readonly EngineRun[];
  readonly vectors: readonly VectorResult[];
  /** What is tested beside the vectors, in the order it was. */
  readonly checks: readonly CheckResult[];
  /** The capture with most of the cases, and the plugin; null: nothing of this spec can be put into a capture. */
  readonly files: CaptureFiles | null;
  /** The capture that a case is in. */
  readonly filesOf: ReadonlyMap<Case, CaptureFiles>;
  readonly cases: readonly Case[];
  readonly session: SessionResults;
}

/** Runs the vectors of a suite through our decoder, our session, and every engine. */
export async function runSuite(suite: Suite, options: RunOptions): Promise<SuiteResult> {
  const { protocol, vectors } = suite;
  const decoder = new VectorDecoder(protocol);
  const decodings = new Map(vectors.map((vector) => [vector, decoder.decode(vector)]));
  const plans = new Map(
    [...decodings].map(([vector, decoding]) => [vector, planVector(protocol, vector, decoding)]),
  );
  const toCarry = [...plans].map(([vector, plan]) => ({ vector, plan }));
  const cases = casesOf(protocol, toCarry, options.variants ?? 'default');
  if (options.lua !== undefined) writeFileSync(pluginIn(options.folder, protocol), options.lua);
  const wantsColumns = protocol.info !== null || vectors.some(({ info }) => info !== null);
  const shared = { ...options, wantsColumns, inTurn: takingTurns() };
  const groups = await Promise.all(
    groupCases(protocol, cases).map((group) => runGroup(group, plans, shared)),
  );
  return {
    suite,
    cases,
    session: new Map(groups.flatMap(({ session }) => [...session.pdus])),
    engines: options.engines.flatMap(
      (_, index) => mergeRuns(groups.flatMap(({ engines }) => engines[index] ?? [])) ?? [],
    ),
    files: groups[0]?.files ?? null,
    filesOf: new Map(groups.flatMap((group) => group.cases.map((item) => [item, group.files] as const))),
    checks: [],
    vectors: judgeAll(suite, decodings, groups),
  };
}

function pluginIn(folder: string, protocol: Protocol): string {
  return join(folder, `${protocol.id}.lua`);
}

async function runGroup(
  group: CaseGroup,
  plans: ReadonlyMap<Vector, VectorPlan>,
  options: RunOptions & { readonly wantsColumns: boolean; readonly inTurn: InTurn },
): Promise<GroupRun> {
  const { engines, folder, keylog, inTurn } = options;
  const { protocol, cases, preferences } = group;
  const write = (some: readonly Case[], suffix: string): string => {
    const file = join(folder, `${protocol.id}${group.name}${suffix}.pcapng`);
    writeFileSync(
      file,
      buildCapture(protocol, some, (vector) => plans.get(vector) ?? { pdus: [], datagrams: [] }),
    );
    return file;
  };
  const capture = write(cases, '');
  const files = { capture, plugin: pluginIn(folder, protocol), preferences };
  const plugin = { path: files.plugin, protocol: protocol.filter };
  const session = runSession(capture, protocol, cases);
  const task = { capture, plugin, protocol, cases, session, preferences, keylog, inTurn };
  const wantsColumns = options.wantsColumns && cases.some(({ lossy }) => !lossy);
  const engineRuns = Promise.all(engines.map((engine) => runEngine(engine, { ...task, wantsColumns })));
  const judged = cases.filter(isJudgedAsConnection);
  const reports = connectionReports(
    judged.length === 0 ? capture : write(judged, '-whole'),
    protocol,
    judged,
  );
  const [found, reported, runs] = await Promise.all([session, reports, engineRuns]);
  return { cases, files, session: found, reports: reported, engines: runs };
}

function judgeAll(
  suite: Suite,
  decodings: ReadonlyMap<Vector, DirectDecoding>,
  groups: readonly GroupRun[],
): readonly VectorResult[] {
  const judge = new VectorJudge(suite, groups);
  return [...decodings].map(([vector, decoding]) => judge.judge(vector, decoding));
}
