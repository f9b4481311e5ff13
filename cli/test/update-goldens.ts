import { createInterface } from 'node:readline/promises';
import type { Engine } from '../../engines/index.ts';
import { type GoldenChange, planGoldens, writeGolden } from '../../regression/index.ts';
import { CommandError, EXIT } from '../exit-code.ts';
import { createPaint, type Notes } from '../notes.ts';
import { reasonOf } from '../reason.ts';
import type { LoadedSuite } from './read-suites.ts';
import type { TestOptions } from './test-options.ts';

export interface UpdateTask {
  readonly engines: readonly Engine[];
  readonly keylog: string | undefined;
  readonly options: TestOptions;
  readonly notes: Notes;
}

/**
 * Shows what would change in the goldens, asks, and writes them. Nothing else is ever written.
 * @throws CommandError when a golden cannot be written, or nobody can be asked: then none is
 */
export async function updateGoldens(suites: readonly LoadedSuite[], task: UpdateTask): Promise<void> {
  const { notes, options } = task;
  const changes = await planAll(suites, task);
  if (changes.length === 0) {
    notes.note('Every golden is as our decoder reads its capture.');
    return;
  }
  // Always shown, with --quiet too: what is agreed to must have been seen.
  for (const { patch } of changes) process.stderr.write(painted(patch, options.color));
  if (!(await isAgreed(changes.length, options))) {
    notes.note('Nothing was written.');
    return;
  }
  for (const change of changes) {
    write(change);
    notes.note(`wrote ${change.path}`);
  }
}

async function planAll(suites: readonly LoadedSuite[], task: UpdateTask): Promise<readonly GoldenChange[]> {
  const changes: GoldenChange[] = [];
  const refusals: string[] = [];
  for (const { suite, protocolOf } of suites) {
    const plan = await planGoldens(suite, task.engines, { protocolOf, keylog: task.keylog });
    changes.push(...plan.changes);
    refusals.push(...plan.refusals.map(({ place, reason }) => `${place}: ${reason}`));
  }
  if (refusals.length > 0) {
    for (const refusal of refusals) process.stderr.write(`${refusal}\n`);
    throw new CommandError(
      EXIT.usage,
      'Not every golden can be written, so none was.',
      'Mend what is said above.',
    );
  }
  return changes;
}

async function isAgreed(count: number, { yes }: TestOptions): Promise<boolean> {
  if (yes === true) return true;
  if (!process.stdin.isTTY) {
    throw new CommandError(
      EXIT.usage,
      'Nothing was written: there is no terminal to ask on.',
      'When the changes above are right: --update --yes.',
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const what = count === 1 ? 'this golden' : `these ${count} goldens`;
    const answer = await terminal.question(`Write ${what}? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}

function write(change: GoldenChange): void {
  try {
    writeGolden(change);
  } catch (error) {
    throw new CommandError(EXIT.usage, `Cannot write "${change.path}": ${reasonOf(error)}.`);
  }
}

function painted(patch: string, color: boolean): string {
  const paint = createPaint(color, process.stderr);
  return patch.replaceAll(/^[-+].*$/gm, (line) => paint(line.startsWith('+') ? 'green' : 'red', line));
}
