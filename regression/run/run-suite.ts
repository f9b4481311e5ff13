import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pluginView } from '../../analyzer/index.ts';
import type { Engine } from '../../engines/index.ts';
import { buildCapture } from '../capture/build-capture.ts';
import type { CheckResult } from '../checks/check-result.ts';
import { type Case, casesOf, LARGEST_DATAGRAM } from '../capture/cases.ts';
import { type EngineVerdict, Judgement, type VectorResult } from '../judge/failure.ts';
import { judgeDecoding } from '../judge/judge-decoding.ts';
import { EngineJudge } from '../judge/judge-engine.ts';
import { judgeSession } from '../judge/judge-session.ts';
import type { Suite, Vector } from '../suite/suite.ts';
import { isInRange } from '../suite/version-range.ts';
import { datagramsOf, type DirectDecoding, VectorDecoder } from './decode-vector.ts';
import { type EngineRun, runEngine } from './run-engine.ts';
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
}

export interface SuiteResult {
  readonly suite: Suite;
  readonly engines: readonly EngineRun[];
  readonly vectors: readonly VectorResult[];
  /** What is tested beside the vectors, in the order it was. */
  readonly checks: readonly CheckResult[];
  /** The capture with all vectors, and the plugin; null: nothing of this spec can be put into a capture. */
  readonly files: { readonly capture: string; readonly plugin: string } | null;
  readonly cases: readonly Case[];
  readonly session: SessionResults;
}

/** Runs the vectors of a suite through our decoder, our session, and every engine. */
export async function runSuite(suite: Suite, options: RunOptions): Promise<SuiteResult> {
  const { protocol, vectors } = suite;
  const decoder = new VectorDecoder(protocol);
  const decodings = new Map(vectors.map((vector) => [vector, decoder.decode(vector)]));
  const datagrams = (vector: Vector): readonly Uint8Array[] => {
    const decoding = decodings.get(vector);
    return decoding === undefined ? [] : datagramsOf(vector, decoding);
  };
  const cases = casesOf(protocol, vectors, datagrams);
  if (cases.length === 0) {
    const parts = { suite, cases, session: new Map(), engines: [], files: null, checks: [] };
    return { ...parts, vectors: judgeAll({ ...parts, decodings }) };
  }
  const files = writeFiles(suite, buildCapture(cases, datagrams), options);
  const session = await runSession(files.capture, protocol, cases);
  const task = {
    capture: files.capture,
    plugin: { path: files.plugin, protocol: protocol.filter },
    protocol,
    cases,
    keylog: options.keylog,
    wantsColumns: protocol.info !== null || vectors.some(({ info }) => info !== null),
  };
  const engines = await Promise.all(options.engines.map((engine) => runEngine(engine, task)));
  const parts = { suite, cases, session, engines, files, checks: [] };
  return { ...parts, vectors: judgeAll({ ...parts, decodings }) };
}

type Decodings = ReadonlyMap<Vector, DirectDecoding>;

function writeFiles(
  { protocol }: Suite,
  octets: Uint8Array,
  { folder, lua }: RunOptions,
): { capture: string; plugin: string } {
  const [capture, plugin] = [join(folder, `${protocol.id}.pcapng`), join(folder, `${protocol.id}.lua`)];
  writeFileSync(capture, octets);
  if (lua !== undefined) writeFileSync(plugin, lua);
  return { capture, plugin };
}

interface Findings extends Omit<SuiteResult, 'vectors'> {
  readonly decodings: Decodings;
}

function judgeAll(findings: Findings): readonly VectorResult[] {
  const byVector = new Map<Vector, Case[]>(findings.suite.vectors.map((vector) => [vector, []]));
  for (const item of findings.cases) byVector.get(item.vector)?.push(item);
  return findings.suite.vectors.map((vector) => judgeVector(vector, byVector.get(vector) ?? [], findings));
}

function judgeVector(vector: Vector, cases: readonly Case[], findings: Findings): VectorResult {
  const { suite, session, engines, decodings } = findings;
  const decoding = decodings.get(vector) ?? { pdus: [], leftOver: 0 };
  const judgement = new Judgement();
  judgeDecoding(vector, decoding, judgement);
  if (cases.length === 0 && findings.cases.length > 0) judgement.fail(NOT_CARRIED);
  for (const item of cases) judgeSession(item, decoding, session.get(item) ?? [], judgement);
  const verdicts: EngineVerdict[] = [];
  const view = pluginView(suite.protocol);
  for (const run of engines) {
    const skipped = whySkipped(vector, run);
    verdicts.push({ label: run.label, skipped });
    if (skipped !== null) continue;
    const judge = new EngineJudge(run, suite.protocol, view, judgement);
    for (const item of cases) judge.judge(item, { decoding, session: session.get(item) ?? [] });
  }
  const failed = judgement.failures.length > 0;
  return {
    vector,
    status: failed ? 'fail' : 'pass',
    pdus: decoding.pdus.length,
    variants: cases.length,
    engines: verdicts,
    failures: judgement.failures,
    observations: failed ? judgement.observations : [],
  };
}

const NOT_CARRIED = {
  party: { kind: 'session' },
  variant: null,
  pdu: null,
  field: null,
  message: `a datagram has at most ${LARGEST_DATAGRAM} octets, and the spec is bound to UDP only`,
  expected: null,
  found: null,
  octets: null,
} as const;

/** An engine that showed nothing at all because it failed says nothing about a vector; the run fails as a whole. */
function whySkipped({ requires }: Vector, { engine, failure, cases }: EngineRun): string | null {
  if (requires !== null && !isInRange(engine.version, requires)) return `requires tshark ${requires.text}`;
  if (failure === null) return null;
  return [...cases.values()].some(({ shown }) => shown.length > 0) ? null : 'the engine failed';
}
