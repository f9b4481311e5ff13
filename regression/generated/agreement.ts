import type fc from 'fast-check';
import type { Engine } from '../../engines/index.ts';
import type { CheckContext } from '../checks/check-context.ts';
import type { CheckResult } from '../checks/check-result.ts';
import type { Failure } from '../judge/failure.ts';
import { vectorFailureLines } from '../report/vector-text.ts';
import { vectorYaml } from '../report/vector-yaml.ts';
import { labelOf } from '../run/run-engine.ts';
import type { Vector } from '../suite/suite.ts';
import type { SequenceChoice } from './make-frames.ts';
import { type FrameRunner, type FramesRun, signatureOf } from './run-frames.ts';
import { complexity } from './shrink.ts';
import { shrinkAll, type Shrinking } from './shrink-rounds.ts';

export interface FramesToCompare {
  readonly vectors: readonly Vector[];
  /** From where fast-check can shrink a frame, by its name. */
  readonly sources: ReadonlyMap<string, fc.Value<SequenceChoice> | null>;
  /** How to have the same frames again. */
  readonly again: string;
  /** Of a run in several captures, names are those of the first. */
  readonly isFirst: boolean;
}

/** Different causes that are shrunk and told; a broken plugin fails everywhere, and the rest teaches nothing more. */
const MOST_TOLD = 4;

/** Whether our session and every engine make of the frames what our decoder makes of them. */
export async function checkAgreement(
  context: CheckContext,
  runner: FrameRunner,
  frames: FramesToCompare,
): Promise<readonly CheckResult[]> {
  const { vectors, again, isFirst } = frames;
  const run = await runner.run(vectors, { engines: context.engines, keep: false });
  const broken = run.broken.map(({ label, message }) => brokenResult(label, message, again));
  const { disagreements } = run;
  if (disagreements.size === 0) {
    return broken.length > 0 ? broken : isFirst ? [agreed(context, run, vectors.length)] : [];
  }
  const started = chosen(disagreements, frames.sources);
  const engines = blamed(context.engines, disagreements);
  const { protocol } = context.suite;
  context.progress('shrinking', 0, started.length);
  const shrunk = await shrinkAll(runner, started, { protocol, engines });
  const last = await runner.run(
    shrunk.map(({ vector }) => vector),
    { engines: context.engines, keep: true },
  );
  const told = shrunk.map((one) => disagreementResult(context, last, one, again));
  return [...broken, summary(vectors.length, disagreements.size, again), ...told];
}

/** One frame for each cause, the simplest that shows it. */
function chosen(
  disagreements: ReadonlyMap<Vector, readonly Failure[]>,
  sources: FramesToCompare['sources'],
): readonly Shrinking[] {
  const found: Shrinking[] = [];
  const explained = new Set<string>();
  const simplestFirst = [...disagreements].sort(([a], [b]) => complexity(a) - complexity(b));
  for (const [vector, failures] of simplestFirst) {
    const signatures = failures.map(signatureOf);
    const isNew = !signatures.some((signature) => explained.has(signature));
    for (const signature of signatures) explained.add(signature);
    const [signature] = signatures;
    if (!isNew || signature === undefined || found.length >= MOST_TOLD) continue;
    found.push({ signature, vector, source: sources.get(vector.name) ?? null });
  }
  return found;
}

/** Shrinking needs those only who fail. */
function blamed(
  engines: readonly Engine[],
  disagreements: ReadonlyMap<Vector, readonly Failure[]>,
): readonly Engine[] {
  const labels = new Set(
    [...disagreements.values()].flatMap((failures) =>
      failures.flatMap(({ party }) => (party.kind === 'engine' ? [party.engine] : [])),
    ),
  );
  return engines.filter((engine) => labels.has(labelOf(engine)));
}

function disagreementResult(
  context: CheckContext,
  run: FramesRun,
  { vector, signature }: Shrinking,
  again: string,
): CheckResult {
  const { protocol } = context.suite;
  const failures = run.disagreements.get(vector) ?? [];
  const own = run.result.vectors.find((one) => one.vector === vector);
  const lines = own === undefined ? [] : vectorFailureLines({ ...own, failures: [...failures] }, run.result);
  const named = { ...vector, name: `generated ${vector.name}` };
  const messages = [
    `${vector.name} does not come out alike (${again})`,
    'Below is the least that shows it, to be pasted under "vectors:" of the tests file.',
  ];
  return {
    group: 'generated',
    name: `frames agree, ${signature}`,
    status: 'fail',
    line: null,
    messages,
    detail: [...vectorYaml(named, protocol).trimEnd().split('\n'), '', ...lines],
    data: {
      octets: named.parts.map(({ side, octets }) => ({ side, hex: Buffer.from(octets).toString('hex') })),
    },
  };
}

function agreed(context: CheckContext, { result }: FramesRun, count: number): CheckResult {
  const who = ['our session', ...context.engines.map(labelOf)].join(', ');
  const text =
    result.cases.length === 0
      ? `our decoder read ${count} frames, and nothing can carry them in a capture`
      : `${count} frames in ${result.cases.length} connections: ${who} and our decoder agree`;
  return { ...BASE, name: AGREEMENT, status: 'pass', messages: [text] };
}

const AGREEMENT = 'frames come out alike everywhere';
const BASE = { group: 'generated', line: null, detail: [], data: null } as const;

function summary(count: number, failed: number, again: string): CheckResult {
  return {
    ...BASE,
    name: AGREEMENT,
    status: 'fail',
    messages: [`${failed} of ${count} frames do not come out alike (${again})`],
  };
}

function brokenResult(label: string, message: string, again: string): CheckResult {
  const messages = [`${label} failed on generated frames: ${message} (${again})`];
  return { ...BASE, name: `${label} dissects generated frames`, status: 'fail', messages };
}
