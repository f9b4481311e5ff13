import { type DecodedStruct, memberValue, type Value } from '../../analyzer/index.ts';
import type { Field, Instance } from '../../spec/index.ts';
import type { Given, GivenMap } from './given.ts';

/** Objects that are read at a position may be read again and again; nobody gives so many values. */
const MAX_OBJECTS = 20_000;

/** All values of a PDU that was decoded, as they could be given to be written: its fields, and what is read at a position. */
export function givenOf(object: DecodedStruct): GivenMap {
  return new Collector().object(object, []);
}

class Collector {
  #left = MAX_OBJECTS;

  object(object: DecodedStruct, around: readonly DecodedStruct[]): GivenMap {
    this.#left -= 1;
    const inside = [...around, object];
    const members = [...object.type.fields, ...object.type.instances].filter(isRead);
    return Object.fromEntries(
      members.flatMap((member): readonly (readonly [string, Given])[] => {
        const found = memberValue(object, member.id);
        if ('error' in found) return [];
        // An absent member is said to be absent: its condition must come out so.
        if (found.value === undefined) return member.when === null ? [] : [[member.id, null]];
        const given = this.#value(found.value, inside);
        return given === undefined ? [] : [[member.id, given]];
      }),
    );
  }

  #value(value: Value, around: readonly DecodedStruct[]): Given {
    if (value === undefined) return undefined;
    if (Array.isArray(value)) return (value as readonly Value[]).map((item) => this.#value(item, around));
    if (typeof value !== 'object' || value instanceof Uint8Array) return value;
    const object = value as DecodedStruct;
    if (this.#left <= 0 || around.some((outer) => isSame(outer, object))) return undefined;
    return this.object(object, around);
  }
}

function isRead(member: Field | Instance): boolean {
  return 'content' in member;
}

/** Recursive types that are read at a position come to where they stand already. */
function isSame(a: DecodedStruct, b: DecodedStruct): boolean {
  return (
    a === b || (a.type === b.type && a.range.source === b.range.source && a.range.start === b.range.start)
  );
}
