import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** The content of larger files is not read again and again: size and time stand for it. */
const LARGEST_READ = 64 * 1024 * 1024;

interface State {
  /** Size and times: as long as they stay, the content is not read. */
  readonly look: string;
  readonly content: string;
}

/**
 * What is in files, to tell whether it changed: an editor that writes the same again, or a checkout that only touches
 * times, is no change; a file that goes and comes back is one only when it is another.
 * State: what each file was when it was last looked at.
 */
export class WatchedFiles {
  readonly #states = new Map<string, State>();

  get paths(): readonly string[] {
    return [...this.#states.keys()];
  }

  /** From now on. */
  add(path: string): void {
    const full = resolve(path);
    if (!this.#states.has(full)) this.#states.set(full, stateOf(full, undefined));
  }

  /** Files that are not what they were when this was last asked. */
  changed(): readonly string[] {
    return this.paths.filter((path) => {
      const before = this.#states.get(path);
      const now = stateOf(path, before);
      this.#states.set(path, now);
      return before?.content !== now.content;
    });
  }
}

function stateOf(path: string, before: State | undefined): State {
  try {
    const { size, mtimeMs, ctimeMs, ino } = statSync(path);
    const look = `${size} ${mtimeMs} ${ctimeMs} ${ino}`;
    if (before?.look === look) return before;
    return { look, content: size > LARGEST_READ ? look : sha256(readFileSync(path)) };
  } catch {
    return { look: '', content: '' };
  }
}

function sha256(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
}
