import type { CheckContext } from '../checks/check-context.ts';
import type { CheckResult } from '../checks/check-result.ts';
import { percentText } from '../coverage/run-coverage.ts';
import { mutatePlugin } from './mutate-plugin.ts';
import { mutateSpec } from './mutate-spec.ts';
import { mutationLines, type MutationScore } from './mutation-report.ts';
import { Suggester } from './suggest.ts';

export interface MutationOptions {
  /** Most faults that are tried in the plugin, one run of the engine each; undefined: 60. */
  readonly limit?: number | undefined;
  readonly seed?: number | undefined;
  /** Percent of the faults, in spec and plugin each, that must be noticed; undefined: it is only told. */
  readonly minScore?: number | undefined;
}

const DEFAULT_LIMIT = 60;
const DEFAULT_SEED = 1;
/** Faults in the spec are tried in milliseconds: that many for each in the plugin. */
const SPEC_MUTANTS_FOR_EACH = 10;
/** Frames that are made to find one that notices a fault. */
const GENERATED_FRAMES = 200;

/** Whether the tests of a suite are any good: how many faults, put into the spec and into the plugin, they notice. */
export async function runMutation(
  context: CheckContext,
  { limit = DEFAULT_LIMIT, seed = DEFAULT_SEED, minScore }: MutationOptions = {},
): Promise<readonly CheckResult[]> {
  const { suite, engines, lua } = context;
  let made: Suggester | undefined;
  const suggester = (): Suggester => (made ??= new Suggester(suite, { count: GENERATED_FRAMES, seed }));
  const spec = mutateSpec(context, { limit: limit * SPEC_MUTANTS_FOR_EACH, seed, suggester });
  const results = [resultOf('faults in the spec', spec, minScore)];
  const name = 'faults in the plugin';
  const engine = engines.find((one) => one.name === 'tshark') ?? engines[0];
  if (engine === undefined || lua === undefined) {
    return [...results, skipOf(name, 'Needs a Wireshark: no engine was found, or none was asked for.')];
  }
  const plugin = await mutatePlugin(context, engine, { limit, seed, suggester, lua });
  if (typeof plugin === 'string') return [...results, skipOf(name, `Not tried: ${plugin}.`)];
  return [...results, resultOf(name, plugin, minScore)];
}

const BASE = { group: 'mutation', line: null } as const;

function skipOf(name: string, message: string): CheckResult {
  return { ...BASE, name, status: 'skip', messages: [message], detail: [], data: null };
}

function resultOf(name: string, score: MutationScore, minScore: number | undefined): CheckResult {
  const { tried, killed, mutants, percent, survivors } = score;
  const isBelow = minScore !== undefined && percent < minScore;
  const sample = tried < mutants ? `, tried of ${mutants} that there could be` : '';
  const told = `${percentText(percent)} of the faults are noticed (${killed} of ${tried}${sample})`;
  const messages = isBelow
    ? [
        `${told}, the minimum is ${minScore} %.`,
        `Paste the vectors below into the tests file, or say more of its own.`,
      ]
    : [`${told}.`];
  return {
    ...BASE,
    name,
    status: isBelow ? 'fail' : 'pass',
    messages,
    detail:
      survivors.length === 0 && !isBelow && Object.keys(score.unreachable).length === 0
        ? []
        : mutationLines(score),
    data: score,
  };
}
