import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../engines/index.ts';
import { buildCapture } from '../capture/build-capture.ts';
import { casesOf } from '../capture/cases.ts';
import { groupCases } from '../capture/groups.ts';
import { planVector, type VectorPlan } from '../capture/vector-plan.ts';
import { connectionReports } from '../run/connection-reports.ts';
import { type DirectDecoding, VectorDecoder } from '../run/decode-vector.ts';
import { type GroupRun, VectorJudge } from '../run/judge-vector.ts';
import { takingTurns } from '../run/in-turn.ts';
import { runEngine } from '../run/run-engine.ts';
import { runSession } from '../run/run-session.ts';
import type { Suite, Vector } from '../suite/suite.ts';

/** What one plugin does with the vectors. */
export interface BenchRun {
  /** Vectors that fail. */
  readonly failing: ReadonlySet<Vector>;
  /** The plugin does not load, raises, or hangs; null: none of these. */
  readonly failure: string | null;
}

type Prepared = Omit<GroupRun, 'engines'>;

/** A mutant that loops says nothing for ever; others begin to speak within seconds. */
const SILENCE_LIMIT_SECONDS = 30;

/**
 * Captures of some vectors, made once and dissected with one plugin after the other: what does not depend on the
 * plugin is worked out once.
 */
export class EngineBench {
  readonly #suite: Suite;
  readonly #engine: Engine;
  readonly #folder: string;
  readonly #decodings: ReadonlyMap<Vector, DirectDecoding>;
  readonly #groups: readonly Prepared[];
  readonly #wantsColumns: boolean;
  readonly #inTurn = takingTurns();

  private constructor(
    suite: Suite,
    place: Pick<BenchOptions, 'engine' | 'folder'>,
    decodings: ReadonlyMap<Vector, DirectDecoding>,
    groups: readonly Prepared[],
  ) {
    this.#suite = suite;
    this.#engine = withLimit(place.engine);
    this.#folder = place.folder;
    this.#decodings = decodings;
    this.#groups = groups;
    this.#wantsColumns = suite.protocol.info !== null || suite.vectors.some(({ info }) => info !== null);
  }

  static async prepare(suite: Suite, options: BenchOptions): Promise<EngineBench> {
    const { protocol, vectors } = suite;
    const decoder = new VectorDecoder(protocol);
    const decodings = new Map(vectors.map((vector) => [vector, decoder.decode(vector)]));
    const plans = new Map<Vector, VectorPlan>(
      [...decodings].map(([vector, decoding]) => [vector, planVector(protocol, vector, decoding)]),
    );
    const cases = casesOf(
      protocol,
      [...plans].map(([vector, plan]) => ({ vector, plan })),
      'plain',
    );
    const groups: Prepared[] = [];
    for (const group of groupCases(protocol, cases)) {
      const capture = join(options.folder, `${options.name}${group.name}.pcapng`);
      const octets = buildCapture(group.protocol, group.cases, (vector) => plans.get(vector) ?? NO_PLAN);
      writeFileSync(capture, octets);
      groups.push({
        cases: group.cases,
        files: { capture, plugin: '', preferences: group.preferences },
        session: await runSession(capture, group.protocol, group.cases),
        reports: await connectionReports(capture, group.protocol, group.cases),
      });
    }
    return new EngineBench(suite, options, decodings, groups);
  }

  /** False: nothing of the suite can be put into a capture. */
  get hasCases(): boolean {
    return this.#groups.length > 0;
  }

  /** `name`: of the plugin's file, and of nobody else's at the same time. */
  async run(lua: string, name: string): Promise<BenchRun> {
    const { protocol } = this.#suite;
    const path = join(this.#folder, `${name}.lua`);
    writeFileSync(path, lua);
    const plugin = { path, protocol: protocol.filter };
    const groups: GroupRun[] = [];
    for (const { cases, files, session, reports } of this.#groups) {
      const { capture, preferences } = files;
      const task = {
        capture,
        plugin,
        protocol,
        cases,
        session,
        preferences,
        wantsColumns: this.#wantsColumns,
      };
      const run = await runEngine(this.#engine, task);
      if (run.failure !== null) return { failing: new Set(), failure: run.failure };
      groups.push({ cases, files, session, reports, engines: [run] });
    }
    const judge = new VectorJudge(this.#suite, groups);
    const failing = [...this.#decodings].filter(
      ([vector, decoding]) => judge.judge(vector, decoding).failures.length > 0,
    );
    return { failing: new Set(failing.map(([vector]) => vector)), failure: null };
  }
}

export interface BenchOptions {
  readonly engine: Engine;
  readonly folder: string;
  /** Of the captures. */
  readonly name: string;
}

const NO_PLAN: VectorPlan = { pdus: [], datagrams: [] };

function withLimit(engine: Engine): Engine {
  const { name, version, lua, location } = engine;
  return {
    name,
    version,
    lua,
    location,
    checkPlugin: (plugin) => engine.checkPlugin(plugin),
    dissect: (request, onPacket) =>
      engine.dissect({ ...request, silenceLimitSeconds: SILENCE_LIMIT_SECONDS }, onPacket),
    matchingFrames: (request) =>
      engine.matchingFrames({ ...request, silenceLimitSeconds: SILENCE_LIMIT_SECONDS }),
    ...(engine.infoColumns === undefined ? {} : { infoColumns: columnsOf(engine) }),
  };
}

function columnsOf(engine: Engine): NonNullable<Engine['infoColumns']> {
  return async (request) =>
    (await engine.infoColumns?.({ ...request, silenceLimitSeconds: SILENCE_LIMIT_SECONDS })) ?? new Map();
}
