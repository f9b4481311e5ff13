import type { DecodedStruct, MalformedReason, Value } from './decoded.ts';
import { toValue } from './items.ts';
import { valueOfInstance } from './instance-value.ts';
import { StructNode } from './struct-node.ts';
import { DecodeStop, reasonOf } from './stops.ts';

/** A member that cannot be computed or read. */
export interface NoValue {
  readonly error: string;
  readonly reason: MalformedReason | 'limit';
}

/**
 * The value of a member of an object by its id; instances are computed or read when this is the first to ask.
 * `undefined`: absent, or no such member.
 */
export function memberValue(object: DecodedStruct, id: string): { readonly value: Value } | NoValue {
  if (!(object instanceof StructNode)) return { value: undefined };
  const slot = object.plan.members.findIndex((member) => member.id === id);
  if (slot < 0) return { value: undefined };
  try {
    const instance = slot >= object.plan.instanceBase;
    return { value: toValue(instance ? valueOfInstance(object, slot) : object.plainCell(slot)) };
  } catch (stop) {
    if (stop instanceof DecodeStop) return { error: stop.message, reason: reasonOf(stop) };
    throw stop;
  }
}
