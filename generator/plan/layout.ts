import type { Content, Field, StructType, TypeId } from '../../spec/index.ts';
import { luaMember } from '../lua/lua-text.ts';
import { constantInt } from './extents.ts';
import type { Plan } from './plan.ts';

/**
 * Where a field's octets are, seen from its object `o`: places that are the same in every object are not stored.
 * Positions in Lua are 1-based (string.byte), offsets in a Tvb 0-based.
 */
export interface Layout {
  /** Octets from the object's first; null: stored in `startSlot`. */
  readonly offset: number | null;
  /** Null: the end (exclusive) is stored in `endSlot`. */
  readonly octets: number | null;
  readonly valueSlot: string;
  readonly startSlot: string;
  readonly endSlot: string;
  readonly armSlot: string;
  /** Stream of data derived from a field that is no object. */
  readonly streamSlot: string;
  /** Whether `valueSlot` is filled: what nobody reads is only located. */
  readonly keepsValue: boolean;
  /** Lua for the position of the first octet, and for the one behind the last. */
  readonly from: string;
  readonly to: string;
}

export function layoutOf(plan: Plan, owner: StructType, field: Field): Layout {
  const slot = (part: string): string => luaMember('o', `_${field.id}_${part}`);
  const once = field.repeat.kind === 'once';
  const bits = field.staticOffsetBits;
  // A parse instance stands where its `pos` says, whatever the objects before it.
  const inSequence = once && !('kind' in field);
  const offset = inSequence && bits !== null && bits % 8 === 0 ? bits / 8 : null;
  const octets = once ? staticOctets(plan, field.content) : null;
  const keeps = keepsValue(plan, owner.id, field);
  const from = offset === null ? slot('start') : offset === 0 ? 'o._start' : `o._start + ${String(offset)}`;
  return {
    offset,
    octets,
    valueSlot: luaMember('o', field.id),
    startSlot: slot('start'),
    endSlot: slot('end'),
    armSlot: slot('arm'),
    streamSlot: slot('io'),
    keepsValue: keeps,
    from,
    // Of octets that are not kept, the stored end is what tells that they are there.
    to: octets === null || !keeps ? slot('end') : `${from} + ${String(octets)}`,
  };
}

function keepsValue(plan: Plan, owner: TypeId, field: Field): boolean {
  switch (field.content.kind) {
    case 'bytes':
    case 'string':
    case 'opaque':
      return plan.isRead(owner, field);
    case 'integer':
    case 'float':
    case 'bits':
    case 'contents':
      return true;
    case 'struct':
    case 'switch':
      // Of an object that is read later, only its octets are known.
      return !plan.isDeferred(field);
  }
}

/** Octets of a content when it always takes the same number. */
export function staticOctets(plan: Plan, content: Content): number | null {
  switch (content.kind) {
    case 'integer':
    case 'float':
      return content.octets;
    case 'contents':
      return content.expected.length;
    case 'bits':
    case 'switch':
      return null;
    case 'bytes':
    case 'string':
    case 'opaque':
      return content.extent.terminator === null && content.extent.padRight === null
        ? sized(content.extent)
        : null;
    case 'struct': {
      if (content.extent !== null) return sized(content.extent);
      const bits = plan.type(content.type).staticBits;
      return bits !== null && bits % 8 === 0 ? bits / 8 : null;
    }
  }
}

function sized(
  extent: { readonly length: { readonly kind: string } } & Extract<Content, { kind: 'bytes' }>['extent'],
): number | null {
  if (extent.length.kind !== 'size') return null;
  const octets = constantInt(extent.length.octets);
  return octets !== null && octets >= 0 ? octets : null;
}
