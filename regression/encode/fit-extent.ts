import { deflateSync } from 'node:zlib';
import type { Extent } from '../../spec/index.ts';
import type { PathStep } from '../suite/suite.ts';
import { EncodeError } from './encode-error.ts';
import type { Scope } from './evaluate.ts';
import type { Plan } from './plan.ts';

export interface ProcessContext {
  readonly plan: Plan;
  readonly scope: Scope;
  readonly steps: readonly PathStep[];
}

/** What the octets are on the wire: the inverse of what reading does with them. */
export function processed(octets: Uint8Array, { process }: Extent, context: ProcessContext): Uint8Array {
  const { plan, scope, steps } = context;
  switch (process?.kind) {
    case undefined:
      return octets;
    case 'xor': {
      const key = plan.evaluator.value(process.key, scope);
      const octetsOfKey = key instanceof Uint8Array ? key : Uint8Array.of(Number(key) & 0xff);
      const { length } = octetsOfKey;
      return length === 0 ? octets : octets.map((octet, at) => octet ^ (octetsOfKey[at % length] ?? 0));
    }
    case 'rotate': {
      const by = Number(plan.evaluator.int(process.bits, scope)) & 7;
      const left = process.direction === 'left' ? (8 - by) & 7 : by;
      return octets.map((octet) => ((octet << left) | (octet >> (8 - left))) & 0xff);
    }
    case 'zlib':
      return new Uint8Array(deflateSync(octets));
    case 'custom':
      throw new EncodeError(steps, `is processed by "${process.name}", which cannot be undone here`);
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
  const unit = terminator.length;
  let at = 0;
  while (at + unit <= octets.length && terminator.some((octet, index) => octets[at + index] !== octet))
    at += unit;
  const isAtEnd = at + unit === octets.length;
  const isInside = at + unit <= octets.length;
  if (isInside && !(include && isAtEnd)) throw new EncodeError(steps, 'has its terminator inside');
  const needsEnd = length.kind === 'size' ? padRight === null && octets.length !== room : eosError;
  if (include && !isInside && length.kind !== 'rest' && needsEnd)
    throw new EncodeError(steps, 'must end with its terminator');
}

/** With terminator and padding, as far as there is room. */
export function fitted(octets: Uint8Array, extent: Extent, room: number | undefined): Uint8Array {
  const { terminator, include, consume, length, padRight } = extent;
  let written = octets;
  const needsEnd = terminator !== null && !include && length.kind !== 'rest';
  const isFull = room !== undefined && octets.length + (terminator?.length ?? 0) > room;
  const isOutside = length.kind === 'terminated' && !consume;
  if (needsEnd && !isFull && !isOutside) written = new Uint8Array(Buffer.concat([octets, terminator]));
  return padded(written, room, padRight ?? (terminator === null ? undefined : 0));
}

function padded(written: Uint8Array, room: number | undefined, filler: number | undefined): Uint8Array {
  if (room === undefined || filler === undefined || written.length >= room) return written;
  const all = new Uint8Array(room).fill(filler);
  all.set(written);
  return all;
}
