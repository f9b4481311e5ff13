import type { Expr } from '../../spec/index.ts';
import type { EncValue } from './built.ts';
import { NotKnown } from './encode-error.ts';
import { compare } from './operators.ts';
import { octetsText, textOctets } from './text-octets.ts';

/** Of everything but objects and streams. */
export function callMethod(
  { method }: Expr & { kind: 'call' },
  object: EncValue,
  args: readonly EncValue[],
): EncValue {
  if (typeof object === 'bigint' || typeof object === 'number' || typeof object === 'boolean')
    return ofNumber(method, object);
  if (typeof object === 'string') return ofText(method, object, args);
  if (object instanceof Uint8Array) return ofOctets(method, object, args);
  if (Array.isArray(object)) return ofList(method, object as readonly EncValue[]);
  throw new NotKnown();
}

function ofNumber(method: string, value: bigint | number | boolean): EncValue {
  if (method === 'to-s') return value.toString();
  if (method === 'to-i') return typeof value === 'bigint' ? value : BigInt(Math.trunc(Number(value)));
  throw new NotKnown();
}

function ofText(method: string, text: string, args: readonly EncValue[]): EncValue {
  const characters = [...text];
  switch (method) {
    case 'length':
      return BigInt(characters.length);
    case 'reverse':
      return characters.reverse().join('');
    case 'substring':
      return characters.slice(Math.max(Number(args[0]), 0), Math.max(Number(args[1]), 0)).join('');
    case 'to-i':
      return integerIn(text, Number(args[0] ?? 10n));
    case 'to-b': {
      const [encoding] = args;
      const octets = typeof encoding === 'string' ? textOctets(text, encoding) : undefined;
      if (octets === undefined) throw new NotKnown();
      return octets;
    }
    default:
      throw new NotKnown();
  }
}

function ofOctets(method: string, octets: Uint8Array, [encoding]: readonly EncValue[]): EncValue {
  if (method === 'is-utf8') return octetsText(octets, 'UTF-8') !== undefined;
  if (method !== 'to-s') return ofList(method, [...octets].map(BigInt));
  if (typeof encoding !== 'string') throw new NotKnown();
  return some(octetsText(octets, encoding));
}

/** The whole text: a sign, and digits of the base. */
function integerIn(text: string, base: number): bigint {
  const match = /^([+-]?)([0-9a-z]+)$/i.exec(text);
  let value = 0n;
  for (const digit of match?.[2] ?? '') {
    const weight = Number.parseInt(digit, base);
    if (Number.isNaN(weight)) throw new NotKnown();
    value = value * BigInt(base) + BigInt(weight);
  }
  if (match === null) throw new NotKnown();
  return match[1] === '-' ? -value : value;
}

function ofList(method: string, list: readonly EncValue[]): EncValue {
  const sorted = (): readonly EncValue[] => [...list].sort((a, b) => (compare('lt', a, b) ? -1 : 1));
  switch (method) {
    case 'length':
    case 'size':
      return BigInt(list.length);
    case 'first':
      return some(list[0]);
    case 'last':
      return some(list.at(-1));
    case 'min':
      return some(sorted()[0]);
    case 'max':
      return some(sorted().at(-1));
    default:
      throw new NotKnown();
  }
}

function some(value: EncValue | undefined): EncValue {
  if (value === undefined) throw new NotKnown();
  return value;
}
