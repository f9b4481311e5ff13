import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from '../../engines/index.ts';
import type { CheckContext } from '../checks/check-context.ts';
import type { Failure, VectorResult } from '../judge/failure.ts';
import { VectorDecoder } from '../run/decode-vector.ts';
import { runSuite, type SuiteResult } from '../run/run-suite.ts';
import type { Vector } from '../suite/suite.ts';
import { asDecoded } from './plain-vector.ts';

/** What came of many vectors in one capture. */
export interface FramesRun {
  readonly result: SuiteResult;
  /** Of those that did not come out alike, by vector. */
  readonly disagreements: ReadonlyMap<Vector, readonly Failure[]>;
  /** Engines that failed as a whole. */
  readonly broken: readonly { readonly label: string; readonly message: string }[];
}

/** Runs vectors that say nothing: our decoder is the truth, and all the others are held to it. */
export class FrameRunner {
  readonly #context: CheckContext;
  readonly #decoder: VectorDecoder;
  #runs = 0;

  constructor(context: CheckContext) {
    this.#context = context;
    this.#decoder = new VectorDecoder(context.suite.protocol);
  }

  /** The vector with what our decoder makes of it; a sentence when the decoder throws, which it never must. */
  decoded(vector: Vector): Vector | string {
    try {
      return asDecoded(vector, this.#decoder.decode(vector));
    } catch (error) {
      return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
  }

  /** The capture is kept when somebody asks for it. */
  async run(
    vectors: readonly Vector[],
    { engines, keep }: { readonly engines: readonly Engine[]; readonly keep: boolean },
  ): Promise<FramesRun> {
    const { suite, lua } = this.#context;
    this.#runs += 1;
    const folder = join(this.#context.folder, `generated-${this.#runs}`);
    mkdirSync(folder);
    const nothing = { vectors, captures: [], properties: { runs: 0, seed: null } };
    const result = await runSuite({ ...suite, ...nothing }, { engines, lua, folder, variants: 'plain' });
    if (!keep) rmSync(folder, { recursive: true, force: true });
    return {
      result,
      disagreements: new Map(
        result.vectors.flatMap((one) => {
          const failures = disagreementsIn(one);
          return failures.length === 0 ? [] : [[one.vector, failures] as const];
        }),
      ),
      broken: result.engines.flatMap(({ label, failure }) =>
        failure === null ? [] : [{ label, message: failure }],
      ),
    };
  }
}

/** Nobody said what our decoder must make of a vector, nor that it can be carried. */
function disagreementsIn({ failures }: VectorResult): readonly Failure[] {
  return failures.filter(({ party, variant }) => party.kind !== 'decoder' && variant !== null);
}

/** What a failure is about, whatever the frame: the same cause has the same signature mostly. */
export function signatureOf({ party, field, message }: Failure): string {
  const who = party.kind === 'engine' ? 'engine' : party.kind;
  const what = field === null ? message.replaceAll(/"[^"]*"|\([^)]*\)|[0-9a-f]*\d[0-9a-f]*/g, '#') : field;
  return `${who}: ${what.replaceAll(/\[\d+\]/g, '[]')}`;
}
