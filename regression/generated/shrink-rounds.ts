import type { Engine } from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { Vector } from '../suite/suite.ts';
import type fc from 'fast-check';
import { frameOfChoice, type SequenceChoice, simpler } from './make-frames.ts';
import { type FrameRunner, signatureOf } from './run-frames.ts';
import { complexity, lessOctets, type Place } from './shrink.ts';

/** Each is a capture and a run of an engine. */
const MAX_ROUNDS = 12;
/** Of them for values, which keep lengths and counts right; octets have the rest. */
const VALUE_ROUNDS = 6;
const VALUES_A_ROUND = 24;

/** A disagreement on its way to the least octets that show it. */
export interface Shrinking {
  /** What is wrong, and must stay so. */
  readonly signature: string;
  vector: Vector;
  source: fc.Value<SequenceChoice> | null;
}

interface Open extends Shrinking {
  zeroed: readonly Place[];
  isDone: boolean;
}

interface Try {
  readonly of: Open;
  readonly vector: Vector;
  readonly source: fc.Value<SequenceChoice> | null;
  readonly zero: Place | null;
}

/** Shrinks all at once: the candidates of a round, of whatever disagreement, are in one capture. */
export async function shrinkAll(
  runner: FrameRunner,
  started: readonly Shrinking[],
  { protocol, engines }: { readonly protocol: Protocol; readonly engines: readonly Engine[] },
): Promise<readonly Shrinking[]> {
  const open: readonly Open[] = started.map((one) => ({ ...one, zeroed: [], isDone: false }));
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const tries = open.flatMap((one) => candidatesOf(one, protocol, runner, round < VALUE_ROUNDS));
    if (tries.length === 0) break;
    const { disagreements } = await runner.run(
      tries.map(({ vector }) => vector),
      { engines, keep: false },
    );
    const failed = tries.filter(({ of, vector }) =>
      (disagreements.get(vector) ?? []).some((failure) => signatureOf(failure) === of.signature),
    );
    for (const one of open)
      take(
        one,
        failed.filter(({ of }) => of === one),
      );
  }
  return open;
}

function candidatesOf(
  one: Open,
  protocol: Protocol,
  runner: FrameRunner,
  isForValues: boolean,
): readonly Try[] {
  if (one.isDone) return [];
  const tries: Try[] = [];
  const add = (vector: Vector, source: Try['source'], zero: Place | null): void => {
    const decoded = runner.decoded(vector);
    if (typeof decoded !== 'string') tries.push({ of: one, vector: decoded, source, zero });
  };
  if (isForValues && one.source !== null) {
    for (const source of simpler(protocol, one.source)) {
      if (tries.length >= VALUES_A_ROUND) break;
      const made = frameOfChoice(protocol, source.value, one.vector.name);
      if (typeof made !== 'string') add(made.vector, source, null);
    }
    if (tries.length > 0) return tries;
  }
  for (const { vector, zero } of lessOctets(one.vector, one.zeroed)) add(vector, null, zero);
  return tries;
}

function take(one: Open, failed: readonly Try[]): void {
  if (one.isDone) return;
  const best = [...failed].sort((a, b) => complexity(a.vector) - complexity(b.vector))[0];
  if (best === undefined) {
    // Values are as simple as they get: octets next.
    if (one.source === null) one.isDone = true;
    one.source = null;
    one.zeroed = [];
    return;
  }
  // Zeros that are known to do no harm are tried together, as long as nothing moves their places.
  const isInPlace = best.zero !== null;
  one.zeroed = isInPlace ? failed.flatMap(({ zero }) => (zero === null ? [] : [zero])) : [];
  one.vector = best.vector;
  one.source = best.source;
}
