import type { EnumId, TypeId } from './protocol.ts';
import type { ValueType } from './value-type.ts';

/**
 * A typed expression. Names are resolved: every member access says which type owns the member and what kind of
 * member it is; every operator is the one operator that its operand types select.
 */
export type Expr =
  | { readonly kind: 'int'; readonly value: bigint; readonly type: ValueType }
  | { readonly kind: 'float'; readonly value: number; readonly type: ValueType }
  | { readonly kind: 'bool'; readonly value: boolean; readonly type: ValueType }
  | { readonly kind: 'string'; readonly value: string; readonly type: ValueType }
  /** A list literal whose elements are all constant octets is a byte array, as in Kaitai. */
  | { readonly kind: 'bytes'; readonly value: Uint8Array; readonly type: ValueType }
  /** A byte array some elements of which are computed. */
  | { readonly kind: 'byte-list'; readonly elements: readonly Expr[]; readonly type: ValueType }
  | { readonly kind: 'array'; readonly elements: readonly Expr[]; readonly type: ValueType }
  | {
      readonly kind: 'enum';
      readonly enum: EnumId;
      readonly value: bigint;
      readonly name: string;
      readonly type: ValueType;
    }
  /** `this`: the object in whose type the expression stands. */
  | { readonly kind: 'self'; readonly type: ValueType }
  /**
   * `_root` of an object: the outermost object around it whose type is of the same file. An object of a nested type
   * that is used from another file has none (absent), as in Kaitai.
   */
  | { readonly kind: 'root'; readonly object: Expr; readonly type: ValueType }
  | { readonly kind: 'parent'; readonly object: Expr; readonly type: ValueType }
  /** `_io` of an object: the stream it is read from. */
  | { readonly kind: 'io'; readonly object: Expr; readonly type: ValueType }
  /** `_index`: number of the repetition, from 0. */
  | { readonly kind: 'index'; readonly type: ValueType }
  /** `_`: the element just read (repeat-until), the value being validated (valid), the value switched on. */
  | { readonly kind: 'it'; readonly type: ValueType }
  | {
      readonly kind: 'member';
      readonly object: Expr;
      readonly owner: TypeId;
      readonly member: MemberRef;
      readonly type: ValueType;
    }
  | { readonly kind: 'not'; readonly operand: Expr; readonly type: ValueType }
  | { readonly kind: 'negate'; readonly operand: Expr; readonly type: ValueType }
  | { readonly kind: 'invert'; readonly operand: Expr; readonly type: ValueType }
  | {
      readonly kind: 'logic';
      readonly op: 'and' | 'or';
      readonly left: Expr;
      readonly right: Expr;
      readonly type: ValueType;
    }
  /** Operands are both int or both (int or) float; div and mod of ints are floored, see docs/adr. */
  | {
      readonly kind: 'arithmetic';
      readonly op: ArithmeticOp;
      readonly left: Expr;
      readonly right: Expr;
      readonly type: ValueType;
    }
  | { readonly kind: 'concat'; readonly left: Expr; readonly right: Expr; readonly type: ValueType }
  /** Both operands have one kind: int, float, bool (eq/ne), string, bytes, enum (eq/ne), or int against float. */
  | {
      readonly kind: 'compare';
      readonly op: CompareOp;
      readonly left: Expr;
      readonly right: Expr;
      readonly type: ValueType;
    }
  | {
      readonly kind: 'choose';
      readonly condition: Expr;
      readonly yes: Expr;
      readonly no: Expr;
      readonly type: ValueType;
    }
  /** Of an array, an element; of bytes, the octet as an int. */
  | { readonly kind: 'subscript'; readonly object: Expr; readonly index: Expr; readonly type: ValueType }
  /**
   * `.as<T>`: no conversion of the value, so an int keeps its own interval; only out of `any` an int takes the
   * interval of T, and an int that is cast to a float becomes one. Ints of an enum and enums of an int change their type.
   */
  | { readonly kind: 'cast'; readonly operand: Expr; readonly type: ValueType }
  | {
      readonly kind: 'call';
      readonly method: Method;
      readonly object: Expr;
      readonly args: readonly Expr[];
      readonly type: ValueType;
    }
  /** An f-string: string, int (printed in decimal) and literal parts. */
  | { readonly kind: 'format'; readonly parts: readonly Expr[]; readonly type: ValueType };

export type ArithmeticOp =
  'add' | 'sub' | 'mul' | 'div' | 'mod' | 'shl' | 'shr' | 'bit-and' | 'bit-or' | 'bit-xor';
export type CompareOp = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

/** Position in `fields`, `instances` or `params` of the owner. */
export type MemberRef =
  | { readonly kind: 'field'; readonly index: number; readonly id: string }
  | { readonly kind: 'instance'; readonly index: number; readonly id: string }
  | { readonly kind: 'param'; readonly index: number; readonly id: string };

/**
 * What can be called, by receiver:
 * int `to-s`; float `to-i`; bool `to-i`; enum `to-i`; string `to-i` (optional base), `length`, `reverse`,
 * `substring`, `to-b` (encoding); bytes `length`, `to-s` (encoding), `first`, `last`, `min`, `max`;
 * array `size`, `first`, `last`, `min`, `max`; io `pos`, `size`, `eof`; struct `sizeof` (of the object as read, octets).
 *
 * `is-utf8` is ours, not Kaitai's: true when the bytes are well-formed UTF-8 (RFC 3629). In a `.ksy` it is allowed in
 * expressions of the `-wireshark` key only.
 */
export type Method =
  | 'to-s'
  | 'to-i'
  | 'length'
  | 'size'
  | 'reverse'
  | 'substring'
  | 'to-b'
  | 'first'
  | 'last'
  | 'min'
  | 'max'
  | 'pos'
  | 'eof'
  | 'sizeof'
  | 'is-utf8'
  /** Of an enum: the name of its value, or its number in decimal when it has none (ours, `-wireshark` only). */
  | 'name';
