import type { Engine } from '../../engines/index.ts';
import type { CheckContext } from '../checks/check-context.ts';
import type { Suite, Vector } from '../suite/suite.ts';
import { EngineBench } from './engine-bench.ts';
import { type LuaMutant, luaMutants } from './lua-mutants.ts';
import { type HowToMutate, perhapsEquivalent } from './mutate-spec.ts';
import {
  type MutationScore,
  operatorScores,
  percentOf,
  type Survivor,
  type Tried,
} from './mutation-report.ts';
import { sampled } from './sample.ts';
import type { Suggester } from './suggest.ts';

/** Two at a time: an engine mostly waits for its own start. */
const AT_A_TIME = 2;
/** Vectors with more octets are tried on those only that the others let live: they take long. */
const LARGE_VECTOR = 4096;
/** Survivors that suggestions are looked for: each takes a run of the engine over all generated frames. */
const MOST_SUGGESTED = 10;

/** How many faults of the generated Lua the vectors of a suite notice; a sentence when they cannot be tried. */
export async function mutatePlugin(
  context: CheckContext,
  engine: Engine,
  how: HowToMutate & { readonly lua: string },
): Promise<MutationScore | string> {
  const { mutants, unreachable } = luaMutants(how.lua);
  const chosen = sampled(mutants, how.limit, how.seed);
  const benches = await benchesFor(context, engine, how.lua);
  if (typeof benches === 'string') return benches;
  const fates = await inPairs(chosen, async (mutant, slot) => {
    const killed = await isKilled(mutant, benches, `mutant-${slot}`);
    context.progress('faults in the plugin', chosen.indexOf(mutant), chosen.length);
    return { mutant, killed };
  });
  const tried: readonly Tried[] = fates.map(({ mutant: { operator }, killed }) => ({ operator, killed }));
  const counts = { tried: tried.length, killed: tried.filter(({ killed }) => killed).length };
  const alive = fates.flatMap(({ mutant, killed }) => (killed ? [] : [mutant]));
  return {
    source: 'plugin',
    mutants: mutants.length,
    ...counts,
    percent: percentOf(counts),
    operators: operatorScores(tried),
    survivors: alive.length === 0 ? [] : await survivorsOf(alive, context, { ...how, engine }),
    unreachable: Object.fromEntries(unreachable),
  };
}

/** Small vectors first; vectors that fail anyway have no say. */
async function benchesFor(
  { suite, folder }: CheckContext,
  engine: Engine,
  lua: string,
): Promise<readonly EngineBench[] | string> {
  const isLarge = (vector: Vector): boolean => sizeOf(vector) > LARGE_VECTOR;
  const parts = [suite.vectors.filter((vector) => !isLarge(vector)), suite.vectors.filter(isLarge)];
  const benches: EngineBench[] = [];
  for (const [index, vectors] of parts.entries()) {
    const first = await EngineBench.prepare(
      { ...suite, vectors },
      { engine, folder, name: `before-${index}` },
    );
    if (!first.hasCases) continue;
    const { failing, failure } = await first.run(lua, `before-${index}`);
    if (failure !== null) return `the plugin fails without any fault put in: ${failure}`;
    const good = vectors.filter((vector) => !failing.has(vector));
    if (good.length === 0) continue;
    const options = { engine, folder, name: `mutation-${index}` };
    benches.push(
      failing.size === 0 ? first : await EngineBench.prepare({ ...suite, vectors: good }, options),
    );
  }
  if (benches.length > 0) return benches;
  return 'no vector that passes can be put into a capture';
}

async function isKilled(mutant: LuaMutant, benches: readonly EngineBench[], name: string): Promise<boolean> {
  const lua = mutant.lua();
  for (const bench of benches) {
    const { failing, failure } = await bench.run(lua, name);
    if (failure !== null || failing.size > 0) return true;
  }
  return false;
}

/** `slot` is nobody else's at the same time. */
async function inPairs<T, R>(
  list: readonly T[],
  work: (item: T, slot: number) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<T, R>();
  let next = 0;
  const worker = async (slot: number): Promise<void> => {
    while (next < list.length) {
      const item = list[next] as T;
      next += 1;
      results.set(item, await work(item, slot));
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, (_, slot) => worker(slot)));
  return list.flatMap((item) => results.get(item) ?? []);
}

interface Search extends HowToMutate {
  readonly engine: Engine;
  readonly lua: string;
}

/** Tries generated frames, all in one run for each, on those that lived. */
async function survivorsOf(
  alive: readonly LuaMutant[],
  { suite, folder }: CheckContext,
  { engine, lua, suggester }: Search,
): Promise<readonly Survivor[]> {
  const source = suggester();
  const bare = bareSuite(suite, source);
  const bench = await EngineBench.prepare(bare, { engine, folder, name: 'generated' });
  const { failing: before } = await bench.run(lua, 'generated');
  const found = await inPairs(alive.slice(0, MOST_SUGGESTED), async (mutant, slot) => {
    const { failing } = await bench.run(mutant.lua(), `generated-${slot}`);
    return { mutant, vector: bare.vectors.find((vector) => failing.has(vector) && !before.has(vector)) };
  });
  return alive.map((mutant) => {
    const search = found.find((one) => one.mutant === mutant);
    const note =
      search === undefined
        ? 'No vector was looked for: others survived before it.'
        : perhapsEquivalent(bare.vectors.length);
    const suggestion =
      search?.vector === undefined ? undefined : source.forVector(`notices ${mutant.name}`, search.vector);
    return survivorOf(mutant, `${suite.protocol.id}.lua`, suggestion?.yaml ?? null, note);
  });
}

/** Vectors that are held to what our decoder makes of them. */
function bareSuite(suite: Suite, source: Suggester): Suite {
  return { ...suite, vectors: source.vectors };
}

function survivorOf(
  { name, operator, subject, line, before, after }: LuaMutant,
  file: string,
  suggestion: string | null,
  note: string,
): Survivor {
  return {
    name,
    operator,
    subject,
    file,
    line,
    before,
    after,
    suggestion,
    note: suggestion === null ? note : '',
  };
}

function sizeOf({ parts }: Vector): number {
  return parts.reduce((sum, { octets }) => sum + octets.length, 0);
}
