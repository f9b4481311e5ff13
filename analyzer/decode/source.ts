import type { BitRange, DataSource } from './decoded.ts';

type Derivation = DataSource['derived'];

/**
 * Octets that positions are counted in. The octets of the PDU are a window of the buffer that was handed in;
 * derived octets (behind a process) are made on first use, because most readers never look at a payload.
 */
export class OctetSource implements DataSource {
  readonly derived: Derivation;
  /** Index in `octets()` of the source's octet 0. */
  readonly origin: number;
  size: number;
  private data: Uint8Array | null;
  private readonly make: (() => Uint8Array) | null;
  private view: Uint8Array | null = null;

  private constructor(derived: Derivation, data: Uint8Array | (() => Uint8Array), window: OctetWindow) {
    this.derived = derived;
    this.origin = window.origin;
    this.size = window.size;
    this.data = typeof data === 'function' ? null : data;
    this.make = typeof data === 'function' ? data : null;
  }

  /** The octets `[start, end)` of a buffer, as they were on the wire. */
  static ofWire(bytes: Uint8Array, start: number, end: number): OctetSource {
    return new OctetSource(null, bytes, { origin: start, size: end - start });
  }

  /** `size` octets that `make` will compute out of `from`. */
  static derivedLazily(
    by: NonNullable<Derivation>['by'],
    from: BitRange,
    size: number,
    make: () => Uint8Array,
  ): OctetSource {
    return new OctetSource({ by, from }, make, { origin: 0, size });
  }

  static derivedFrom(by: NonNullable<Derivation>['by'], from: BitRange, data: Uint8Array): OctetSource {
    return new OctetSource({ by, from }, data, { origin: 0, size: data.length });
  }

  /** The PDU turned out to end before the octets that were handed in. */
  cutTo(size: number): void {
    if (size !== this.size) this.view = null;
    this.size = size;
  }

  /** The buffer that stream positions are indices of. */
  octets(): Uint8Array {
    return this.data ?? (this.data = this.make === null ? new Uint8Array(0) : this.make());
  }

  get bytes(): Uint8Array {
    return (this.view ??= this.octets().subarray(this.origin, this.origin + this.size));
  }
}

interface OctetWindow {
  readonly origin: number;
  readonly size: number;
}

/** A run of octets as expressions see it: no view is made before somebody wants the octets themselves. */
export class ByteSlice {
  readonly source: OctetSource;
  /** Indices in `source.octets()`. */
  readonly start: number;
  readonly end: number;
  private made: Uint8Array | null = null;

  constructor(source: OctetSource, start: number, end: number) {
    this.source = source;
    this.start = start;
    this.end = end;
  }

  static of(bytes: Uint8Array): ByteSlice {
    return new ByteSlice(OctetSource.ofWire(bytes, 0, bytes.length), 0, bytes.length);
  }

  get length(): number {
    return this.end - this.start;
  }

  view(): Uint8Array {
    return (this.made ??= this.source.octets().subarray(this.start, this.end));
  }
}
