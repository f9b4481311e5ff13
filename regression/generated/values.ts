import type { Content, Extent, Protocol } from '../../spec/index.ts';
import type { Scalar } from '../encode/given.ts';

/** Where lengths change their form: with nothing, with one, at the ends of what fits into seven bits and two octets. */
export const SHORT_LENGTHS = [0, 1, 125, 126, 127];
export const LONG_LENGTHS = [65_535, 65_536];

export type ScalarContent = Exclude<Content, { kind: 'switch' | 'struct' | 'contents' }>;
type Variable = Content & { kind: 'integer' | 'bits' };

/** The values that an integer can have. */
export function intervalOf(content: Variable): readonly [bigint, bigint] {
  const bits = BigInt(content.kind === 'bits' ? content.width : content.octets * 8);
  const isSigned = content.kind === 'integer' && content.signed;
  return isSigned ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
}

/** Values of the enum that fit, as listed. */
export function namedValues(protocol: Protocol, content: Variable): readonly bigint[] {
  const id = content.kind === 'bits' && content.boolean ? null : content.enum;
  const [min, max] = intervalOf(content);
  const all = id === null ? [] : (protocol.enums[id]?.values ?? []);
  return all.map(({ value }) => value).filter((value) => value >= min && value <= max);
}

/** The first value that has no name; undefined: all have one. */
export function unnamedValue(protocol: Protocol, content: Variable): bigint | undefined {
  const named = new Set(namedValues(protocol, content));
  const [min, max] = intervalOf(content);
  const start = named.has(0n) || min < 0n ? 0n : min;
  for (let value = start; value <= max && value <= start + BigInt(named.size); value += 1n)
    if (!named.has(value)) return value;
  return undefined;
}

/** No octet of it is like another, so that a wrong place or order shows. */
export function telling(content: Variable, salt: number): bigint {
  const bits = content.kind === 'bits' ? content.width : content.octets * 8;
  let value = 0n;
  for (let at = 0; at * 8 < bits; at += 1)
    value = (value << 8n) | BigInt((0x11 + salt * 0x17 + at * 0x25) & 0x7f);
  const kept = bits - (content.kind === 'integer' && content.signed ? 1 : 0);
  const fitting = value & ((1n << BigInt(kept)) - 1n);
  return fitting === 0n && kept > 0 ? 1n : fitting;
}

/** Octets that differ from one to the next. */
export function tellingOctets(length: number, salt: number): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (0x41 + salt * 7 + at * 3) & 0x7f || 1);
}

export function tellingText(length: number, salt: number): string {
  return Array.from({ length }, (_, at) => String.fromCharCode(0x61 + ((salt + at) % 26))).join('');
}

/** The size that a spec fixes; undefined: none. */
export function fixedSize({ length }: Extent): number | undefined {
  return length.kind === 'size' && length.octets.kind === 'int' ? Number(length.octets.value) : undefined;
}

/** Octets or text of a length; undefined: the content is neither, or has no such length. */
export function ofLength(content: ScalarContent, length: number, salt: number): Scalar | undefined {
  if (content.kind !== 'bytes' && content.kind !== 'opaque' && content.kind !== 'string') return undefined;
  const { extent } = content;
  if (!canHave(extent, length)) return undefined;
  const ending = extent.include && extent.terminator !== null ? extent.terminator : new Uint8Array();
  if (content.kind === 'string') {
    const unit = unitOf(content.encoding);
    if (length % unit !== 0) return undefined;
    return tellingText(length / unit, salt) + Buffer.from(ending).toString('latin1');
  }
  // A run is written shorter, and what is masked or compressed shows best in it.
  const octets = length > 64 ? new Uint8Array(length).fill(0x61) : tellingOctets(length, salt);
  return new Uint8Array(Buffer.concat([octets, ending]));
}

function canHave(extent: Extent, length: number): boolean {
  const fixed = fixedSize(extent);
  if (fixed === undefined) return true;
  return extent.padRight !== null || extent.terminator !== null ? length <= fixed : length === fixed;
}

function unitOf(encoding: string): number {
  const wide = /^UTF-(16|32)/.exec(encoding)?.[1];
  return wide === undefined ? 1 : Number(wide) / 8;
}

/** A length that is at home everywhere: fixed where it is fixed, else a few. */
export function usualLength(content: ScalarContent): number {
  if (content.kind !== 'bytes' && content.kind !== 'opaque' && content.kind !== 'string') return 0;
  const fixed = fixedSize(content.extent);
  return fixed === undefined ? 4 : Math.min(fixed, 1 << 16);
}
