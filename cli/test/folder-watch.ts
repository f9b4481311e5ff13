import { type FSWatcher, watch } from 'node:fs';

/** Where a system tells of no changes (network drives, too many watches), they are looked for so often. */
const LOOK_EVERY_MS = 1000;

/**
 * Tells when something in folders may have changed. Folders are watched and not files: an editor that puts a new file
 * in the place of the old one would leave us watching the old one.
 * State: a watcher of each folder, and a timer as soon as one folder cannot be watched.
 */
export class FolderWatch {
  readonly #told: () => void;
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;

  constructor(told: () => void) {
    this.#told = told;
  }

  add(folder: string): void {
    if (this.#watchers.has(folder)) return;
    try {
      const watcher = watch(folder, this.#told);
      watcher.on('error', () => this.#giveUp(folder));
      this.#watchers.set(folder, watcher);
    } catch {
      this.#look();
    }
  }

  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    clearInterval(this.#timer);
  }

  #giveUp(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
    this.#look();
  }

  #look(): void {
    this.#timer ??= setInterval(this.#told, LOOK_EVERY_MS);
  }
}
