import type { Field, StructType } from '../../../spec/index.ts';
import { layoutOf } from '../../plan/layout.ts';
import type { Plan } from '../../plan/plan.ts';

/** Lua places that reading one occurrence of a field fills; null: not kept, or the same in every object. */
export interface Slots {
  readonly value: string;
  readonly keepsValue: boolean;
  readonly start: string | null;
  readonly end: string | null;
  /** Lua for the position of the first octet, whether it is stored or not. */
  readonly from: string;
  /** The same for the position behind the last. */
  readonly to: string;
  readonly arm: string;
  readonly stream: string;
}

export function fieldSlots(plan: Plan, owner: StructType, field: Field): Slots {
  const layout = layoutOf(plan, owner, field);
  return {
    value: layout.valueSlot,
    keepsValue: layout.keepsValue,
    start: layout.offset === null ? layout.startSlot : null,
    // Of octets that are not kept, the end is what tells that they are there.
    end: layout.octets === null || !layout.keepsValue ? layout.endSlot : null,
    from: layout.from,
    to: layout.to,
    arm: layout.armSlot,
    stream: layout.streamSlot,
  };
}

/** Of a repeated field every place is a list; `[n]` is the element being read. */
export function elementSlots(slots: Slots, index: string): Slots {
  const element = (list: string): string => `${list}[${index}]`;
  return {
    value: element(slots.value),
    keepsValue: slots.keepsValue,
    start: slots.start === null ? null : element(slots.start),
    end: slots.end === null ? null : element(slots.end),
    from: element(slots.from),
    to: element(slots.to),
    arm: element(slots.arm),
    stream: element(slots.stream),
  };
}
