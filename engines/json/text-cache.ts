import { BACKSLASH } from './octets.ts';
import { decodeText } from './text-octets.ts';

/** Longer texts hardly ever repeat. */
const MAX_CACHED = 48;
/** A power of two. One text a slot, the newest wins: no input can make it grow. */
const SLOTS = 4096;

/**
 * Strings made once: a capture has the same few hundred keys and short values in every packet.
 */
export class TextCache {
  readonly #slots = new Array<string>(SLOTS).fill('');

  text(bytes: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > MAX_CACHED || length === 0) return decodeText(bytes, start, end);
    const slot = slotOf(bytes, start, end);
    const cached = this.#slots[slot] as string;
    if (isWrittenAs(cached, bytes, start, length)) return cached;
    const text = decodeText(bytes, start, end);
    // Only text that is written octet for octet can be recognised by its octets.
    if (isWrittenAs(text, bytes, start, length)) this.#slots[slot] = text;
    return text;
  }
}

function slotOf(bytes: Buffer, start: number, end: number): number {
  const middle = bytes[(start + end) >>> 1] as number;
  const last = bytes[end - 1] as number;
  const third = end - start > 2 ? (bytes[end - 3] as number) : 0;
  const fifth = end - start > 4 ? (bytes[end - 5] as number) : 0;
  const mixed = (end - start) ^ (last << 2) ^ (third << 4) ^ (fifth << 6) ^ (middle * 31);
  return (mixed ^ ((bytes[start] as number) * 131)) & (SLOTS - 1);
}

function isWrittenAs(text: string, bytes: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let at = 0; at < length; at++) {
    const octet = bytes[start + at] as number;
    if (octet !== text.charCodeAt(at) || octet >= 0x80 || octet === BACKSLASH) return false;
  }
  return true;
}
