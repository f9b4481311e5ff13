import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EngineError } from '../engine.ts';
import { type Answer, type Job, MORE } from './messages.ts';

export interface JobOptions {
  readonly silenceLimitSeconds: number;
  readonly signal: AbortSignal | undefined;
}

const CHILD = fileURLToPath(new URL('./child.mjs', import.meta.url));
/** Of what Node says when the process dies, the end is what counts. */
const MAX_STDERR = 4096;

/**
 * Has a job done in a process of its own. `onAnswer` hears each answer; the next packets are made when it returns.
 * @throws EngineError the child's, or `hung`, `aborted`, `engine-failed` when it died
 */
export async function runJob(
  job: Job,
  options: JobOptions,
  onAnswer: (answer: Answer) => void,
): Promise<void> {
  if (options.signal?.aborted === true) throw aborted();
  const child = fork(CHILD, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Flags of this process (a test runner's, an inspector's) are none of the child's business.
    execArgv: [],
    env: { ...process.env, TZ: 'UTC', NODE_OPTIONS: '' },
  });
  const timer = setTimeout(() => child.emit('silent'), options.silenceLimitSeconds * 1000);
  try {
    await settled(child, job, options, (answer) => {
      onAnswer(answer);
      timer.refresh();
    });
  } finally {
    clearTimeout(timer);
    child.removeAllListeners();
    child.kill('SIGKILL');
  }
}

function settled(
  child: ChildProcess,
  job: Job,
  options: JobOptions,
  onAnswer: (answer: Answer) => void,
): Promise<void> {
  let stderr = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-MAX_STDERR);
  });
  return new Promise((resolve, reject) => {
    options.signal?.addEventListener('abort', () => {
      reject(aborted());
    });
    child.on('silent', () => {
      reject(hung(options.silenceLimitSeconds));
    });
    child.on('error', (error) => {
      reject(new EngineError('engine-failed', `The embedded Wireshark cannot be started: ${error.message}`));
    });
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(died(code, signal, stderr));
    });
    child.on('message', (message) => {
      try {
        const answer = message as Answer;
        if (answer.kind === 'error') throw new EngineError(answer.code, answer.message);
        onAnswer(answer);
        if (answer.kind === 'packets') child.send(MORE);
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    child.send(job);
  });
}

function died(code: number | null, signal: NodeJS.Signals | null, stderr: string): EngineError {
  const how = signal === null ? `with code ${String(code)}` : `by ${signal}`;
  const last = stderr.trim().split('\n').slice(-3).join('\n');
  return new EngineError(
    'engine-failed',
    `The embedded Wireshark ended ${how}${last === '' ? '' : `: ${last}`}`,
  );
}

function hung(seconds: number): EngineError {
  return new EngineError(
    'hung',
    `The embedded Wireshark was silent for ${seconds} seconds and was ended. A plugin that loops does that.`,
  );
}

function aborted(): EngineError {
  return new EngineError('aborted', 'The embedded Wireshark was ended because the run was given up.');
}
