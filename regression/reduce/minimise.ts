/** Of the items kept, whether what they make up still shows what it must. */
export type Holds<T> = (kept: readonly T[]) => Promise<boolean>;

/**
 * Delta debugging (Zeller and Hildebrandt, ddmin): few of the items with which `holds`, in their order. No item of the
 * answer can be left out alone. It must hold of all items.
 *
 * Ends: every round leaves items out, or makes the pieces smaller, down to single items.
 */
export async function minimise<T>(items: readonly T[], holds: Holds<T>): Promise<readonly T[]> {
  if (items.length === 0 || (await holds([]))) return [];
  let kept = items;
  let pieces = 2;
  while (kept.length > 1) {
    const smaller = await smallerThan(kept, Math.min(pieces, kept.length), holds);
    if (smaller !== undefined) {
      kept = smaller.items;
      pieces = Math.max(2, smaller.pieces);
    } else if (pieces < kept.length) {
      pieces = Math.min(pieces * 2, kept.length);
    } else {
      break;
    }
  }
  return kept;
}

/** One piece alone, or all but one piece. */
async function smallerThan<T>(
  kept: readonly T[],
  pieces: number,
  holds: Holds<T>,
): Promise<{ readonly items: readonly T[]; readonly pieces: number } | undefined> {
  const bounds = Array.from({ length: pieces + 1 }, (_, index) => Math.floor((index * kept.length) / pieces));
  const ranges = bounds.slice(0, -1).map((start, index) => [start, bounds[index + 1] ?? start] as const);
  if (pieces === 2 || kept.length > pieces) {
    for (const [start, end] of ranges) {
      const items = kept.slice(start, end);
      if (items.length < kept.length && (await holds(items))) return { items, pieces: 2 };
    }
  }
  // The last first: what comes after the fault is rarely needed.
  for (const [start, end] of [...ranges].reverse()) {
    const items = [...kept.slice(0, start), ...kept.slice(end)];
    if (items.length > 0 && (await holds(items))) return { items, pieces: pieces - 1 };
  }
  return undefined;
}
