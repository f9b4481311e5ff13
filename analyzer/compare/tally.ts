import type { Diagnosis, Difference, EngineDifference, Explained } from './difference.ts';

/** A capture in which everything differs must not fill the memory: beyond this, differences are only counted. */
const MAX_KEPT_DIFFERENCES = 1000;

/** What one engine's cross-check came to. */
export interface EngineTally {
  readonly engine: string;
  readonly pdus: number;
  readonly fields: number;
  readonly agreed: number;
  readonly explained: readonly Explained[];
  readonly differences: readonly EngineDifference[];
  /** All differences, also those not kept. */
  readonly differenceCount: number;
}

/** One engine's tallies of several protocols as one. */
export function joinTallies(engine: string, tallies: readonly EngineTally[]): EngineTally {
  const sum = (count: (tally: EngineTally) => number): number =>
    tallies.reduce((total, tally) => total + count(tally), 0);
  return {
    engine,
    pdus: sum(({ pdus }) => pdus),
    fields: sum(({ fields }) => fields),
    agreed: sum(({ agreed }) => agreed),
    explained: tallies.flatMap(({ explained }) => explained),
    differences: tallies.flatMap(({ differences }) => differences),
    differenceCount: sum(({ differenceCount }) => differenceCount),
  };
}

/** Counts agreements and keeps differences, explained ones by diagnosis. */
export class Tally {
  private readonly engine: string;
  private pdus = 0;
  private fields = 0;
  private agreed = 0;
  private differenceCount = 0;
  private readonly differences: EngineDifference[] = [];
  private readonly explained = new Map<Diagnosis, { count: number; first: Difference }>();

  constructor(engine: string) {
    this.engine = engine;
  }

  pdu(fields: number, agreed: number): void {
    this.pdus += 1;
    this.fields += fields;
    this.agreed += agreed;
  }

  differ(difference: Difference, diagnosis: Diagnosis | null): void {
    if (diagnosis !== null) {
      const known = this.explained.get(diagnosis);
      if (known === undefined) this.explained.set(diagnosis, { count: 1, first: difference });
      else known.count += 1;
      return;
    }
    this.differenceCount += 1;
    if (this.differences.length < MAX_KEPT_DIFFERENCES)
      this.differences.push({ engine: this.engine, ...difference });
  }

  result(): EngineTally {
    return {
      engine: this.engine,
      pdus: this.pdus,
      fields: this.fields,
      agreed: this.agreed,
      explained: [...this.explained].map(([diagnosis, { count, first }]) => ({
        engine: this.engine,
        diagnosis,
        count,
        first,
      })),
      differences: this.differences,
      differenceCount: this.differenceCount,
    };
  }
}
