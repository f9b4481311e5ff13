import type { PluginFilter } from './lua/registrations.ts';
import { retyping } from './retyping.ts';

/** A filter that people may have saved and that does not do any more what it did. */
export interface Break {
  readonly filter: string;
  /** What is wrong now, and what to write instead where that is known. */
  readonly messages: readonly string[];
  /** It has another name now; null: it is gone, or of another kind. */
  readonly renamedTo: string | null;
}

export interface Comparison {
  readonly breaks: readonly Break[];
  readonly kept: number;
  readonly added: readonly string[];
}

/** Names that may depend on the plugin's own idea of what it takes the place of. */
type Filters = ReadonlyMap<string, PluginFilter>;

export function comparePlugins(
  released: readonly PluginFilter[],
  current: readonly PluginFilter[],
): Comparison {
  const [before, now] = [byName(released), byName(current)];
  const added = [...now.keys()].filter((filter) => !before.has(filter));
  const heirs = findHeirs(
    [...before.values()].filter(({ filter }) => !now.has(filter)),
    added.flatMap((filter) => now.get(filter) ?? []),
  );
  const breaks = [...before.values()].flatMap((old) => {
    const found = breakOf(old, now.get(old.filter), heirs.get(old.filter));
    return found === undefined ? [] : [found];
  });
  const named = new Set([...heirs.values()].map(({ filter }) => filter));
  return {
    breaks,
    kept: before.size - breaks.length,
    added: added.filter((filter) => !named.has(filter)),
  };
}

/** The first of a name is the one that a filter's value is read by. */
function byName(filters: readonly PluginFilter[]): Filters {
  const found = new Map<string, PluginFilter>();
  for (const filter of filters) if (!found.has(filter.filter)) found.set(filter.filter, filter);
  return found;
}

function breakOf(
  old: PluginFilter,
  now: PluginFilter | undefined,
  heir: PluginFilter | undefined,
): Break | undefined {
  const { filter } = old;
  if (now !== undefined) {
    const messages = retyping(old, now);
    return messages.length === 0 ? undefined : { filter, messages, renamedTo: null };
  }
  if (heir === undefined) {
    const messages = [`${filter} is gone: a saved filter with it is refused ("${labelOf(old)}").`];
    return { filter, messages, renamedTo: null };
  }
  const also = retyping(old, heir);
  const messages = [`${filter} is now ${heir.filter}: a saved filter with the old name is refused.`, ...also];
  return { filter, messages, renamedTo: heir.filter };
}

function labelOf({ label, filter }: PluginFilter): string {
  return label === '' ? filter : label;
}

/** Each name that is new is the heir of one that is gone at most: the one that is most like it. */
function findHeirs(gone: readonly PluginFilter[], added: readonly PluginFilter[]): Filters {
  const pairs = gone
    .flatMap((old) => added.map((heir) => ({ old, heir, likeness: likeness(old, heir) })))
    .filter((pair) => pair.likeness >= LIKE_ENOUGH)
    .sort((a, b) => b.likeness - a.likeness);
  const heirs = new Map<string, PluginFilter>();
  const taken = new Set<string>();
  for (const { old, heir } of pairs) {
    if (heirs.has(old.filter) || taken.has(heir.filter)) continue;
    heirs.set(old.filter, heir);
    taken.add(heir.filter);
  }
  return heirs;
}

/** The same kind and type, and one thing more. */
const LIKE_ENOUGH = 3;

function likeness(old: PluginFilter, heir: PluginFilter): number {
  if (old.kind !== heir.kind) return 0;
  const isSameType = old.types.join() === heir.types.join();
  const lastPart = (filter: string): string => filter.slice(filter.lastIndexOf('.') + 1);
  return (
    (isSameType ? 1 : 0) +
    (old.mask === heir.mask ? 1 : 0) +
    (old.label !== '' && old.label === heir.label ? 2 : 0) +
    (lastPart(old.filter) === lastPart(heir.filter) ? 1 : 0) +
    (old.mask !== 0n && old.mask === heir.mask ? 1 : 0)
  );
}
