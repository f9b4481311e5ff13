import { deflateSync } from 'node:zlib';
import type { Extent } from '../../spec/index.ts';
import type { PathStep } from '../suite/suite.ts';
import { EncodeError } from './encode-error.ts';
import type { Scope } from './evaluate.ts';
import { type Image, saying } from './octet-writer.ts';
import type { Plan } from './plan.ts';

/** Octets, and which of their bits a value decides. */
export type Octets = Pick<Image, 'octets' | 'said'>;

export interface ProcessContext {
  readonly plan: Plan;
  readonly scope: Scope;
  readonly steps: readonly PathStep[];
}

/** What the octets are on the wire: the inverse of what reading does with them. */
export function processed(given: Octets, { process }: Extent, context: ProcessContext): Octets {
  const { plan, scope, steps } = context;
  const { octets, said } = given;
  switch (process?.kind) {
    case undefined:
      return given;
    case 'xor': {
      const key = plan.evaluator.value(process.key, scope);
      const octetsOfKey = key instanceof Uint8Array ? key : Uint8Array.of(Number(key) & 0xff);
      const { length } = octetsOfKey;
      if (length === 0) throw new EncodeError(steps, 'is combined with a key that is empty');
      return { octets: octets.map((octet, at) => octet ^ (octetsOfKey[at % length] ?? 0)), said };
    }
    case 'rotate': {
      const by = ((Number(plan.evaluator.int(process.bits, scope)) % 8) + 8) % 8;
      const left = process.direction === 'left' ? (8 - by) & 7 : by;
      const rotate = (octet: number): number => ((octet << left) | (octet >> (8 - left))) & 0xff;
      return { octets: octets.map(rotate), said: said.map(rotate) };
    }
    case 'zlib':
      return saying(new Uint8Array(deflateSync(octets)));
    case 'custom':
      throw new EncodeError(
        steps,
        `is processed by "${process.name}", which cannot be undone here; give its octets as they are in the PDU, as {wire: 01 02}`,
      );
  }
}

/** Reading looks for the terminator first: it cannot stand inside, and where it is part of the value it must be its end. */
export function refuseTerminator(
  octets: Uint8Array,
  extent: Extent,
  { room, steps }: { readonly room: number | undefined; readonly steps: readonly PathStep[] },
): void {
  const { terminator, include, length, eosError, padRight } = extent;
  if (terminator === null) return;
  const at = terminatorIn(octets, terminator);
  const isInside = at !== undefined;
  const isAtEnd = isInside && at + terminator.length === octets.length;
  if (isInside && !(include && isAtEnd)) throw new EncodeError(steps, 'has its terminator inside');
  const needsEnd = length.kind === 'size' ? padRight === null && octets.length !== room : eosError;
  if (include && !isInside && length.kind !== 'rest' && needsEnd)
    throw new EncodeError(steps, 'must end with its terminator');
}

/** Terminators of two or four octets stand at multiples of their length. */
function terminatorIn(octets: Uint8Array, terminator: Uint8Array): number | undefined {
  const unit = terminator.length;
  for (let at = 0; at + unit <= octets.length; at += unit)
    if (terminator.every((octet, index) => octets[at + index] === octet)) return at;
  return undefined;
}

/** Padding is stripped where no terminator was found: a value cannot end in it. */
export function refusePadding(
  octets: Uint8Array,
  { padRight, terminator, include, length }: Extent,
  { room, steps }: { readonly room: number | undefined; readonly steps: readonly PathStep[] },
): void {
  if (padRight === null || octets.at(-1) !== padRight) return;
  if (terminator !== null) {
    const isFound = include && terminatorIn(octets, terminator) !== undefined;
    const isRoom = length.kind === 'rest' || octets.length + terminator.length <= (room ?? 0);
    const willBeThere = !include && isRoom;
    if (isFound || willBeThere) return;
  }
  throw new EncodeError(steps, `ends in its padding, ${hex(padRight)}, which reading takes away`);
}

function hex(octet: number): string {
  return `0x${octet.toString(16).padStart(2, '0')}`;
}

/** With terminator and padding, as far as there is room. */
export function fitted(given: Octets, extent: Extent, room: number | undefined): Octets {
  const { terminator, padRight } = extent;
  const { octets } = given;
  const end = endOf(octets, extent, room);
  const filler = padRight ?? (terminator === null ? undefined : 0);
  const length = octets.length + end.length;
  const size = filler === undefined ? length : Math.max(length, room ?? 0);
  if (size === octets.length) return given;
  const all = { octets: new Uint8Array(size).fill(filler ?? 0), said: new Uint8Array(size) };
  all.octets.set(octets);
  all.octets.set(end, octets.length);
  all.said.set(given.said);
  // What ends a value that could be padded as well is not decided by the value, nor what stands behind a terminator.
  if (padRight === null || octets.at(-1) === padRight) all.said.fill(0xff, octets.length, length);
  if (terminator === null) all.said.fill(0xff, octets.length);
  return all;
}

const NO_OCTETS = new Uint8Array();

/** The terminator, where reading takes it with the value and there is room for it. */
function endOf(octets: Uint8Array, extent: Extent, room: number | undefined): Uint8Array {
  const { terminator, include, consume, length, padRight } = extent;
  if (terminator === null || include) return NO_OCTETS;
  // The end of the data ends the value, unless that would take padding away from it.
  if (length.kind === 'rest') return octets.at(-1) === padRight ? terminator : NO_OCTETS;
  if (room !== undefined && octets.length + terminator.length > room) return NO_OCTETS;
  return length.kind === 'terminated' && !consume ? NO_OCTETS : terminator;
}

/** Not known: a size that is negative, or that no vector has. */
export function roomOf(size: bigint | undefined, most: number): number | undefined {
  return size === undefined || size < 0n || size > BigInt(most) ? undefined : Number(size);
}
