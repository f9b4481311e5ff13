import type { EnumId, TypeId, ValueInstance } from '../../spec/index.ts';
import type { HelperSet } from '../helpers.ts';
import type { LuaExpr } from '../lua/lua-expr.ts';
import type { Plan } from '../plan/plan.ts';

/** What all expressions of a plugin share. */
export interface CompileContext {
  readonly plan: Plan;
  readonly helpers: HelperSet;
  /** Enums whose identifiers are asked for by name (`.name` in an expression). */
  readonly namedEnums: Set<EnumId>;
  /** Whether evaluating the instance can raise a problem. */
  readonly valueIsFallible: (owner: TypeId, instance: ValueInstance) => boolean;
}

/** Where an expression stands: what its names mean in Lua there. */
export interface Scope {
  /** Lua variable that holds the object, e.g. `o`. */
  readonly self: string;
  readonly type: TypeId;
  /** Fields of the object that are surely read (as far as they are there); Infinity: all. */
  readonly fieldsRead: number;
  /** Lua variable with the reading position of the object's stream; null: the stream knows it. */
  readonly position: string | null;
  /** What `_` is. */
  readonly it: LuaExpr | null;
  /** Lua expression of `_index`. */
  readonly index: string | null;
  /** Whether params that may be unknown have been found to be known. */
  readonly knownParams: boolean;
  /** Whether the object and all that hold it were read to their ends. */
  readonly wholeTree: boolean;
}

/** The scope of an object being read (or worked out) of which the first fields are read. */
export function readingScope(type: TypeId, fieldsRead: number, position: string | null): Scope {
  return {
    self: 'o',
    type,
    fieldsRead,
    position,
    it: null,
    index: null,
    knownParams: false,
    wholeTree: false,
  };
}

/** The scope of a whole object in whole objects: of its checks and its info. */
export function wholeObject(self: string, type: TypeId): Scope {
  return { ...readingScope(type, Number.POSITIVE_INFINITY, null), self, wholeTree: true };
}
