/** Longer names are not compared: nobody mistypes them by two letters, and the table below is quadratic. */
const LONGEST_COMPARED = 64;

/** Enough for any spec; the candidates of a hostile one are not all compared. */
const MOST_COMPARED = 1000;

/** The known name that was probably meant: at most a third of the letters differ. */
export function didYouMean(wrong: string, known: Iterable<string>): string | undefined {
  if (wrong.length > LONGEST_COMPARED) return undefined;
  const lowered = wrong.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.floor(Math.max(wrong.length, 3) / 3) + 1;
  let compared = 0;
  for (const name of known) {
    compared += 1;
    if (compared > MOST_COMPARED) break;
    if (Math.abs(name.length - wrong.length) >= bestDistance) continue;
    const distance = name.toLowerCase() === lowered ? 0 : editDistance(lowered, name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(left: string, right: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[right.length] ?? 0;
}
