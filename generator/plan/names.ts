import type { EnumId, Protocol, ProtocolFieldId, TypeId } from '../../spec/index.ts';
import { isReserved } from '../lua/lua-text.ts';

/** Hands out Lua identifiers: each at most once, always the same for the same spec. */
export class NameSpace {
  readonly #taken = new Set<string>();

  claim(wish: string): string {
    const base = identifier(wish);
    let name = base;
    for (let number = 2; this.#taken.has(name); number += 1) name = `${base}_${String(number)}`;
    this.#taken.add(name);
    return name;
  }
}

/** Letters, digits and underscores; never a word of Lua's own, never beginning with a digit. */
function identifier(wish: string): string {
  const clean = wish.replace(/[^A-Za-z0-9_]/gu, '_');
  return isReserved(clean) || /^[0-9]/u.test(clean) || clean === '' ? `${clean}_` : clean;
}

export interface Names {
  readonly type: (id: TypeId) => string;
  /** Key in the table `fields`. */
  readonly field: (id: ProtocolFieldId) => string;
  /** Key in the tables `values` (what Wireshark shows) and `names` (identifiers). */
  readonly enum: (id: EnumId) => string;
}

/**
 * Types are called by their path below the file's top type (`close_body`), the root by the protocol's id;
 * fields by their display filter without the protocol's prefix.
 */
export function nameThings(protocol: Protocol): Names {
  const typeSpace = new NameSpace();
  const root = typeSpace.claim(protocol.id);
  const types = protocol.types.map((type) => {
    if (type.id === protocol.root) return root;
    const path = type.path[0] === protocol.id && type.path.length > 1 ? type.path.slice(1) : type.path;
    return typeSpace.claim(path.join('_'));
  });
  const fieldSpace = new NameSpace();
  const prefix = `${protocol.filter}.`;
  const fields = protocol.protocolFields.map((field) =>
    fieldSpace.claim(field.filter.startsWith(prefix) ? field.filter.slice(prefix.length) : field.filter),
  );
  const enumSpace = new NameSpace();
  const enums = protocol.enums.map((one) => {
    const path = one.path[0] === protocol.id && one.path.length > 1 ? one.path.slice(1) : one.path;
    return enumSpace.claim(path.join('_'));
  });
  return {
    enum: (id) => enums[id] ?? `enum_${String(id)}`,
    type: (id) => types[id] ?? `type_${String(id)}`,
    field: (id) => fields[id] ?? `field_${String(id)}`,
  };
}
