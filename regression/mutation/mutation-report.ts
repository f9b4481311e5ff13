import type { Operator } from './mutant.ts';

/** Mutants of the spec, or of the generated Lua, and what became of them. */
export interface MutationScore {
  readonly source: 'spec' | 'plugin';
  /** All there are; those tried are a sample of them. */
  readonly mutants: number;
  readonly tried: number;
  readonly killed: number;
  /** 100 where nothing was tried. */
  readonly percent: number;
  readonly operators: readonly OperatorScore[];
  readonly survivors: readonly Survivor[];
  /** Places in parts of the plugin that no vector reaches, by part. */
  readonly unreachable: Readonly<Record<string, number>>;
}

export interface OperatorScore {
  readonly operator: Operator;
  readonly tried: number;
  readonly killed: number;
}

export interface Survivor {
  readonly name: string;
  readonly operator: Operator;
  /** What of the spec it is about. */
  readonly subject: string;
  /** Of the spec, or of the plugin's Lua. */
  readonly file: string | null;
  readonly line: number | null;
  readonly before: string;
  readonly after: string;
  /** A vector that notices it, as YAML; null: none was found. */
  readonly suggestion: string | null;
  /** Why none was found; empty when one was. */
  readonly note: string;
}

export interface Tried {
  readonly operator: Operator;
  readonly killed: boolean;
}

export function operatorScores(tried: readonly Tried[]): readonly OperatorScore[] {
  const scores = new Map<Operator, { tried: number; killed: number }>();
  for (const { operator, killed } of tried) {
    const known = scores.get(operator) ?? { tried: 0, killed: 0 };
    scores.set(operator, { tried: known.tried + 1, killed: known.killed + Number(killed) });
  }
  return [...scores].map(([operator, counts]) => ({ operator, ...counts }));
}

export function percentOf({ tried, killed }: { readonly tried: number; readonly killed: number }): number {
  return tried === 0 ? 100 : (100 * killed) / tried;
}

/** More are in the report that machines read. */
const MOST_TOLD = 20;

/** The score by what was wrong, the survivors, and a vector for each to be pasted. */
export function mutationLines({ operators, survivors, unreachable }: MutationScore): readonly string[] {
  const width = Math.max(8, ...operators.map(({ operator }) => operator.length));
  const rows = operators.map(
    ({ operator, tried, killed }) =>
      `${operator.padEnd(width)}  ${`${killed} of ${tried}`.padStart(10)} noticed`,
  );
  const places = Object.entries(unreachable).map(([what, count]) => `  ${what}: ${count} places`);
  return [
    ...rows,
    ...(places.length === 0 ? [] : ['', 'Not reachable by vectors, and not tried:', ...places]),
    ...survivors.slice(0, MOST_TOLD).flatMap(survivorLines),
    ...(survivors.length > MOST_TOLD
      ? ['', `and ${survivors.length - MOST_TOLD} more that nothing notices`]
      : []),
  ];
}

function survivorLines(survivor: Survivor): readonly string[] {
  const { name, subject, file, line, before, after, suggestion, note } = survivor;
  const place = file === null ? '' : `  (${file}:${line ?? 0})`;
  const told =
    suggestion === null ? [`  ${note}`] : ['  This vector notices it:', ...suggestion.trimEnd().split('\n')];
  return ['', `Nothing notices ${name}${place}`, `  ${subject}`, `  - ${before}`, `  + ${after}`, ...told];
}
