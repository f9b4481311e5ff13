import type { DecodedItem, DecodedStruct, Value } from '../decode/decoded.ts';

/** The item of a member by its id in the spec; undefined when it is absent. */
export function itemOf(object: DecodedStruct, id: string): DecodedItem | undefined {
  return object.items.find((item) => item.member.id === id);
}

/** Value at a dotted path of ids, e.g. `payload.code`; undefined when a step of it is absent. */
export function valueAt(root: DecodedStruct, path: string): Value {
  let value: Value = root;
  for (const id of path.split('.')) {
    if (!isStruct(value)) return undefined;
    value = itemOf(value, id)?.value;
  }
  return value;
}

export function numberAt(root: DecodedStruct, path: string): number | undefined {
  const value = valueAt(root, path);
  return typeof value === 'bigint' ? Number(value) : typeof value === 'number' ? value : undefined;
}

export function bytesAt(root: DecodedStruct, path: string): Uint8Array | undefined {
  const value = valueAt(root, path);
  return value instanceof Uint8Array ? value : undefined;
}

export function isStruct(value: Value): value is DecodedStruct {
  return typeof value === 'object' && 'items' in value;
}
