import { CommanderError } from 'commander';
import { BindingClash, CaptureError } from '../analyzer/index.ts';
import { EngineError } from '../engines/index.ts';
import { CommandError, EXIT, type ExitCode } from './exit-code.ts';

/** Turns an error into words on standard error and a code. */
export function reportError(error: unknown): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.pass : EXIT.usage;
  const known = asCommandError(error);
  if (known !== undefined) {
    process.stderr.write(`wiretwin: ${known.message}\n`);
    if (known.hint !== undefined) process.stderr.write(`help: ${known.hint}\n`);
    return known.exitCode;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`wiretwin: internal error, please report it with the command you ran\n${text}\n`);
  return EXIT.failure;
}

/** Faults of the outside world, with their exit codes; undefined: a fault of ours. */
function asCommandError(error: unknown): CommandError | undefined {
  if (error instanceof CommandError) return error;
  if (error instanceof BindingClash) {
    return new CommandError(EXIT.usage, error.message, 'Give each port to one spec, with --tcp or --udp.');
  }
  const foreign = error instanceof CaptureError || error instanceof EngineError;
  return foreign ? new CommandError(EXIT.failure, error.message) : undefined;
}
