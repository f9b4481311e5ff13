/**
 * The decoder: octets of one PDU and the IR of its protocol in, values with the bits they came from out.
 *
 * It is the second opinion on what the generated dissector shows, so it shares nothing with the generator but the
 * IR. It knows no capture, no TCP and no state between PDUs; it imports no `node:*` and evaluates no code.
 *
 * Where the octets end before the PDU does, it says how many are needed; where they are wrong, it says where, and
 * keeps what was read. It never throws on octets.
 */
export type {
  BitRange,
  Breach,
  DataSource,
  DecodedItem,
  DecodedPdu,
  DecodedStruct,
  DecodeOutcome,
  DecodeProblem,
  Fault,
  MalformedReason,
  Value,
} from './decoded.ts';
export type { AliasedField } from './aliases.ts';
export type { CustomProcess, Decoder, DecoderOptions, ParamValues } from './decoder.ts';
export type { Inflate, InflateResult } from './read/inflate.ts';
export type { JsonFieldsOptions, JsonObject, JsonValue } from './json-fields.ts';
export type { Leaf } from './leaves.ts';
export type { DecodeMessage, MessageInflate } from './decode-message.ts';
export type {
  ContextFunctions,
  InflateTerms,
  MessagePart,
  PairSide,
  Recoverable,
  StateUpdate,
} from './context.ts';
export type { HandoverOffer } from './handover.ts';
export { ASSUMED } from './decoder.ts';
export { inflateRaw } from './read/inflate.ts';
export { createDecoder } from './create-decoder.ts';
export { FALLBACK_ARM, NO_ARM } from './arms.ts';
export { type MemberTrace, type ObjectTrace, type Occurrence, traceObjects } from './trace.ts';
export { toHex } from './hex.ts';
export { toJsonFields } from './json-fields.ts';
export { leaves } from './leaves.ts';
export { memberValue } from './member-value.ts';
export { wirePosition } from './wire-position.ts';
