import type { Protocol } from '../../spec/index.ts';
import type { AliasedField } from './aliases.ts';
import type { ContextFunctions } from './context.ts';
import type { DecodeMessage } from './decode-message.ts';
import type { DecodedPdu, DecodeOutcome, Value } from './decoded.ts';
import type { Inflate } from './read/inflate.ts';

/** Ids of the params whose value only stands in for one that is unknown. */
export const ASSUMED: unique symbol = Symbol('assumed');

/**
 * Values of the root type's params, by id. A direction that is missing is unknown: what reads it is absent, checks
 * that read it are skipped. A missing preference has its initial value, any other param the zero of its type.
 */
export type ParamValues = Readonly<Record<string, Value>> & { readonly [ASSUMED]?: ReadonlySet<string> };

/** A custom process: the octets as they stand in the PDU and the spec's arguments in, other octets out. */
export type CustomProcess = (bytes: Uint8Array, args: readonly Value[]) => Uint8Array;

export interface DecoderOptions {
  /** A faster inflate for `process: zlib`; the decoder brings a plain one. */
  readonly inflate?: Inflate;
  /** By the name in the spec. */
  readonly processes?: Readonly<Record<string, CustomProcess>>;
}

export interface Decoder extends ContextFunctions {
  readonly protocol: Protocol;
  /**
   * Decodes the one PDU that begins at `start`; octets at `end` and behind are not looked at. Values are views of
   * `bytes`, which must not change as long as they are used.
   */
  decode(bytes: Uint8Array, start: number, end: number, params: ParamValues): DecodeOutcome;
  /** Reads the joined octets of a message (Protocol.reassembly); `first`: the PDU of its first part. */
  readonly message: DecodeMessage;
  /** What the Info column says of a PDU; the protocol's name where the spec has no text or its inputs are absent. */
  describe(pdu: DecodedPdu): string;
  /** What the built-in dissector that this protocol replaces calls the fields of a PDU. */
  aliases(pdu: DecodedPdu): readonly AliasedField[];
}
