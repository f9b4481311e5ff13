import type { OctetStream } from './octet-stream.ts';
import { type ByteSlice, TextSlice } from './source.ts';
import type { StructNode } from './struct-node.ts';

/** A value as the decoder works with it; `undefined` = absent. */
export type Slot =
  | number
  | bigint
  | boolean
  | string
  | TextSlice
  | ByteSlice
  | StructNode
  | OctetStream
  | readonly Slot[]
  | undefined;

/** Text that was read, as a string; other values as they are. */
export function plainSlot(slot: Slot): Exclude<Slot, TextSlice> {
  return slot instanceof TextSlice ? slot.text() : slot;
}

/** An instance nobody has asked for yet. */
export const UNREAD: unique symbol = Symbol('unread');
/** An instance that is being evaluated: to meet it again is a cycle. */
export const RUNNING: unique symbol = Symbol('running');

/** What a node stores for a member. */
export type Cell = Slot | typeof UNREAD | typeof RUNNING;
