import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { EngineError } from '../engine.ts';
import { HeadAndTail } from './head-and-tail.ts';
import { runsUnprivileged, UNPRIVILEGED } from './user.ts';
import { withoutCopies } from './workspace.ts';

export interface LaunchOptions {
  readonly location: string;
  readonly arguments: readonly string[];
  /** Where it runs. */
  readonly folder: string;
  readonly home: string;
  /** A descriptor it reads from; null: nothing. */
  readonly stdin: number | null;
  readonly silenceLimitSeconds: number;
  readonly signal: AbortSignal | undefined;
}

export interface LaunchResult {
  /** null: a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/**
 * Runs tshark to its end. `onOutput` gets its output in pieces and holds it back until it returns; false: enough.
 * @throws EngineError `hung`, `aborted`, or `engine-failed` when it did not even start
 */
export async function launch(
  options: LaunchOptions,
  onOutput: (chunk: Buffer) => boolean,
): Promise<LaunchResult> {
  if (options.signal?.aborted === true) throw aborted(options);
  const child = start(options);
  const stderr = new HeadAndTail();
  child.stderr.on('data', (chunk: Buffer) => {
    stderr.add(chunk);
  });
  const ended = endOf(child, options);
  const watch = watchOver(child, options);
  try {
    for await (const chunk of child.stdout) {
      const isWanted = onOutput(chunk as Buffer);
      watch.heard();
      if (!isWanted) break;
    }
    const { code, signal } = await ended;
    watch.check();
    return { code, signal, stderr: withoutCopies(stderr.text()) };
  } finally {
    watch.stop();
    kill(child);
  }
}

function start(options: LaunchOptions): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(options.location, options.arguments, {
    cwd: options.folder,
    env: environment(options.home),
    stdio: [options.stdin ?? 'ignore', 'pipe', 'pipe'],
    // A process group of its own, so that a wrapper script's tshark is ended with it.
    detached: process.platform !== 'win32',
    windowsHide: true,
    ...(runsUnprivileged() ? { uid: UNPRIVILEGED, gid: UNPRIVILEGED } : {}),
  }) as ChildProcessByStdio<null, Readable, Readable>;
}

/** What the user set up for himself must not change what is seen, nor the place where it runs. */
function environment(home: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    HOME: home,
    USERPROFILE: home,
    APPDATA: home,
    WIRESHARK_APPDATA: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    XDG_CACHE_HOME: home,
    TZ: 'UTC',
    LC_ALL: 'C.UTF-8',
    LANG: 'C.UTF-8',
  };
}

async function endOf(
  child: ChildProcess,
  options: LaunchOptions,
): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }> {
  const closed = once(child, 'close').then(
    ([code, signal]: unknown[]) => ({ code: code as number | null, signal: signal as NodeJS.Signals | null }),
    (error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new EngineError('engine-failed', `"${options.location}" cannot be run: ${reason}.`, {
        cause: error,
      });
    },
  );
  // Whoever waits for the end hears of it; that nobody waits yet is no fault.
  closed.catch(() => undefined);
  return closed;
}

interface Watch {
  /** Output came. */
  heard(): void;
  /** @throws EngineError when the run was ended from outside */
  check(): void;
  stop(): void;
}

function watchOver(child: ChildProcess, options: LaunchOptions): Watch {
  let fault: EngineError | null = null;
  const end = (error: EngineError): void => {
    fault ??= error;
    kill(child);
  };
  const limit = options.silenceLimitSeconds;
  const timer = setTimeout(() => {
    end(
      new EngineError(
        'hung',
        `"${options.location}" was silent for ${limit} seconds and was ended. A plugin that loops does that.`,
      ),
    );
  }, limit * 1000);
  const onAbort = (): void => {
    end(aborted(options));
  };
  options.signal?.addEventListener('abort', onAbort);
  return {
    heard: () => {
      timer.refresh();
    },
    check: () => {
      if (fault !== null) throw fault;
    },
    stop: () => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', onAbort);
    },
  };
}

function aborted(options: LaunchOptions): EngineError {
  return new EngineError('aborted', `"${options.location}" was ended because the run was given up.`);
}

function kill(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It ended by itself meanwhile.
  }
}
