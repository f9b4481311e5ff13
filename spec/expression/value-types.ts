import type { ValueType } from '../ir/value-type.ts';
import { typeName } from '../passes/symbols.ts';
import type { SpecModel } from '../passes/symbols.ts';

export type IntType = Extract<ValueType, { kind: 'int' }>;

export const BOOL: ValueType = { kind: 'bool' };
export const FLOAT: ValueType = { kind: 'float' };
export const STRING: ValueType = { kind: 'string' };
export const BYTES: ValueType = { kind: 'bytes' };
export const IO: ValueType = { kind: 'io' };
export const OCTET: ValueType = { kind: 'int', min: 0n, max: 255n };
export const NO_STRUCT: ValueType = { kind: 'struct', type: null };
/**
 * Positions, sizes and repetition numbers: no data has 2^48 octets, and the bound keeps arithmetic on them exact
 * in a double.
 */
export const POSITION: ValueType = { kind: 'int', min: 0n, max: (1n << 48n) - 1n };
export const ANY_INT: ValueType = { kind: 'int', min: -(1n << 63n), max: (1n << 63n) - 1n };

/**
 * The type of what is wrong and has been reported: everything may be done with it without another word.
 * Told from `any` by identity; it never reaches the IR, for a spec with errors has none.
 */
export const POISON: ValueType = { kind: 'any' };

export function isPoison(type: ValueType): boolean {
  return type === POISON || (type.kind === 'array' && isPoison(type.element));
}

export function unsignedType(bits: number): ValueType {
  return { kind: 'int', min: 0n, max: (1n << BigInt(bits)) - 1n };
}

export function signedType(bits: number): ValueType {
  return { kind: 'int', min: -(1n << BigInt(bits - 1)), max: (1n << BigInt(bits - 1)) - 1n };
}

/** For messages: `a boolean`, `an object of the type "header"`. */
export function describeType(type: ValueType, model: SpecModel): string {
  switch (type.kind) {
    case 'int':
      return 'an integer';
    case 'float':
      return 'a floating-point number';
    case 'bool':
      return 'a boolean';
    case 'string':
      return 'text';
    case 'bytes':
      return 'octets';
    case 'enum': {
      const symbol = model.enums[type.enum];
      return symbol === undefined ? 'an enum' : `a value of the enum "${symbol.decl.id}"`;
    }
    case 'struct': {
      const symbol = type.type === null ? undefined : model.typesById[type.type];
      return symbol === undefined
        ? 'an object of unknown type'
        : `an object of the type "${typeName(symbol)}"`;
    }
    case 'array':
      return `a list (of ${describeType(type.element, model)})`;
    case 'io':
      return 'a stream';
    case 'any':
      return 'a value of several possible types';
  }
}

export function sameType(left: ValueType, right: ValueType): boolean {
  if (left.kind !== right.kind) return false;
  if (left.kind === 'array' && right.kind === 'array') return sameType(left.element, right.element);
  if (left.kind === 'enum' && right.kind === 'enum') return left.enum === right.enum;
  if (left.kind === 'struct' && right.kind === 'struct') return left.type === right.type;
  return true;
}

/** The type of something that is one or the other; undefined: they have none in common. */
export function commonType(left: ValueType, right: ValueType): ValueType | undefined {
  if (isPoison(left)) return left;
  if (isPoison(right)) return right;
  if (left.kind === 'any' || right.kind === 'any') return { kind: 'any' };
  if (isNumber(left) && isNumber(right)) return commonNumber(left, right);
  if (left.kind === 'struct' && right.kind === 'struct') return left.type === right.type ? left : NO_STRUCT;
  if (left.kind === 'array' && right.kind === 'array') {
    const element = commonType(left.element, right.element);
    return element === undefined ? undefined : { kind: 'array', element };
  }
  return sameType(left, right) ? left : undefined;
}

function commonNumber(left: ValueType, right: ValueType): ValueType {
  return left.kind === 'int' && right.kind === 'int' ? intHull(left, right) : FLOAT;
}

export function isNumber(type: ValueType): boolean {
  return type.kind === 'int' || type.kind === 'float';
}

function intHull(left: IntType, right: IntType): IntType {
  return {
    kind: 'int',
    min: left.min < right.min ? left.min : right.min,
    max: left.max > right.max ? left.max : right.max,
  };
}
