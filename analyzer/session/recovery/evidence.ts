/**
 * How sure is sure: all evidence is counted in bits, n bits being what chance brings about once in 2^n.
 * docs/recovery.md says how it is summed up.
 */

/** Beyond so many bits of evidence more of a chain is not read before it is believed. */
export const ENOUGH_BITS = 128;

/** What one PDU's text may prove at most: of a longer text the rest is likely once its beginning is. */
export const MAX_TEXT_BITS = 16;

/** Landing on the end of a segment proves at most this, however long the segment. */
export const MAX_LANDING_BITS = 8;

/**
 * A PDU that begins where a segment does is believed sooner than one in the middle: about one octet in a thousand
 * begins a segment.
 */
export const SEGMENT_START_BITS = 10;

/** So much must speak for a PDU before it is the first of a chain: chance makes some octets lead into a true chain. */
export const FIRST_PDU_BITS = 16;

/** What is known beforehand where the conversation is the protocol's, and only the place is not. */
export const KNOWN_CONVERSATION_BITS = 16;

/** Evidence of which half would not do: 2^-32 that random octets come to it. */
export const CLAIM_BITS = 32;

/** Of that, from PDUs that tell the client sent them. Two small ones come to it. */
export const CLIENT_BITS = 16;

/** Where the client is not heard, the server's PDUs must prove themselves by their text: lookalikes chain as well. */
export const LONE_TEXT_BITS = 32;

/** Different PDUs with text at least, for the same reason. */
export const LONE_TEXT_PDUS = 3;

/** Bits of evidence that halve the doubt. */
export const BITS_PER_HALF = 16;

/** The most that is claimed of what was guessed. */
export const HIGHEST_CONFIDENCE = 0.99;

/** 0 to 1: how surely something with so many bits of evidence is what it was taken for. */
export function confidenceOf(bits: number): number {
  const confidence = 1 - 2 ** (-Math.max(0, bits) / BITS_PER_HALF);
  return Math.min(HIGHEST_CONFIDENCE, Math.round(confidence * 100) / 100);
}

/** Below it nothing is claimed: 0.75. */
export const MINIMUM_CONFIDENCE = confidenceOf(CLAIM_BITS);
