/** One step of an alignment of two sequences; every element of both occurs in exactly one step. */
export type AlignmentStep<A, B> =
  | { readonly kind: 'pair'; readonly left: A; readonly right: B; readonly equal: boolean }
  | { readonly kind: 'left'; readonly left: A }
  | { readonly kind: 'right'; readonly right: B };

/** Above this many cells the table is not built: the sequences are then walked with a bounded look-ahead. */
const MAX_TABLE_CELLS = 250_000;
/** How far the walk looks for the next equal element. */
const LOOK_AHEAD = 64;

/**
 * Aligns what one side has in a packet with what the other has, by equal keys in order.
 *
 * Runs between two equal pairs become unequal pairs as far as both sides reach (the same PDU, seen differently);
 * what is left over stands alone.
 */
export function align<A, B>(
  left: readonly A[],
  right: readonly B[],
  same: (a: A, b: B) => boolean,
): AlignmentStep<A, B>[] {
  const anchors =
    left.length * right.length <= MAX_TABLE_CELLS ? byTable(left, right, same) : byWalk(left, right, same);
  const steps: AlignmentStep<A, B>[] = [];
  let i = 0;
  let j = 0;
  for (const [nextI, nextJ] of [...anchors, [left.length, right.length] as const]) {
    pushRun(steps, left.slice(i, nextI), right.slice(j, nextJ));
    const a = left[nextI];
    const b = right[nextJ];
    if (nextI < left.length && nextJ < right.length) {
      steps.push({ kind: 'pair', left: a as A, right: b as B, equal: true });
    }
    i = nextI + 1;
    j = nextJ + 1;
  }
  return steps;
}

function pushRun<A, B>(steps: AlignmentStep<A, B>[], left: readonly A[], right: readonly B[]): void {
  // With one side longer it cannot be told which elements are the extra ones: only equal runs are paired.
  const paired = left.length === right.length ? left.length : 0;
  for (let k = 0; k < paired; k += 1) {
    steps.push({ kind: 'pair', left: left[k] as A, right: right[k] as B, equal: false });
  }
  for (const item of left.slice(paired)) steps.push({ kind: 'left', left: item });
  for (const item of right.slice(paired)) steps.push({ kind: 'right', right: item });
}

/** Longest common subsequence. */
function byTable<A, B>(
  left: readonly A[],
  right: readonly B[],
  same: (a: A, b: B) => boolean,
): (readonly [number, number])[] {
  const width = right.length + 1;
  const table = new Int32Array((left.length + 1) * width);
  for (let i = left.length - 1; i >= 0; i -= 1) {
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const down = table[(i + 1) * width + j] ?? 0;
      const across = table[i * width + j + 1] ?? 0;
      const diagonal = table[(i + 1) * width + j + 1] ?? 0;
      table[i * width + j] = same(left[i] as A, right[j] as B) ? diagonal + 1 : Math.max(down, across);
    }
  }
  const anchors: (readonly [number, number])[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    if (same(left[i] as A, right[j] as B)) anchors.push([i++, j++]);
    else if ((table[(i + 1) * width + j] ?? 0) >= (table[i * width + j + 1] ?? 0)) i += 1;
    else j += 1;
  }
  return anchors;
}

function byWalk<A, B>(
  left: readonly A[],
  right: readonly B[],
  same: (a: A, b: B) => boolean,
): (readonly [number, number])[] {
  const anchors: (readonly [number, number])[] = [];
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const next = nextEqual(left, right, [i, j], same);
    if (next === undefined) {
      i += 1;
      j += 1;
      continue;
    }
    anchors.push(next);
    [i, j] = [next[0] + 1, next[1] + 1];
  }
  return anchors;
}

function nextEqual<A, B>(
  left: readonly A[],
  right: readonly B[],
  from: readonly [number, number],
  same: (a: A, b: B) => boolean,
): readonly [number, number] | undefined {
  for (let distance = 0; distance <= LOOK_AHEAD; distance += 1) {
    for (let a = 0; a <= distance; a += 1) {
      const i = from[0] + a;
      const j = from[1] + distance - a;
      if (i < left.length && j < right.length && same(left[i] as A, right[j] as B)) return [i, j];
    }
  }
  return undefined;
}
