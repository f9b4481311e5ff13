import type {
  Check,
  Field,
  Instance,
  Param,
  ProtocolFieldId,
  Severity,
  StructType,
} from '../../spec/index.ts';

/**
 * What the decoder hands back: values with the bits they came from.
 *
 * Ints are `number` where the static type keeps them within ±(2^53 - 1), else `bigint`, so that a value's
 * representation depends on the spec alone, never on the data. Enums are their integer.
 */
export type Value =
  number | bigint | boolean | string | Uint8Array | DecodedStruct | readonly Value[] | undefined;

/** Octets that bits are counted in: the PDU itself, or data derived from it by a process. */
export interface DataSource {
  /** null: the octets of the PDU as they were on the wire, bit 0 = first bit of the PDU. */
  readonly derived: null | { readonly by: 'xor' | 'rotate' | 'zlib' | 'custom'; readonly from: BitRange };
  readonly bytes: Uint8Array;
}

/** Bits `[start, start + length)` of a source; bit 0 is the top bit of its first octet. */
export interface BitRange {
  readonly source: DataSource;
  readonly start: number;
  readonly length: number;
}

export interface DecodedStruct {
  readonly type: StructType;
  readonly range: BitRange;
  /** In reading order: params, seq, then instances. An absent `if` field has no item; a repeated one has one each. */
  readonly items: readonly DecodedItem[];
}

export interface DecodedItem {
  readonly member: Field | Instance | Param;
  /** Position in a repetition, else null. */
  readonly index: number | null;
  readonly value: Value;
  /** null: computed, no octets of its own. */
  readonly range: BitRange | null;
  /** What Wireshark knows it by (the arm's own field in a switch); null: not shown. */
  readonly field: ProtocolFieldId | null;
}

/** A breach of `valid` or `contents`, or a value that cannot be computed: reading went on. */
export interface Fault {
  readonly kind:
    | 'not-equal'
    | 'less-than'
    | 'greater-than'
    | 'not-any-of'
    | 'not-in-enum'
    | 'expression'
    | 'contents'
    /** A shown value instance that has no value here: division by zero, text that is no number ... */
    | 'not-computable';
  readonly severity: Severity;
  readonly path: string;
  readonly range: BitRange | null;
  readonly message: string;
}

/** A rule of the spec that does not hold of this PDU. */
export interface Breach {
  readonly check: Check;
  readonly range: BitRange;
}

/** Why a PDU could not be read to its end. Octets are counted from the PDU's first. */
export type DecodeProblem =
  | {
      readonly kind: 'malformed';
      readonly reason: MalformedReason;
      readonly path: string;
      readonly offset: number;
      readonly message: string;
    }
  | {
      readonly kind: 'limit';
      /** Octets that the PDU has at least, when it is the size that is over the limit; else null. */
      readonly needed: bigint | null;
      readonly path: string;
      readonly offset: number;
      readonly message: string;
    };

export type MalformedReason =
  /** A substream, or a datagram, ends before the field does. */
  | 'end-of-data'
  | 'negative-size'
  | 'negative-position'
  /** Something that steers reading (a size, a condition) reads a member that is not there. */
  | 'absent-input'
  | 'undecided-endian'
  | 'conversion'
  | 'division-by-zero'
  | 'out-of-range'
  | 'wrong-type'
  /** An instance that needs itself. */
  | 'cycle'
  /** A repetition whose elements take no octets and that would go on for ever. */
  | 'no-progress'
  | 'process'
  | 'unsupported';

export interface DecodedPdu {
  readonly root: DecodedStruct;
  /** Octets from the PDU's first to its last; when not `complete`, to the last one read. */
  readonly length: number;
  /** The PDU's end was found. A problem inside a part of known extent leaves a PDU complete. */
  readonly complete: boolean;
  readonly faults: readonly Fault[];
  readonly breaches: readonly Breach[];
  readonly problem: DecodeProblem | null;
}

export type DecodeOutcome =
  | { readonly kind: 'pdu'; readonly pdu: DecodedPdu }
  /** The octets given end before the PDU does. `needed` is the least total that can complete it (> available). */
  | {
      readonly kind: 'need-more';
      readonly needed: bigint;
      readonly available: number;
      /** The field that the octets end in: where it begins, and the octets it wants from there. */
      readonly cut: { readonly path: string; readonly offset: number; readonly wanted: bigint };
      readonly partial: DecodedPdu;
    };
