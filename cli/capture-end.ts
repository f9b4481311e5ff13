import type { DecodeResult } from '../analyzer/index.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import type { Notes } from './notes.ts';

/** Whether the capture could be read to its end; what came before a cut was used. */
export function captureExit(result: DecodeResult): ExitCode {
  return result.capture.end.kind === 'complete' ? EXIT.pass : EXIT.failure;
}

export function noteEnd(result: DecodeResult, notes: Notes): void {
  const { end } = result.capture;
  if (end.kind !== 'complete') notes.note(`wiretwin: ${result.file}: ${end.message}`);
}
