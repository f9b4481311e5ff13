/** A broken promise of our own, never of the spec. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`[compiler bug] ${message}`);
}

/** The element at `index` of a table of the IR: ids are positions in it. */
export function at<T>(table: readonly T[], index: number): T {
  const found = table[index];
  invariant(found !== undefined, `no element ${String(index)} in a table of ${String(table.length)}`);
  return found;
}
