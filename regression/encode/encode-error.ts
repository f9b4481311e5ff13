import type { PathStep } from '../suite/suite.ts';

/** Values that cannot be written, or that contradict one another. `steps`: the member that it is about. */
export class EncodeError extends Error {
  readonly steps: readonly PathStep[];

  constructor(steps: readonly PathStep[], message: string) {
    super(message);
    this.steps = steps;
  }
}

/** An expression whose value is not known yet in this pass: a size that is still to be found, for instance. */
export class NotKnown extends Error {}

/** The member has no value: its condition does not hold. */
export class NotThere extends Error {}

/** What can be computed in this pass; undefined: not yet, or it is not there. */
export function known<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (error) {
    if (error instanceof NotKnown || error instanceof NotThere) return undefined;
    throw error;
  }
}
