import type { Protocol } from '../../spec/index.ts';
import type { PathStep } from '../suite/suite.ts';
import { deflateRaw } from './deflate-raw.ts';
import { EncodeError } from './encode-error.ts';
import { type Given, type GivenMap, isMap, scalarOf } from './given.ts';

/** Octets that a map stands for. */
export interface OctetForm {
  readonly octets: Uint8Array;
  /** They stand in the PDU as they are: nothing is put around them, no process changes them. */
  readonly onWire: boolean;
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  hex: ['hex'],
  wire: ['wire'],
  repeat: ['repeat', 'n'],
  deflate: ['deflate', 'after', 'window', 'part'],
};

/**
 * `{hex: 68 69}`: octets of the value, also of one that is text or an object. `{wire: 68 69}`: as they stand in the PDU.
 * `{repeat: x, n: 126}`. `{deflate: Hello}`: as a message is compressed, see `deflateRaw`.
 */
export function octetForm(
  given: Given,
  protocol: Protocol,
  steps: readonly PathStep[],
): OctetForm | undefined {
  if (!isMap(given)) return undefined;
  const form = Object.keys(KEYS).find((key) => key in given);
  const known = form === undefined ? undefined : KEYS[form];
  if (form === undefined || known === undefined) return undefined;
  const other = Object.keys(given).find((key) => !known.includes(key));
  if (other !== undefined) {
    throw new EncodeError(
      steps,
      `has "${other}", which does not go with "${form}"; what does is ${known.join(', ')}`,
    );
  }
  if (form === 'deflate') return { octets: deflated(given, protocol, steps), onWire: false };
  const value = form === 'repeat' ? given : given[form];
  return { octets: octetsOf(value, form, steps), onWire: form === 'wire' };
}

/** Octets in hex, text in quotes. */
function octetsOf(given: Given, what: string, steps: readonly PathStep[]): Uint8Array {
  const octets = scalarOf('bytes', given, []);
  if (octets instanceof Uint8Array) return octets;
  throw new EncodeError(steps, `must have hex, or text in quotes, under "${what}"`);
}

function deflated(given: GivenMap, { processes }: Protocol, steps: readonly PathStep[]): Uint8Array {
  const [process] = processes;
  const window = numberOf(given['window'], 'window', steps) ?? 15;
  if (window < 8 || window > 15) throw new EncodeError(steps, 'must have a "window" of 8 to 15 bits');
  const { after } = given;
  const before = after === undefined ? [] : Array.isArray(after) ? (after as readonly Given[]) : [after];
  const all = deflateRaw(octetsOf(given['deflate'], 'deflate', steps), {
    window,
    after: before.map((one) => octetsOf(one, 'after', steps)),
    append: process?.append ?? new Uint8Array(),
  });
  return partOf(all, given['part'], steps);
}

/** `part: [0, 3]`: the first three octets, for the first of several fragments; `[3]`: what is left. */
function partOf(octets: Uint8Array, part: Given, steps: readonly PathStep[]): Uint8Array {
  if (part === undefined) return octets;
  const ends = Array.isArray(part) ? (part as readonly Given[]) : [];
  const [start, end = octets.length] = ends.map((one) => numberOf(one, 'part', steps));
  if (start === undefined || ends.length > 2 || start > end || end > octets.length) {
    const message = `must have a "part" of one or two positions in ${octets.length} octets, as [0, 3]`;
    throw new EncodeError(steps, message);
  }
  return octets.subarray(start, end);
}

function numberOf(given: Given, what: string, steps: readonly PathStep[]): number | undefined {
  if (given === undefined) return undefined;
  const value = scalarOf('int', given, []);
  if (typeof value === 'bigint' && value >= 0n && value < 1n << 32n) return Number(value);
  throw new EncodeError(steps, `must have an integer under "${what}"`);
}
