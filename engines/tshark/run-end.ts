import type { DissectionEnd } from '../dissected.ts';
import { EngineError } from '../engine.ts';
import type { LaunchResult } from './launch.ts';
import { firstLines, readMessages } from './stderr.ts';

/** A run that is over: which tshark, over which capture, and how it ended. */
export interface FinishedRun {
  readonly location: string;
  readonly capture: string;
  readonly result: LaunchResult;
}

/**
 * What the run came to. A capture that breaks off is an end like any other: the packets before are good.
 * @throws EngineError when the fault is not that
 */
export function judgeRun({ location, capture, result }: FinishedRun): DissectionEnd {
  const messages = readMessages(result.stderr);
  const named = (lines: readonly string[]): string =>
    firstLines(lines).replaceAll(/The (?:standard input|file "[^"]*")/g, `The capture "${capture}"`);
  if (result.signal !== null) {
    const said = named(messages.other);
    throw new EngineError(
      'engine-failed',
      `"${location}" was ended by ${result.signal} over "${capture}"${said === '' ? '' : `: ${said}`}.`,
    );
  }
  if (messages.plugin.length > 0) throw new EngineError('plugin-not-loaded', firstLines(messages.plugin));
  if (messages.cut.length > 0) return { kind: 'capture-cut', message: named(messages.cut) };
  if (messages.unreadable.length > 0) throw new EngineError('capture-unreadable', named(messages.unreadable));
  if (result.code === 0) return { kind: 'complete' };
  throw new EngineError(
    'engine-failed',
    `"${location}" ended with code ${String(result.code)}: ${named(messages.other)}`,
  );
}
