import { closeSync, openSync, realpathSync, writeSync } from 'node:fs';
import { CommandError, EXIT } from './exit-code.ts';

const BATCH = 64 * 1024;
const STDOUT = 1;
/** Waiting time between two tries of a full pipe, in milliseconds. */
const RETRY_MS = 2;

/**
 * Where a command's data goes: standard output, or the file of `--output`.
 *
 * Writes are synchronous and batched, so that a slow reader slows the command down instead of filling memory.
 */
export class Output {
  private readonly fd: number;
  private readonly path: string | undefined;
  private pending: string[] = [];
  private size = 0;
  /** The reader went away (`| head`): the rest is not wanted. */
  closed = false;

  /** @param inputs files that are being read: none of them may be overwritten */
  constructor(path: string | undefined, inputs: readonly string[]) {
    this.path = path;
    if (path !== undefined && inputs.some((input) => samePath(input, path))) {
      throw new CommandError(EXIT.usage, `--output "${path}" is the input itself.`);
    }
    this.fd = path === undefined ? STDOUT : openFor(path);
  }

  write(text: string): void {
    this.pending.push(text);
    this.size += text.length;
    if (this.size >= BATCH) this.flush();
  }

  line(text: string): void {
    this.write(text);
    this.write('\n');
  }

  flush(): void {
    if (this.size === 0 || this.closed) return;
    const bytes = Buffer.from(this.pending.join(''), 'utf8');
    this.pending = [];
    this.size = 0;
    let offset = 0;
    while (offset < bytes.length) offset += this.writeSome(bytes.subarray(offset));
  }

  end(): void {
    this.flush();
    if (this.path !== undefined) closeSync(this.fd);
  }

  private writeSome(bytes: Buffer): number {
    try {
      return writeSync(this.fd, bytes);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EAGAIN') {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
        return 0;
      }
      if (code === 'EPIPE') {
        this.closed = true;
        return bytes.length;
      }
      throw error;
    }
  }
}

function openFor(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(
      EXIT.usage,
      `Cannot write "${path}": ${reason}.`,
      'Give --output a path in a folder that exists and is writable.',
    );
  }
}

function samePath(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return false;
  }
}
