import { type Given, type GivenMap, isMap } from '../encode/given.ts';
import type { PathStep } from '../suite/suite.ts';

/** The values of a PDU, by path, in order. */
export function* valuesIn(
  given: GivenMap,
  steps: readonly PathStep[] = [],
): Generator<readonly [readonly PathStep[], Given]> {
  for (const [id, member] of Object.entries(given)) yield* valuesOf(member, [...steps, id]);
}

function* valuesOf(
  member: Given,
  steps: readonly PathStep[],
): Generator<readonly [readonly PathStep[], Given]> {
  if (isMap(member)) yield* valuesIn(member, steps);
  else if (Array.isArray(member)) {
    for (const [index, item] of (member as readonly Given[]).entries())
      yield* valuesOf(item, [...steps, index]);
  } else if (member !== undefined) yield [steps, member];
}
