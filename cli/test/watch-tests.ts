import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { createNotes } from '../notes.ts';
import { reportError } from '../report-error.ts';
import { FolderWatch } from './folder-watch.ts';
import { testFiles } from './read-suites.ts';
import { testOnce } from './test-once.ts';
import type { TestOptions } from './test-options.ts';
import { WatchedFiles } from './watched-files.ts';

/** An editor saves in several steps, a checkout in many. */
const QUIET_MS = 150;
const RULE = '─'.repeat(16);

/** Runs the tests again whenever a file that they depend on changes, until Ctrl-C; then the code of the last run. */
export async function watchTests(paths: readonly string[], options: TestOptions): Promise<ExitCode> {
  const files = new WatchedFiles();
  const alarm = new Alarm();
  const folders = new FolderWatch(() => alarm.ring());
  const notes = createNotes(options.quiet === true);
  // Until a run has ended nothing was found out.
  let last: ExitCode = EXIT.inconclusive;
  let isRunning = false;
  const stop = (): void => {
    alarm.end();
    // A run cannot be taken back: what it started ends with the program.
    if (isRunning) process.exit(last);
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  try {
    for (let tests = ''; !alarm.isOver();) {
      isRunning = true;
      last = await run(paths, options, files);
      isRunning = false;
      tests = testsOf(paths);
      for (const folder of foldersOf(paths, files)) folders.add(folder);
      notes.note(`Waiting for changes in ${files.paths.length} files. Ctrl-C ends.`);
      const changed = await nextChange(alarm, files, () => testsOf(paths) !== tests);
      if (!alarm.isOver()) notes.note(`\n${RULE} ${timeOfDay()} ${changed} ${RULE}\n`);
    }
    return last;
  } finally {
    folders.close();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

/** What is wrong with a file is told, and waited for to become right. */
async function run(paths: readonly string[], options: TestOptions, files: WatchedFiles): Promise<ExitCode> {
  try {
    return await testOnce(paths, options, (path) => files.add(path));
  } catch (error) {
    return reportError(error);
  }
}

/** Waits until the content of a file is another, or there are other tests files; in words, what changed. */
async function nextChange(alarm: Alarm, files: WatchedFiles, hasOtherTests: () => boolean): Promise<string> {
  while (!alarm.isOver()) {
    const changed = files.changed();
    if (changed.length > 0) return changedText(changed);
    if (hasOtherTests()) return 'other tests files are there';
    await alarm.wait();
  }
  return '';
}

function changedText(changed: readonly string[]): string {
  const [first = ''] = changed;
  const rest = changed.length - 1;
  return `${basename(first)}${rest === 0 ? '' : ` and ${rest} more`} changed`;
}

/** The tests files that there are; a folder that is gone has none. */
function testsOf(paths: readonly string[]): string {
  try {
    return testFiles(paths).join('\n');
  } catch {
    return '';
  }
}

function foldersOf(paths: readonly string[], files: WatchedFiles): ReadonlySet<string> {
  const given = paths.flatMap((path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? [resolve(path)] : [],
  );
  return new Set([...given, ...files.paths.map(dirname)]);
}

function timeOfDay(): string {
  return new Date().toTimeString().slice(0, 8);
}

/**
 * Something may have changed. Several rings in a row are one, and a ring while nobody waits is not lost.
 * State: whether it rang since the last wait, and who waits.
 */
class Alarm {
  private over = false;
  private rang = false;
  private wake: (() => void) | undefined;
  private timer: NodeJS.Timeout | undefined;

  isOver(): boolean {
    return this.over;
  }

  ring(): void {
    this.rang = true;
    clearTimeout(this.timer);
    if (this.wake !== undefined) this.timer = setTimeout(this.wake, QUIET_MS);
  }

  end(): void {
    this.over = true;
    this.wake?.();
  }

  async wait(): Promise<void> {
    if (this.over) return;
    await new Promise<void>((resolved) => {
      this.wake = resolved;
      if (this.rang) this.ring();
    });
    this.wake = undefined;
    this.rang = false;
  }
}
