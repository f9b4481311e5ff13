import fc from 'fast-check';
import { expect, test } from 'vitest';
import { takeBigBits, takeBitsBe, takeBitsLe } from './bits.ts';
import { OctetStream } from './octet-stream.ts';
import { OctetSource } from './source.ts';
import { EndOfData } from './stops.ts';
import { hex } from './testing/frames.ts';

function streamOf(bytes: Uint8Array): OctetStream {
  return new OctetStream(OctetSource.ofWire(bytes, 0, bytes.length), 0, bytes.length, false);
}

/** All bits as one number, first bit highest or first bit lowest, cut by shifting. */
function naive(bytes: Uint8Array, widths: readonly number[], lowFirst: boolean): bigint[] {
  const octets = lowFirst ? Array.from(bytes).reverse() : Array.from(bytes);
  const all = octets.reduce((sum, octet) => (sum << 8n) | BigInt(octet), 0n);
  let at = 0;
  return widths.map((width) => {
    const shift = lowFirst ? at : bytes.length * 8 - at - width;
    at += width;
    return (all >> BigInt(shift)) & ((1n << BigInt(width)) - 1n);
  });
}

function take(io: OctetStream, width: number, lowFirst: boolean): bigint {
  if (width > 53) return takeBigBits(io, width, lowFirst);
  return BigInt(lowFirst ? takeBitsLe(io, width) : takeBitsBe(io, width));
}

test('takes bit fields of any width at any place, in both orders', () => {
  const widths = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 96, maxLength: 96 }),
      widths,
      fc.boolean(),
      (bytes, sizes, lowFirst) => {
        const io = streamOf(bytes);
        expect(sizes.map((width) => take(io, width, lowFirst))).toEqual(naive(bytes, sizes, lowFirst));
        expect(io.bitPosition()).toBe(sizes.reduce((sum, width) => sum + width, 0));
      },
    ),
  );
});

test('moves nothing when the bits are not all there', () => {
  const io = streamOf(hex('ff 80'));
  expect(takeBitsBe(io, 3)).toBe(7);
  expect(() => takeBitsBe(io, 14)).toThrow(EndOfData);
  expect(io.bitPosition()).toBe(3);
  expect(takeBitsBe(io, 13)).toBe(0x1f80);
});

test('begins a new octet when the order of bits changes', () => {
  const io = streamOf(hex('ff 12'));
  expect(takeBitsBe(io, 3)).toBe(7);
  expect(takeBitsLe(io, 4)).toBe(2);
  expect(io.position()).toBe(2);
});
