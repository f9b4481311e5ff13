import type { EnumId, TypeId } from './protocol.ts';

/**
 * The static type of an expression or a field.
 *
 * `int` carries the interval its values lie in. Both back ends choose their representation from it: inside
 * ±(2^53 - 1) a double is exact in JavaScript and in Lua 5.1-5.4, outside it they use bigint and UInt64/Int64.
 *
 * Integers have 64 bits. An interval lies within [0, 2^64) or within [-2^63, 2^63); a result that would reach beyond is
 * taken modulo 2^64 into the one of the two that its type names. Where a value passes from one representation to the
 * other (an argument, a cast, an arm of a switch) it is the type at the receiving end that says which it has there.
 */
export type ValueType =
  | { readonly kind: 'int'; readonly min: bigint; readonly max: bigint }
  | { readonly kind: 'float' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'string' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'enum'; readonly enum: EnumId }
  /** `type: null` is a struct of unknown type, on which no member can be read (an opaque or ambiguous `_parent`). */
  | { readonly kind: 'struct'; readonly type: TypeId | null }
  | { readonly kind: 'array'; readonly element: ValueType }
  | { readonly kind: 'io' }
  /** A switch whose arms have no common type: only a cast can make use of it. */
  | { readonly kind: 'any' };

export const SAFE_MAX = 9007199254740991n;

/** True when every value of the interval is exact in a double. */
export function isSafeInt(type: { readonly min: bigint; readonly max: bigint }): boolean {
  return type.min >= -SAFE_MAX && type.max <= SAFE_MAX;
}
