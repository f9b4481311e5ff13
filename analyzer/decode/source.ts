import type { BitRange, DataSource } from './decoded.ts';

type Derivation = DataSource['derived'];

/** How octets are derived from the octets `[from, to)` of another source (indices in its `octets()`). */
export interface Recipe {
  readonly by: NonNullable<Derivation>['by'];
  readonly source: OctetSource;
  readonly from: number;
  readonly to: number;
  make(): Uint8Array;
}

/**
 * Octets that positions are counted in. The octets of the PDU are a window of the buffer that was handed in;
 * derived octets (behind a process) are made on first use, because most readers never look at a payload.
 */
export class OctetSource implements DataSource {
  /** Index in `octets()` of the source's octet 0. */
  readonly origin: number;
  size: number;
  private reached = 0;
  private readonly recipe: Recipe | null;
  private data: Uint8Array | null;
  private view: Uint8Array | null = null;
  private derivation: Derivation = null;

  private constructor(recipe: Recipe | null, data: Uint8Array | null, origin: number, size: number) {
    this.recipe = recipe;
    this.data = data;
    this.origin = origin;
    this.size = size;
  }

  /** The octets `[start, end)` of a buffer, as they were on the wire. */
  static ofWire(bytes: Uint8Array, start: number, end: number): OctetSource {
    return new OctetSource(null, bytes, start, end - start);
  }

  static derivedBy(recipe: Recipe, size: number): OctetSource {
    return new OctetSource(recipe, null, 0, size);
  }

  get derived(): Derivation {
    const { recipe } = this;
    if (recipe === null) return null;
    const { by, source, from, to } = recipe;
    return (this.derivation ??= {
      by,
      from: { source, start: (from - source.origin) * 8, length: (to - from) * 8 },
    });
  }

  /** The PDU turned out to end before the octets that were handed in; what instances have read stays in. */
  cutTo(size: number): void {
    this.size = Math.max(size, this.reached);
    this.view = null;
  }

  /** An instance has read up to an index in `octets()`, which may lie behind the end of the PDU's sequence. */
  reach(end: number): void {
    this.reached = Math.max(this.reached, end - this.origin);
    if (this.reached > this.size) this.cutTo(this.reached);
  }

  /** Bits `[start, end)`; what is read of nothing, at a position beyond the octets, lies at their end. */
  range(start: number, end: number): BitRange {
    const last = this.size * 8;
    if (start > last) return { source: this, start: last, length: 0 };
    return { source: this, start, length: end - start };
  }

  /** The buffer that stream positions are indices of. */
  octets(): Uint8Array {
    return (this.data ??= this.recipe?.make() ?? NO_OCTETS);
  }

  get bytes(): Uint8Array {
    return (this.view ??= this.octets().subarray(this.origin, this.origin + this.size));
  }
}

const NO_OCTETS = new Uint8Array(0);

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

/** Text as it was read: octets, which become a string when somebody looks. Most readers look at none. */
export class TextSlice {
  readonly octets: ByteSlice;
  private readonly decode: (bytes: Uint8Array) => string;
  private made: string | null = null;

  constructor(octets: ByteSlice, decode: (bytes: Uint8Array) => string) {
    this.octets = octets;
    this.decode = decode;
  }

  text(): string {
    return (this.made ??= this.decode(this.octets.view()));
  }
}
