import { BACKSLASH, QUOTE } from './octets.ts';

/** From this length on a native search beats a loop in JavaScript. */
const LONG = 64;

/**
 * Octet after the closing quote of a string whose inside goes on at `position`; -1: it does not close in `bytes`.
 * The octet at `position` must not be escaped.
 */
export function afterString(bytes: Buffer, position: number): number {
  const near = Math.min(bytes.length, position + LONG);
  let at = position;
  while (at < near) {
    const octet = bytes[at];
    if (octet === QUOTE) return at + 1;
    at += octet === BACKSLASH ? 2 : 1;
  }
  return afterLongString(bytes, at);
}

function afterLongString(bytes: Buffer, position: number): number {
  let from = position;
  for (;;) {
    const quote = bytes.indexOf(QUOTE, from);
    if (quote < 0) return -1;
    // Each backslash is counted for one quote only, so the walks back add up to no more than one walk forward.
    let before = quote;
    while (before > from && bytes[before - 1] === BACKSLASH) before--;
    if ((quote - before) % 2 === 0) return quote + 1;
    from = quote + 1;
  }
}

/** Whether the last octet is a backslash that escapes the next chunk's first octet. `start` is not escaped. */
export function endsInEscape(bytes: Uint8Array, start: number): boolean {
  let before = bytes.length;
  while (before > start && bytes[before - 1] === BACKSLASH) before--;
  return (bytes.length - before) % 2 === 1;
}

/**
 * The text that the octets between two quotes stand for. Ill-formed UTF-8 becomes U+FFFD, an escape that JSON does not
 * have stays as it is written: a reader of other people's output has nothing better to do with them.
 */
export function decodeText(bytes: Buffer, start: number, end: number): string {
  let high = 0;
  let escaped = false;
  for (let at = start; at < end; at++) {
    const octet = bytes[at] as number;
    high |= octet;
    if (octet === BACKSLASH) escaped = true;
  }
  const text = bytes.toString(high < 0x80 ? 'latin1' : 'utf8', start, end);
  return escaped ? unescapeText(text) : text;
}

const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

function unescapeText(text: string): string {
  let result = '';
  let from = 0;
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', from)) {
    result += text.slice(from, at);
    const letter = text[at + 1] ?? '';
    const short = SHORT_ESCAPES.get(letter);
    const hex = letter === 'u' ? text.slice(at + 2, at + 6) : '';
    if (short !== undefined) {
      result += short;
      from = at + 2;
    } else if (/^[0-9a-fA-F]{4}$/.test(hex)) {
      result += String.fromCharCode(Number.parseInt(hex, 16));
      from = at + 6;
    } else {
      result += text.slice(at, at + 2);
      from = at + 2;
    }
  }
  return result + text.slice(from);
}
