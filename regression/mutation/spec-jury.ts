import type { Protocol } from '../../spec/index.ts';
import { Judgement } from '../judge/failure.ts';
import { judgeDecoding } from '../judge/judge-decoding.ts';
import { VectorDecoder } from '../run/decode-vector.ts';
import { readSuite } from '../suite/read-suite.ts';
import type { Expectation, Suite, Vector } from '../suite/suite.ts';
import type { SpecMutant } from './mutant.ts';

export type Fate =
  | { readonly kind: 'killed'; readonly by: string }
  | { readonly kind: 'survived' }
  /** No spec at all: nobody could have made this fault and not noticed. */
  | { readonly kind: 'invalid'; readonly why: string };

/** Vectors with more octets are tried on those only that the others let live: they take long. */
const LARGE_VECTOR = 4096;

/**
 * Tells whether the expectations of a suite notice that the spec says something else: decoder and plugin would change
 * together, so they are all that can. Vectors that fail anyway have no say.
 */
export class SpecJury {
  readonly #suite: Suite;
  readonly #vectors: readonly Vector[];
  readonly #lines: readonly string[];

  constructor(suite: Suite) {
    this.#suite = suite;
    this.#lines = suite.source.text.split('\n');
    const decoder = new VectorDecoder(suite.protocol);
    const sizes = new Map(suite.vectors.map((vector) => [vector, sizeOf(vector)]));
    this.#vectors = suite.vectors
      .filter((vector) => !isNoticed(vector, decoder, suite.protocol))
      .sort(
        (a, b) => Number((sizes.get(a) ?? 0) > LARGE_VECTOR) - Number((sizes.get(b) ?? 0) > LARGE_VECTOR),
      );
  }

  fateOf(mutant: SpecMutant): Fate {
    try {
      const protocol = mutant.protocol();
      const decoder = new VectorDecoder(protocol);
      let byValues: Vector | undefined;
      for (const vector of this.#vectors) {
        if (!isNoticed(rebased(vector, protocol), decoder, protocol)) continue;
        if (this.#isOctets(vector)) return { kind: 'killed', by: vector.name };
        byValues ??= vector;
      }
      return byValues === undefined ? { kind: 'survived' } : this.#writtenAnew(protocol);
    } catch (error) {
      // Whatever a part that fits nothing else leads to.
      return { kind: 'invalid', why: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Octets that were made from values would be others, had the spec been wrong from the beginning. */
  #writtenAnew(protocol: Protocol): Fate {
    const { suite, diagnostics } = readSuite(this.#suite.source, () => protocol);
    if (suite === undefined) return { kind: 'killed', by: diagnostics[0]?.message ?? 'the tests file' };
    const names = new Set(this.#vectors.map(({ name }) => name));
    const decoder = new VectorDecoder(protocol);
    const by = suite.vectors.find((vector) => names.has(vector.name) && isNoticed(vector, decoder, protocol));
    return by === undefined ? { kind: 'survived' } : { kind: 'killed', by: by.name };
  }

  /** As far as the text of the tests file tells; when in doubt it is read anew. */
  #isOctets({ line }: Vector): boolean {
    const behind = this.#suite.vectors.map((vector) => vector.line).filter((other) => other > line);
    const text = this.#lines
      .slice(line - 1, Math.min(this.#lines.length, ...behind.map((one) => one - 1)))
      .join('\n');
    return /\bhex\s*:/.test(text) && !/\bframes?\s*:/.test(text);
  }
}

function isNoticed(vector: Vector, decoder: VectorDecoder, protocol: Protocol): boolean {
  const judgement = new Judgement();
  judgeDecoding({ vector, decoding: decoder.decode(vector), protocol }, judgement);
  return judgement.failures.length > 0;
}

function sizeOf({ parts }: Vector): number {
  return parts.reduce((sum, { octets }) => sum + octets.length, 0);
}

/** The names of values are those of the changed spec. */
function rebased(vector: Vector, { enums }: Protocol): Vector {
  const all = (lists: Vector['expect']): Vector['expect'] =>
    lists?.map((list) =>
      list.map((one): Expectation => ({ ...one, enums: one.enums.map((type) => enums[type.id] ?? type) })),
    ) ?? null;
  return { ...vector, expect: all(vector.expect), messages: all(vector.messages) };
}
