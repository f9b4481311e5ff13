/** The same choice for the same seed: a small generator of our own (xorshift32), so that it never changes. */
export function sampled<T>(list: readonly T[], most: number, seed: number): readonly T[] {
  if (list.length <= most) return list;
  let state = (seed | 0) ^ 0x2545f491 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const chosen = list.map((item, index) => ({ item, index, order: next() }));
  return chosen
    .sort((a, b) => a.order - b.order)
    .slice(0, most)
    .sort((a, b) => a.index - b.index)
    .map(({ item }) => item);
}
