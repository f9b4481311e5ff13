import type { Expr } from '../../spec/index.ts';
import type { PathStep } from '../suite/suite.ts';
import type { EncValue } from './built.ts';
import type { Scope } from './evaluate.ts';

/** What an expression must come to, for the values given to be written. */
export interface Demand {
  readonly expr: Expr;
  readonly scope: Scope;
  /** The value that `_` is, computed anew: it may be one that nothing was given for. */
  readonly it: (() => EncValue) | undefined;
  readonly wanted: bigint | boolean;
  readonly steps: readonly PathStep[];
  /** When it cannot be had: a sentence about the member. */
  readonly message: string;
  /** What is short may be filled up. */
  readonly fills: boolean;
}
