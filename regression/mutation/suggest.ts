import type { Protocol } from '../../spec/index.ts';
import { makeFrames } from '../generated/make-frames.ts';
import { rulesBrokenBy } from '../judge/judge-decoding.ts';
import { joinInfo } from '../judge/judge-decoding.ts';
import { vectorYaml } from '../report/vector-yaml.ts';
import { type DirectDecoding, VectorDecoder } from '../run/decode-vector.ts';
import type { Expectation, Suite, Vector } from '../suite/suite.ts';
import { differentPaths, type Visible, visibleIn, type VisibleVector } from './visible.ts';

/** A vector that would have noticed. */
export interface Suggestion {
  /** To be pasted below `vectors:`. */
  readonly yaml: string;
  readonly vector: Vector;
}

/** Octets to try a mutant with, and what they are by the right spec. */
interface Candidate {
  readonly vector: Vector;
  readonly decoding: DirectDecoding;
  readonly visible: VisibleVector;
}

/** A vector is to be read by people. */
const LONGEST = 600;
/** More fields than those that differ are said, up to that many. */
const MOST_FIELDS = 12;

/** Finds vectors on which a right and a wrong spec differ: in those of the suite, and in frames made from the spec. */
export class Suggester {
  readonly #suite: Suite;
  readonly #candidates: readonly Candidate[];

  /** `count`: of generated frames. */
  constructor(suite: Suite, { count, seed }: { readonly count: number; readonly seed: number }) {
    this.#suite = suite;
    const { protocol, vectors } = suite;
    const decoder = new VectorDecoder(protocol);
    const frames = makeFrames(protocol, { runs: count, seed, vectors }).frames.map(({ vector }) => vector);
    this.#candidates = [...frames, ...vectors]
      .filter((vector) => sizeOf(vector) <= LONGEST)
      .sort((a, b) => sizeOf(a) - sizeOf(b))
      .map((vector) => {
        const decoding = decoder.decode(vector);
        return { vector, decoding, visible: visibleIn(decoding, protocol) };
      });
  }

  get vectors(): readonly Vector[] {
    return this.#candidates.map(({ vector }) => vector);
  }

  /** undefined: no candidate shows a difference. */
  forSpec(name: string, mutant: Protocol): Suggestion | undefined {
    const decoder = new VectorDecoder(mutant);
    for (const candidate of this.#candidates) {
      const other = visibleIn(decoder.decode(candidate.vector), mutant);
      if (isSame(candidate.visible, other)) continue;
      return this.#suggestion(name, candidate, other);
    }
    return undefined;
  }

  /** The vector as it is by the right spec, all of it said. */
  forVector(name: string, vector: Vector): Suggestion | undefined {
    const candidate = this.#candidates.find((one) => one.vector === vector);
    return candidate === undefined ? undefined : this.#suggestion(name, candidate, null);
  }

  #suggestion(
    name: string,
    { vector, decoding, visible }: Candidate,
    other: VisibleVector | null,
  ): Suggestion {
    const { pdus } = decoding;
    const said = (own: readonly Visible[], others: readonly Visible[] | undefined): Vector['expect'] =>
      own.map((one, index) => expectationsOf(one, others?.[index]));
    const suggested: Vector = {
      ...vector,
      name: this.#freeName(name),
      line: 0,
      expect: said(visible.pdus, other?.pdus),
      messages:
        visible.messages.length + (other?.messages.length ?? 0) === 0
          ? null
          : said(visible.messages, other?.messages),
      findings: new Set(pdus.flatMap((pdu) => [...rulesBrokenBy(pdu)])),
      connection: null,
      info: joinInfo(pdus.filter(({ problem }) => problem !== 'truncated').map(({ info }) => info)),
      problem: pdus.findLast(({ problem }) => problem !== null)?.problem ?? null,
    };
    return { vector: suggested, yaml: vectorYaml(suggested, this.#suite.protocol) };
  }

  #freeName(name: string): string {
    return this.#suite.vectors.some((vector) => vector.name === name) ? `${name}, again` : name;
  }
}

function isSame(one: VisibleVector, other: VisibleVector): boolean {
  const alike = (a: readonly Visible[], b: readonly Visible[]): boolean =>
    a.length === b.length && a.every((own, index) => differentPaths(own, b[index] ?? new Map()).length === 0);
  return one.others === other.others && alike(one.pdus, other.pdus) && alike(one.messages, other.messages);
}

/** What differs, and beside it what makes the vector readable. */
function expectationsOf(own: Visible, other: Visible | undefined): readonly Expectation[] {
  const different = other === undefined ? [] : differentPaths(own, other);
  const wanted = new Set([...different, ...own.keys()].slice(0, Math.max(MOST_FIELDS, different.length)));
  const absent = different.flatMap((path): readonly Expectation[] => {
    const there = own.has(path) ? undefined : other?.get(path);
    return there === undefined ? [] : [{ ...there, wanted: { kind: 'absent' } }];
  });
  return [...[...own.values()].filter(({ path }) => wanted.has(path)), ...absent];
}

function sizeOf({ parts }: Vector): number {
  return parts.reduce((sum, { octets }) => sum + octets.length, 0);
}
