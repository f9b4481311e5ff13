/**
 * One of several kinds of thing, as a logic-less template can tell them apart: a record with a member for every
 * kind, all null but one.
 */
export type Variants<V> = { readonly [K in keyof V]: V[K] | null };

/** Fills in the nulls. `kinds` names every member of V once. */
export function variantMaker<V>(
  kinds: readonly (keyof V)[],
): <K extends keyof V>(kind: K, value: V[K]) => Variants<V> {
  const empty = Object.fromEntries(kinds.map((kind) => [kind, null])) as Variants<V>;
  return (kind, value) => ({ ...empty, [kind]: value });
}
