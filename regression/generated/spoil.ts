import fc from 'fast-check';
import { leaves, wirePosition } from '../../analyzer/index.ts';
import type { Content, Field, Protocol } from '../../spec/index.ts';
import type { DirectDecoding } from '../run/decode-vector.ts';
import type { Sent } from '../suite/bare-vector.ts';
import { readFields } from './derived-fields.ts';

/** What is done to the octets of a frame. Places are taken modulo what there is. */
export type Spoiling =
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'flip'; readonly bit: number }
  | { readonly kind: 'insert'; readonly at: number; readonly octets: Uint8Array }
  | { readonly kind: 'remove'; readonly at: number; readonly count: number }
  | { readonly kind: 'put'; readonly at: number; readonly octet: number }
  /** A field that sizes and counts are computed from has another value. */
  | { readonly kind: 'lie'; readonly which: number; readonly how: (typeof LIES)[number] }
  | { readonly kind: 'random'; readonly octets: Uint8Array };

const LIES = ['zero', 'ones', 'more', 'less'] as const;
const MOST_RANDOM = 60;

export function spoilingArbitrary(): fc.Arbitrary<Spoiling> {
  const place = fc.nat(4000);
  const kinds: { readonly weight: number; readonly arbitrary: fc.Arbitrary<Spoiling> }[] = [
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('lie' as const),
        which: place,
        how: fc.constantFrom(...LIES),
      }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('flip' as const), bit: place }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const), at: place }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('insert' as const),
        at: place,
        octets: fc.uint8Array({ minLength: 1, maxLength: 4 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('remove' as const),
        at: place,
        count: fc.integer({ min: 1, max: 4 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('put' as const),
        at: place,
        octet: fc.constantFrom(0, 1, 0x7f, 0x80, 0xfe, 0xff),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('random' as const),
        octets: fc.uint8Array({ minLength: 1, maxLength: MOST_RANDOM }),
      }),
    },
  ];
  return fc.oneof(...kinds);
}

/** Bits of the wire, counted from the first octet of a part. */
export interface BitPlace {
  readonly part: number;
  readonly start: number;
  readonly length: number;
}

/** Where the fields lie that sizes and counts are computed from: of PDUs that are a part each. */
export function lengthPlaces(protocol: Protocol, { pdus }: DirectDecoding): readonly BitPlace[] {
  const ids = new Set([...readFields(protocol).derived].flatMap(({ content }: Field) => fieldIds(content)));
  return pdus.flatMap(({ decoded }, part) =>
    [...leaves(decoded)].flatMap(({ field, range }) => {
      if (range === null || range.source.derived !== null || !ids.has(field)) return [];
      return [{ part, ...wirePosition(range) }];
    }),
  );
}

function fieldIds(content: Content): readonly number[] {
  if (content.kind !== 'switch') return [content.field];
  return [...content.arms.map((arm) => arm.content), content.fallback].flatMap((arm) =>
    arm === null ? [] : fieldIds(arm),
  );
}

/** The parts with one spoilt; without octets nothing is left to be sent. */
export function spoil(
  sent: readonly Sent[],
  spoiling: Spoiling,
  places: readonly BitPlace[],
): readonly Sent[] {
  const index = partOf(sent, spoiling, places);
  const part = sent[index];
  if (part === undefined) return [];
  const octets = spoiltOctets(part.octets, spoiling, places);
  return sent
    .map((one, at) => (at === index ? { ...one, octets } : one))
    .filter((one) => one.octets.length > 0);
}

/** A lie where there is none to be told flips a bit. */
function partOf(sent: readonly Sent[], spoiling: Spoiling, places: readonly BitPlace[]): number {
  if (spoiling.kind === 'lie') return places[spoiling.which % Math.max(1, places.length)]?.part ?? 0;
  return spoiling.kind === 'cut' ? sent.length - 1 : 0;
}

function spoiltOctets(octets: Uint8Array, spoiling: Spoiling, places: readonly BitPlace[]): Uint8Array {
  const { length } = octets;
  switch (spoiling.kind) {
    case 'cut':
      return octets.slice(0, spoiling.at % Math.max(1, length));
    case 'flip':
      return flipped(octets, spoiling.bit % Math.max(1, length * 8));
    case 'insert':
      return spliced(octets, { at: spoiling.at % (length + 1), count: 0, by: spoiling.octets });
    case 'remove':
      return spliced(octets, {
        at: spoiling.at % Math.max(1, length),
        count: spoiling.count,
        by: new Uint8Array(),
      });
    case 'put':
      return spliced(octets, {
        at: spoiling.at % Math.max(1, length),
        count: 1,
        by: Uint8Array.of(spoiling.octet),
      });
    case 'random':
      return spoiling.octets;
    case 'lie': {
      const place = places[spoiling.which % Math.max(1, places.length)];
      return place === undefined
        ? flipped(octets, spoiling.which % Math.max(1, length * 8))
        : lied(octets, place, spoiling.how);
    }
  }
}

function flipped(octets: Uint8Array, bit: number): Uint8Array {
  return octets.map((octet, at) => (at === bit >> 3 ? octet ^ (0x80 >> (bit & 7)) : octet));
}

function spliced(
  octets: Uint8Array,
  { at, count, by }: { readonly at: number; readonly count: number; readonly by: Uint8Array },
): Uint8Array {
  return new Uint8Array(Buffer.concat([octets.subarray(0, at), by, octets.subarray(at + count)]));
}

function lied(octets: Uint8Array, { start, length }: BitPlace, how: (typeof LIES)[number]): Uint8Array {
  const changed = octets.slice();
  let carry = true;
  for (let bit = start + length - 1; bit >= start; bit -= 1) {
    const mask = 0x80 >> (bit & 7);
    const old = changed[bit >> 3] ?? 0;
    const isSet = (old & mask) !== 0;
    const next = how === 'zero' ? false : how === 'ones' ? true : isSet !== carry;
    // Adding carries through ones, subtracting borrows through zeros.
    if (how === 'more' || how === 'less') carry &&= isSet === (how === 'more');
    changed[bit >> 3] = next ? old | mask : old & ~mask;
  }
  return changed;
}
