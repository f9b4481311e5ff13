import { SingleBar } from 'cli-progress';

/** How far work of several steps is. */
export interface Steps {
  readonly at: (what: string, done: number, total: number) => void;
  readonly stop: () => void;
}

/** One line on standard error that tells which step is at work, on a terminal. */
export function createSteps(quiet: boolean): Steps {
  if (quiet || !process.stderr.isTTY) return { at: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: '{bar} {what} {value} of {total}',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  let runs = false;
  return {
    at(what, done, total) {
      if (!runs) bar.start(total, done, { what });
      runs = true;
      bar.setTotal(total);
      bar.update(done, { what });
    },
    stop() {
      if (runs) bar.stop();
      runs = false;
    },
  };
}
