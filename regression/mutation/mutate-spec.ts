import { locate } from '../../spec/index.ts';
import type { CheckContext } from '../checks/check-context.ts';
import type { SpecMutant } from './mutant.ts';
import {
  type MutationScore,
  operatorScores,
  percentOf,
  type Survivor,
  type Tried,
} from './mutation-report.ts';
import { sampled } from './sample.ts';
import { SpecJury } from './spec-jury.ts';
import { specMutants } from './spec-mutants.ts';
import type { Suggester } from './suggest.ts';

export interface HowToMutate {
  /** Most mutants that are tried. */
  readonly limit: number;
  readonly seed: number;
  /** Made when the first survivor asks. */
  readonly suggester: () => Suggester;
}

/** How many faults of the spec the expectations of a suite notice, decoder and plugin being wrong together. */
export function mutateSpec(
  { suite, progress }: Pick<CheckContext, 'suite' | 'progress'>,
  { limit, seed, suggester }: HowToMutate,
): MutationScore {
  const all = specMutants(suite.protocol);
  const chosen = sampled(all, limit, seed);
  const jury = new SpecJury(suite);
  const tried: Tried[] = [];
  const survivors: Survivor[] = [];
  for (const [index, mutant] of chosen.entries()) {
    progress('faults in the spec', index, chosen.length);
    const fate = jury.fateOf(mutant);
    if (fate.kind === 'invalid') continue;
    tried.push({ operator: mutant.operator, killed: fate.kind === 'killed' });
    if (fate.kind === 'survived') survivors.push(survivorOf(mutant, suggester()));
  }
  const counts = { tried: tried.length, killed: tried.filter(({ killed }) => killed).length };
  return {
    source: 'spec',
    mutants: all.length,
    ...counts,
    percent: percentOf(counts),
    operators: operatorScores(tried),
    survivors,
    unreachable: {},
  };
}

function survivorOf(mutant: SpecMutant, suggester: Suggester): Survivor {
  const { name, operator, subject, before, after, span } = mutant;
  const found = suggester.forSpec(`notices ${name}`, mutant.protocol());
  return {
    name,
    operator,
    subject,
    before,
    after,
    file: span?.source.name ?? null,
    line: span === null ? null : locate(span).line,
    suggestion: found?.yaml ?? null,
    note: found === undefined ? perhapsEquivalent(suggester.vectors.length) : '',
  };
}

export function perhapsEquivalent(frames: number): string {
  return `Perhaps nobody can notice it: no difference in ${frames} generated frames.`;
}
