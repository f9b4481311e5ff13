import type { Engine } from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { Suite } from '../suite/suite.ts';
import type { CheckResult } from './check-result.ts';

/** What a check beside the vectors is run with. */
export interface CheckContext {
  readonly suite: Suite;
  /** Empty: our decoder alone. What needs an engine is a `skip` with the reason then. */
  readonly engines: readonly Engine[];
  /** The generated plugin's text; undefined when there are no engines. */
  readonly lua: string | undefined;
  /** The plugin of a protocol that was changed; undefined: it has none (the generator refuses it). */
  readonly generate: (protocol: Protocol) => string | undefined;
  /** Exists, is empty, readable for everybody, and the caller's to remove. What a failure points at is kept here. */
  readonly folder: string;
  /** Long work tells how far it is; `what` in two or three words. */
  readonly progress: (what: string, done: number, total: number) => void;
}

export type RunCheck = (context: CheckContext) => Promise<readonly CheckResult[]>;
