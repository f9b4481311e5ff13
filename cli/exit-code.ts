/** Exit codes (contracts): scripts rely on them. */
export const EXIT = {
  pass: 0,
  findings: 1,
  usage: 2,
  failure: 3,
  inconclusive: 4,
  disagree: 5,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** When several apply, the first of these that does. A usage or spec error stops before anything runs. */
const PRECEDENCE: readonly ExitCode[] = [
  EXIT.usage,
  EXIT.failure,
  EXIT.disagree,
  EXIT.findings,
  EXIT.inconclusive,
  EXIT.pass,
];

export function worstOf(codes: Iterable<ExitCode>): ExitCode {
  const seen = new Set(codes);
  return PRECEDENCE.find((code) => seen.has(code)) ?? EXIT.pass;
}

/** A fault that ends the command: one clear sentence, what to do next, and the exit code. */
export class CommandError extends Error {
  readonly exitCode: ExitCode;
  readonly hint: string | undefined;
  constructor(exitCode: ExitCode, message: string, hint?: string) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
    this.hint = hint;
  }
}
