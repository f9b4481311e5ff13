import { carriersOf } from '../capture/carrier.ts';
import type { CheckContext } from '../checks/check-context.ts';
import type { CheckResult } from '../checks/check-result.ts';
import type { Vector } from '../suite/suite.ts';
import { checkAgreement } from './agreement.ts';
import { makeFrames, type MadeFrames } from './make-frames.ts';
import { checkRoundTrips } from './round-trips.ts';
import { FrameRunner } from './run-frames.ts';

export interface GeneratedSettings {
  /** Generated frames; 0: none. */
  readonly runs: number;
  /** null: another one every time; it is told. */
  readonly seed: number | null;
}

/** More take longer than anybody waits, and as much memory as there is. */
export const MOST_RUNS = 20_000;
/** Frames of one capture: what the engines show of all of them is kept until they are judged. */
const FRAMES_AT_ONCE = 400;
const SEEDS = 2 ** 31;

/**
 * Frames generated from the spec, valid and spoilt: our decoder reads the valid ones as they were written, and our session
 * and every engine agree with it about all of them. The same seed makes the same frames on every machine.
 */
export async function runGenerated(
  context: CheckContext,
  settings: GeneratedSettings,
): Promise<readonly CheckResult[]> {
  const runs = Math.min(settings.runs, MOST_RUNS);
  if (runs <= 0) return [];
  const seed = settings.seed ?? Math.floor(Math.random() * SEEDS);
  const again = `--runs ${runs} --seed ${seed} makes the same frames`;
  const { suite } = context;
  context.progress('generating frames', 0, runs);
  const made = makeFrames(suite.protocol, { runs, seed, vectors: suite.vectors });
  const runner = new FrameRunner(context);
  const decoded: Vector[] = [];
  const thrown: string[] = [];
  for (const { vector } of made.frames) {
    const one = runner.decoded(vector);
    if (typeof one === 'string') thrown.push(`${vector.name}: our decoder throws ${one}`);
    else decoded.push(one);
  }
  const results = [madeResult(made, { again, thrown })];
  const valid = made.frames.filter(({ written }) => written !== null);
  if (valid.length > 0) results.push(checkRoundTrips(context, valid, again));
  const why = whyNoEngine(context);
  const sources = new Map(made.frames.map(({ vector, source }) => [vector.name, source]));
  for (let start = 0; start < decoded.length; start += FRAMES_AT_ONCE) {
    context.progress('generated frames', start, decoded.length);
    const vectors = decoded.slice(start, start + FRAMES_AT_ONCE);
    const isFirst = start === 0;
    results.push(...(await checkAgreement(context, runner, { vectors, sources, again, isFirst })));
    if (results.some(({ status }) => status === 'fail')) break;
  }
  if (why !== null) results.push(skip('frames in Wireshark', why));
  return results;
}

function madeResult(
  { frames, missed, leftOut, refusal }: MadeFrames,
  { again, thrown }: { readonly again: string; readonly thrown: readonly string[] },
): CheckResult {
  const count = (kind: string): number => frames.filter((frame) => frame.kind === kind).length;
  const name = 'frames made from the spec';
  const data = {
    systematic: count('systematic'),
    random: count('random'),
    invalid: count('invalid'),
    missed,
    leftOut,
  };
  const base = { group: 'generated', name, line: null, detail: [], data } as const;
  if (thrown.length > 0) {
    return { ...base, status: 'fail', messages: [...thrown, `This is a fault of WireTwin (${again}).`] };
  }
  if (refusal !== null) {
    const why = `no valid frame can be written: ${refusal}; ${frames.length} of random octets are tested (${again})`;
    return { ...base, status: 'skip', messages: [why] };
  }
  const kinds = `${data.systematic} systematic, ${data.random} random, ${data.invalid} invalid`;
  const without = missed.length === 0 ? [] : [`not made: ${toldNames(missed.map(({ name: goal }) => goal))}`];
  const more = leftOut === 0 ? [] : [`${leftOut} more are on the systematic list: more --runs make them`];
  return { ...base, status: 'pass', messages: [`${kinds} (${again})`, ...without, ...more] };
}

const MOST_NAMES = 5;

function toldNames(names: readonly string[]): string {
  const unique = [...new Set(names)];
  const left = unique.length - MOST_NAMES;
  return `${unique.slice(0, MOST_NAMES).join('; ')}${left > 0 ? `; and ${left} more` : ''}`;
}

function whyNoEngine({ suite: { protocol }, engines }: CheckContext): string | null {
  if (carriersOf(protocol).length === 0) {
    return 'the spec is bound to nothing that a capture made here can carry (transport: in the tests file binds it to a port)';
  }
  return engines.length === 0 ? 'no Wireshark was asked for or found; our decoder and our session ran' : null;
}

function skip(name: string, why: string): CheckResult {
  return { group: 'generated', name, status: 'skip', line: null, messages: [why], detail: [], data: null };
}
