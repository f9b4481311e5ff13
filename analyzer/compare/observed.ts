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
 * Flattens a layer. `known` are the display filter names the spec registers: what else hangs in the tree (aliases
 * of the built-in's names, expert infos) is not a field of ours.
 */
export function observePdu(frame: number, layer: DissectedNode, known: ReadonlySet<string>): ObservedPdu {
  const items = new Map<string, ObservedItem[]>();
  const visit = (nodes: readonly DissectedNode[], depth: number): void => {
    if (depth > MAX_DEPTH) return;
    for (const node of nodes) {
      if (known.has(node.name)) {
        const list = items.get(node.name) ?? [];
        list.push({ filter: node.name, value: node.value, raw: node.raw });
        items.set(node.name, list);
      }
      visit(node.children, depth + 1);
    }
  };
  visit(layer.children, 0);
  return { frame, raw: layer.raw, items };
}
