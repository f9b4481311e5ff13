/** Why nothing was reduced. */
export type ReduceErrorCode =
  /** The capture does not show what is to be kept. */
  | 'not-shown'
  /** The capture, or an engine, failed. */
  | 'failed'
  /** More than is held at once. */
  | 'too-large'
  /** What is left cannot be made anonymous without losing what is to be kept. */
  | 'not-anonymous';

export class ReduceError extends Error {
  readonly code: ReduceErrorCode;
  /** What to do next. */
  readonly hint: string;

  constructor(code: ReduceErrorCode, message: string, hint: string) {
    super(message);
    this.name = 'ReduceError';
    this.code = code;
    this.hint = hint;
  }
}
