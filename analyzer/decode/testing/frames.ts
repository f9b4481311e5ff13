import type { Decoder, ParamValues } from '../index.ts';
import type { DecodedPdu, DecodeOutcome } from '../decoded.ts';

/** Octets of a test vector, written as hex with spaces where it reads well. */
export function hex(text: string): Uint8Array {
  const digits = text.replaceAll(/\s/g, '');
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}

export function decodeAll(decoder: Decoder, bytes: Uint8Array, params: ParamValues = {}): DecodeOutcome {
  return decoder.decode(bytes, 0, bytes.length, params);
}

/** The PDU of octets that hold one. */
export function pduOf(decoder: Decoder, bytes: Uint8Array, params: ParamValues = {}): DecodedPdu {
  const outcome = decodeAll(decoder, bytes, params);
  if (outcome.kind !== 'pdu') throw new Error(`needs ${outcome.needed.toString()} octets`);
  return outcome.pdu;
}
