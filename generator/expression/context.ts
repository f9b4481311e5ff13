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
}

/** The scope of a whole object: of its checks, its info, its value instances. */
export function wholeObject(self: string, type: TypeId): Scope {
  return {
    self,
    type,
    fieldsRead: Number.POSITIVE_INFINITY,
    position: null,
    it: null,
    index: null,
    knownParams: false,
  };
}
