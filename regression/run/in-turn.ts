import { availableParallelism } from 'node:os';

/** Does a job when it is its turn. */
export type InTurn = <T>(job: () => Promise<T>) => Promise<T>;

/**
 * Lets as many jobs run at once as there are processors, and one more: reading what a Wireshark writes is work of this
 * process. Without it three engines with three captures would be eighteen Wiresharks that hold all they read.
 */
export function takingTurns(most: number = availableParallelism() + 1): InTurn {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (job) => {
    if (running >= most) await new Promise<void>((go) => waiting.push(go));
    else running += 1;
    try {
      return await job();
    } finally {
      const next = waiting.shift();
      // Whoever goes next has the place of the one that ends.
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
