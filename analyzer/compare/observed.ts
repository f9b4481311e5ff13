import type { DissectedNode, RawRange } from '../../engines/index.ts';

/** An item of an engine's tree that stands for a field of the spec. */
export interface ObservedItem {
  readonly filter: string;
  readonly value: string | null;
  readonly raw: RawRange | null;
}

/** One PDU as an engine shows it. */
export interface ObservedPdu {
  readonly frame: number;
  /** Octets the whole layer covers; null without positions. */
  readonly raw: RawRange | null;
  /** Items by display filter name, each list in tree order. */
  readonly items: ReadonlyMap<string, readonly ObservedItem[]>;
}

/** Trees are as deep as the engine's limit at most; this bounds a hostile JSON. */
const MAX_DEPTH = 500;

/**
 * Flattens a layer. `known` are the display filter names the spec registers, of fields and of expert infos: what else
 * hangs in the tree (aliases of the built-in's names) is none of ours.
 */
export function observePdu(frame: number, layer: DissectedNode, known: ReadonlySet<string>): ObservedPdu {
  const items = new Map<string, ObservedItem[]>();
  const take = (filter: string, value: string | null, raw: RawRange | null): void => {
    if (!known.has(filter)) return;
    const list = items.get(filter) ?? [];
    list.push({ filter, value, raw });
    items.set(filter, list);
  };
  const visit = (node: DissectedNode, depth: number): void => {
    for (const { name } of node.experts) take(name, null, null);
    if (depth === MAX_DEPTH) return;
    for (const child of node.children) {
      take(child.name, child.value, child.raw);
      visit(child, depth + 1);
    }
  };
  visit(layer, 0);
  return { frame, raw: layer.raw, items };
}
