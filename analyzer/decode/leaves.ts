import type { ProtocolFieldId } from '../../spec/index.ts';
import type { BitRange, DecodedItem, DecodedPdu, DecodedStruct, Value } from './decoded.ts';
import { StructNode } from './struct-node.ts';

/** One thing the tree of a PDU shows, as Wireshark has one item for it. */
export interface Leaf {
  /** What Wireshark knows it by. */
  readonly field: ProtocolFieldId;
  /** `payload.code`, `records[2].tag` */
  readonly path: string;
  /** An object: it has members of its own, which follow. Its value is undefined. */
  readonly group: boolean;
  readonly value: Value;
  /** null: computed, no octets of its own. */
  readonly range: BitRange | null;
  /** Computed, or given as an argument, not read. */
  readonly generated: boolean;
}

/** Everything shown of a PDU in tree order, objects before what they hold; the PDU itself is not among it. */
export function leaves(pdu: DecodedPdu): Iterable<Leaf> {
  return leavesOf(pdu.root, '');
}

/** Ends: an object holds only what lies deeper, and aliases of objects are not followed. */
function* leavesOf(object: DecodedStruct, prefix: string): Generator<Leaf> {
  for (const item of object.items) {
    const path = prefix + item.member.id + (item.index === null ? '' : `[${item.index.toString()}]`);
    if (isAliasList(item.value)) continue;
    if (isStruct(item.value)) {
      // An alias of an object is shown where the object was read.
      if (item.range === null) continue;
      if (item.field !== null) yield leafOf(item, item.field, path, undefined);
      yield* leavesOf(item.value, `${path}.`);
    } else if (item.field !== null) {
      yield leafOf(item, item.field, path, item.value);
    }
  }
}

function leafOf(item: DecodedItem, field: ProtocolFieldId, path: string, value: Value): Leaf {
  const { range } = item;
  return { field, path, group: isStruct(item.value), value, range, generated: range === null };
}

function isAliasList(value: Value): boolean {
  return Array.isArray(value) && isStruct((value as readonly Value[])[0]);
}

function isStruct(value: Value): value is DecodedStruct {
  return value instanceof StructNode;
}
