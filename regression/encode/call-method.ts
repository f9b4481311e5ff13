import type { Expr } from '../../spec/index.ts';
import type { EncValue } from './built.ts';
import { NotKnown } from './encode-error.ts';
import { compare } from './operators.ts';
import { textOctets } from './text-octets.ts';

/** Of everything but objects and streams. What only reading can tell, as text from octets, is not known here. */
export function callMethod(
  { method }: Expr & { kind: 'call' },
  object: EncValue,
  args: readonly EncValue[],
): EncValue {
  if (typeof object === 'bigint' || typeof object === 'number' || typeof object === 'boolean')
    return ofNumber(method, object);
  if (typeof object === 'string') return ofText(method, object, args);
  if (object instanceof Uint8Array) return ofList(method, [...object].map(BigInt));
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
      return characters.slice(Number(args[0]), Number(args[1])).join('');
    case 'to-i': {
      const value = Number.parseInt(text, Number(args[0] ?? 10n));
      if (Number.isNaN(value)) throw new NotKnown();
      return BigInt(value);
    }
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
