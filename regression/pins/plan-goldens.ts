import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { createTwoFilesPatch } from 'diff';
import { BindingClash, CaptureError } from '../../analyzer/index.ts';
import { type Engine, EngineError } from '../../engines/index.ts';
import type { PinnedCapture, Suite } from '../suite/suite.ts';
import { decodePin, keylogFor, type PinOptions, protocolsOf } from './decode-pin.ts';
import { goldenLines } from './golden-lines.ts';
import { besideTests, whyNotWritable } from './pin-paths.ts';

/** A golden that would be written: nothing is, before somebody agreed. */
export interface GoldenChange {
  readonly path: string;
  readonly text: string;
  /** Unified diff from what is there. */
  readonly patch: string;
}

/** What stands in the way of a golden, with its place. */
export interface GoldenRefusal {
  readonly place: string;
  readonly reason: string;
}

export interface GoldenPlan {
  readonly changes: readonly GoldenChange[];
  readonly refusals: readonly GoldenRefusal[];
}

/** Lines of context in a diff, as of `diff -u`. */
const CONTEXT = 3;
/** Above that many edits the diff shows all old lines, then all new ones: the search for a smaller one is too slow. */
const MAX_EDITS = 2000;

/** Which goldens of a suite are not as our decoder reads the captures now. Writes nothing. */
export async function planGoldens(
  suite: Suite,
  engines: readonly Engine[],
  options: PinOptions,
): Promise<GoldenPlan> {
  const changes: GoldenChange[] = [];
  const refusals: GoldenRefusal[] = [];
  const planned = new Map<string, string>();
  for (const pin of suite.captures) {
    if (pin.golden === null) continue;
    const place = `${suite.source.name}:${pin.line}`;
    const golden = besideTests(suite, pin.golden);
    const reason = whyNotWritable(suite, pin.golden);
    const text = reason === null ? await freshText(pin, suite, engines, options) : { reason };
    if (typeof text !== 'string') refusals.push({ place, reason: `${golden}: ${text.reason}` });
    else if (planned.has(golden)) {
      if (planned.get(golden) !== text) {
        refusals.push({ place, reason: `${golden}: two captures of different content name it` });
      }
    } else {
      planned.set(golden, text);
      const change = changeOf(golden, text);
      if (change !== null) changes.push(change);
    }
  }
  return { changes, refusals };
}

async function freshText(
  pin: PinnedCapture,
  suite: Suite,
  engines: readonly Engine[],
  options: PinOptions,
): Promise<string | { readonly reason: string }> {
  const file = besideTests(suite, pin.file);
  if (!existsSync(file)) return { reason: `there is no capture "${file}"` };
  const protocols = protocolsOf(suite, pin, options);
  if (protocols === undefined) return { reason: 'one of its specs has errors' };
  try {
    const keylog = keylogFor(suite, pin, options);
    const { lines, cut } = await decodePin(file, protocols, { keylog, engines });
    return cut === null ? lines.map((line) => `${line}\n`).join('') : { reason: cut };
  } catch (error) {
    const known =
      error instanceof CaptureError || error instanceof EngineError || error instanceof BindingClash;
    if (known) return { reason: error.message };
    throw error;
  }
}

function changeOf(path: string, text: string): GoldenChange | null {
  const old = existsSync(path) ? readFileSync(path, 'utf8') : null;
  // Other line ends alone are no change: a checkout makes them.
  if (old !== null && goldenLines(old).join('\n') === goldenLines(text).join('\n')) return null;
  const name = old === null ? '/dev/null' : path;
  const options = { context: CONTEXT, maxEditLength: MAX_EDITS };
  const patch = createTwoFilesPatch(name, path, old ?? '', text, '', '', options);
  return { path, text, patch: patch ?? wholePatch(name, path, old ?? '', text) };
}

function wholePatch(name: string, path: string, old: string, fresh: string): string {
  const lines = (text: string, mark: string): string =>
    goldenLines(text)
      .map((line) => `${mark}${line}\n`)
      .join('');
  return `--- ${name}\n+++ ${path}\n${lines(old, '-')}${lines(fresh, '+')}`;
}

/** Written beside and moved into place. */
export function writeGolden({ path, text }: GoldenChange): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.partial`;
  writeFileSync(partial, text);
  renameSync(partial, path);
}
