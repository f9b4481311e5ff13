import {
  type DecodedPdu,
  type Decoder,
  inflateRaw,
  leaves,
  type MessageInflate,
} from '../../decode/index.ts';
import { MAX_TEXT_BITS } from './evidence.ts';

/** About 100 of 256 octets are printable ASCII or whitespace. */
const BITS_PER_CHARACTER = 1.3;

/** Numbers with fewer bits are met by chance, whatever names they have. */
const LEAST_ENUM_BITS = 16;

/** Output of one compressed message that is looked at. */
const MAX_INFLATED = 1 << 16;
const MAX_DISTANCE = 1 << 15;
const NOTHING = new Uint8Array(0);

export interface ContentEvidence {
  /** The content contradicts the spec: no such PDU was sent. */
  readonly impossible: boolean;
  /** What its text and its named numbers prove. */
  readonly bits: number;
}

/** What the content of a PDU says for its being one: text that is text, numbers that have names. */
export function weighContent(decoder: Decoder, pdu: DecodedPdu): ContentEvidence {
  const own = bitsOf(decoder, pdu);
  const part = decoder.part(pdu);
  if (part?.data == null || !part.first || !part.last) return { impossible: false, bits: own };
  const failed: string[] = [];
  const inflate: MessageInflate = (bytes, process) => {
    const input = new Uint8Array(bytes.length + process.append.length);
    input.set(bytes);
    input.set(process.append, bytes.length);
    const options = { dictionary: NOTHING, maxOctets: MAX_INFLATED, maxDistance: MAX_DISTANCE };
    const result = inflateRaw(input, options);
    // It may look back at messages before it, or be large: that is no fault.
    if (result.kind === 'inflated') return result;
    failed.push(process.name);
    return { kind: 'inflated', bytes: NOTHING };
  };
  const message = decoder.message(pdu, part.data, inflate);
  if (failed.length > 0) return { impossible: false, bits: own };
  const impossible = message.breaches.some(({ check }) => check.severity === 'error');
  return { impossible, bits: Math.min(MAX_TEXT_BITS, Math.max(own, bitsOf(decoder, message))) };
}

function bitsOf({ protocol }: Decoder, pdu: DecodedPdu): number {
  let text = 0;
  let named = 0;
  for (const { value, field, range } of leaves(pdu)) {
    if (typeof value === 'string') text = Math.max(text, bitsOfText(value));
    else if (range !== null && (typeof value === 'number' || typeof value === 'bigint')) {
      const { enum: names = null } = protocol.protocolFields[field] ?? {};
      const values = names === null ? [] : (protocol.enums[names]?.values ?? []);
      const isNamed = values.some((one) => one.value === BigInt(value));
      if (isNamed && range.length >= LEAST_ENUM_BITS) named += range.length - Math.log2(values.length);
    }
  }
  return Math.min(MAX_TEXT_BITS, text + named);
}

function bitsOfText(text: string): number {
  const bits = text.length * BITS_PER_CHARACTER;
  // Control characters and what is no UTF-8 (U+FFFD) are no text that people send.
  return /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]/u.test(text) ? 0 : Math.min(MAX_TEXT_BITS, bits);
}
