import type { EnumType } from '../../spec/index.ts';
import type { ScalarKind } from '../suite/field-paths.ts';
import { literalAs } from '../suite/literal.ts';

/** A scalar as a tests file has it: what it means depends on the member that it is for. */
export class Written {
  readonly text: string;
  /** It stands in quotes: octets are text then. */
  readonly quoted: boolean;

  constructor(text: string, quoted: boolean) {
    this.text = text;
    this.quoted = quoted;
  }
}

/** What is given of a PDU; null: the member is absent; undefined: nothing is said. */
export type Given =
  | number
  | bigint
  | boolean
  | string
  | Uint8Array
  | Written
  | null
  | undefined
  | readonly Given[]
  | { readonly [id: string]: Given };
export type GivenMap = Readonly<Record<string, Given>>;

/** The longest text that `{repeat: x, n: 126}` may stand for, in characters. */
export const MAX_REPEATED = 1 << 20;

export function isMap(given: Given): given is GivenMap {
  if (typeof given !== 'object' || given === null) return false;
  return !Array.isArray(given) && !(given instanceof Uint8Array) && !(given instanceof Written);
}

/** The scalar that is meant, in the one form that the encoder computes with; undefined: it is none of that kind. */
export function scalarOf(kind: ScalarKind, given: Given, enums: readonly EnumType[]): Scalar | undefined {
  if (given instanceof Written) return writtenAs(kind, given, enums);
  if (isMap(given)) return repeatedAs(kind, given, enums);
  switch (kind) {
    case 'int':
      return intOf(given, enums);
    case 'bool':
      return typeof given === 'boolean' ? given : undefined;
    case 'float':
      return typeof given === 'number' || typeof given === 'bigint' ? Number(given) : undefined;
    case 'string':
      return typeof given === 'string' ? given : undefined;
    case 'bytes':
      if (given instanceof Uint8Array) return given;
      return typeof given === 'string' ? new Uint8Array(Buffer.from(given, 'utf8')) : undefined;
  }
}

export type Scalar = bigint | number | boolean | string | Uint8Array;

function intOf(given: Given, enums: readonly EnumType[]): bigint | undefined {
  if (typeof given === 'bigint') return given;
  if (typeof given === 'number') return Number.isInteger(given) ? BigInt(given) : undefined;
  if (typeof given !== 'string') return undefined;
  const text = literalAs('int', { text: given, quoted: false }, enums);
  return text === undefined ? undefined : BigInt(text);
}

function writtenAs(kind: ScalarKind, written: Written, enums: readonly EnumType[]): Scalar | undefined {
  const text = literalAs(kind, written, enums);
  if (text === undefined) {
    // A word that is no hex can only be meant as text.
    return kind === 'bytes' ? new Uint8Array(Buffer.from(written.text, 'utf8')) : undefined;
  }
  switch (kind) {
    case 'int':
      return BigInt(text);
    case 'bool':
      return text === '1';
    case 'float':
      return Number(text.replace('inf', 'Infinity'));
    case 'string':
      return text;
    case 'bytes':
      return new Uint8Array(Buffer.from(text, 'hex'));
  }
}

/** `{repeat: x, n: 126}` */
function repeatedAs(kind: ScalarKind, given: GivenMap, enums: readonly EnumType[]): Scalar | undefined {
  const unit = isRepetition(given) ? scalarOf(kind, given['repeat'], enums) : undefined;
  const count = scalarOf('int', given['n'], []);
  if (unit === undefined || typeof count !== 'bigint' || count < 0n) return undefined;
  const times = Number(count);
  if (typeof unit === 'string' && unit.length * times <= MAX_REPEATED) return unit.repeat(times);
  if (!(unit instanceof Uint8Array) || unit.length * times > MAX_REPEATED) return undefined;
  const all = new Uint8Array(unit.length * times);
  for (let at = 0; at < all.length && unit.length > 0; at += unit.length) all.set(unit, at);
  return all;
}

export function isRepetition(given: Given): boolean {
  return isMap(given) && 'repeat' in given && 'n' in given && Object.keys(given).length === 2;
}
