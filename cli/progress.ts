import { statSync } from 'node:fs';
import { SingleBar } from 'cli-progress';

export interface Progress {
  /** Octets of the capture read so far. */
  readonly update: (octets: number) => void;
  readonly stop: () => void;
}

const NONE: Progress = { update: () => undefined, stop: () => undefined };
/** A smaller capture is done before anybody could read a bar. */
const WORTH_A_BAR = 16 * 1024 * 1024;

/** A bar with the time left on standard error: for a large file, on a terminal. */
export function createProgress(file: string, quiet: boolean): Progress {
  const total = sizeOf(file);
  if (quiet || !process.stderr.isTTY || total < WORTH_A_BAR) return NONE;
  const bar = new SingleBar({
    format: '{bar} {percentage} % | {value} of {total} MiB | {eta_formatted} left',
    stream: process.stderr,
    clearOnComplete: true,
  });
  const mebi = (octets: number): number => Math.floor(octets / 1048576);
  bar.start(mebi(total), 0);
  return { update: (octets) => bar.update(mebi(octets)), stop: () => bar.stop() };
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch {
    return 0;
  }
}

export interface Steps {
  readonly update: (done: number, total: number) => void;
  readonly stop: () => void;
}

/** A bar on standard error for work in steps whose number has a limit; on a terminal only. */
export function createSteps(what: string, quiet: boolean): Steps {
  if (quiet || !process.stderr.isTTY) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({
    format: `{bar} {value} ${what} (at most {total}), {duration_formatted}`,
    stream: process.stderr,
    clearOnComplete: true,
  });
  let isRunning = false;
  return {
    update: (done, total) => {
      if (!isRunning) bar.start(total, 0);
      isRunning = true;
      bar.update(done);
    },
    stop: () => bar.stop(),
  };
}
