import type { OctetSource } from './source.ts';
import { BadData, EndOfData } from './stops.ts';

/**
 * A cursor over the octets `[start, end)` of a source (`_io`). Substreams share the octets of the stream that they
 * lie in, so positions of all streams of one source are comparable.
 *
 * Invariant: start <= pos, 0 <= bit <= 7, and bit > 0 only while octet `pos` is partly taken by bit fields.
 */
export class OctetStream {
  readonly source: OctetSource;
  readonly start: number;
  readonly end: number;
  /** The stream that carries the PDU: more octets may come, so its end is not an error of the data. */
  readonly carrier: boolean;
  /** Index of the octet read next, or of the one that is partly taken. */
  pos: number;
  /** Bits of octet `pos` that are taken. */
  bit = 0;
  /** Whether they were taken from the low end. */
  lowFirst = false;

  constructor(source: OctetSource, start: number, end: number, carrier: boolean) {
    this.source = source;
    this.start = start;
    this.end = end;
    this.carrier = carrier;
    this.pos = start;
  }

  /** Bits from the source's bit 0; a partly taken octet counts by its taken bits. */
  bitPosition(): number {
    return (this.pos - this.source.origin) * 8 + this.bit;
  }

  /** Gives up the rest of a partly taken octet. */
  align(): void {
    if (this.bit !== 0) {
      this.bit = 0;
      this.pos += 1;
    }
  }

  /** Moves over `count` whole octets and returns the index of the first. */
  take(count: number): number {
    if (this.bit !== 0) this.align();
    const at = this.pos;
    if (count > this.end - at) throw new EndOfData(this, at, BigInt(count));
    this.pos = at + count;
    return at;
  }

  /** As `take`, for a size that came from the data. */
  takeSized(count: number | bigint): number {
    // Beyond 2^53 the double is not exact, but beyond any stream as well.
    const size = Number(count);
    if (size < 0) throw new BadData('negative-size', `the size is ${count.toString()}`);
    if (this.bit !== 0) this.align();
    const at = this.pos;
    if (size > this.end - at) throw new EndOfData(this, at, BigInt(count));
    this.pos = at + size;
    return at;
  }

  /** `_io.pos`: octets from the stream's start; a partly taken octet counts as read, as in Kaitai. */
  position(): number {
    return this.pos - this.start + (this.bit === 0 ? 0 : 1);
  }

  size(): number {
    return this.end - this.start;
  }

  atEnd(): boolean {
    return this.pos >= this.end;
  }

  /** Positions beyond the end are allowed; the next read then finds no data, as in Kaitai. */
  seek(position: number | bigint): void {
    if (position < 0) throw new BadData('negative-position', `the position is ${position.toString()}`);
    if (position > Number.MAX_SAFE_INTEGER - this.start)
      throw new EndOfData(this, this.start, BigInt(position));
    this.pos = this.start + Number(position);
    this.bit = 0;
  }
}
