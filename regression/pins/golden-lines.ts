import { diffArrays } from 'diff';

/** A line that is not as the golden has it. */
export interface GoldenDifference {
  /** Line of the golden, from 1; of a PDU that is new, the line it would be. */
  readonly line: number;
  /** null: the golden has it, and it is not found. */
  readonly found: string | null;
  /** null: it is found, and not in the golden. */
  readonly golden: string | null;
}

/** Edits looked for before lines are compared one by one: the work grows with their square. */
const MAX_EDITS = 1000;

/** Lines of a golden: a file that went through a system with other line ends is the same. */
export function goldenLines(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** What differs between two lists of lines, an inserted or lost one being one difference and not all that follow. */
export function compareLines(golden: readonly string[], found: readonly string[]): GoldenDifference[] {
  const start = firstDifferent(golden, found);
  const changes = diffArrays([...golden.slice(start)], [...found.slice(start)], { maxEditLength: MAX_EDITS });
  if (changes === undefined) return byPlace(golden, found, start);
  const differences: GoldenDifference[] = [];
  let line = start + 1;
  let [lost, added]: [string[], string[]] = [[], []];
  const settle = (): void => {
    differences.push(...pairs(lost, added, line));
    line += lost.length;
    [lost, added] = [[], []];
  };
  for (const { value, ...change } of changes) {
    if (change.removed) lost.push(...value);
    else if (change.added) added.push(...value);
    else {
      settle();
      line += value.length;
    }
  }
  settle();
  return differences;
}

function firstDifferent(golden: readonly string[], found: readonly string[]): number {
  let index = 0;
  while (index < golden.length && golden[index] === found[index]) index += 1;
  return index;
}

function byPlace(golden: readonly string[], found: readonly string[], start: number): GoldenDifference[] {
  return pairs(golden.slice(start), found.slice(start), start + 1).filter(
    ({ golden: old, found: fresh }) => old !== fresh,
  );
}

function pairs(lost: readonly string[], added: readonly string[], line: number): GoldenDifference[] {
  const count = Math.max(lost.length, added.length);
  return Array.from({ length: count }, (_, index) => ({
    line: line + Math.min(index, lost.length),
    golden: lost[index] ?? null,
    found: added[index] ?? null,
  }));
}
