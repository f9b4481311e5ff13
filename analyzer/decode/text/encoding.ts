import { BadData } from '../stops.ts';
import { CP437_UPPER } from './code-page-437.ts';

/** A character encoding. Octets that stand for no character become U+FFFD; decoding never fails. */
export interface TextEncoding {
  decode(bytes: Uint8Array): string;
  encode(text: string): Uint8Array;
}

/**
 * The encoding of a name of Kaitai's list or an alias of it. `TextDecoder` knows most, but its labels follow the
 * WHATWG: it takes ASCII and ISO-8859-1 for windows-1252, ISO-8859-9 for windows-1254 and ISO-8859-11 for windows-874.
 * A name nobody knows gives an encoding that fails when used, so that one odd field does not cost the whole PDU.
 */
export function encodingOf(name: string): TextEncoding {
  const key = name.toLowerCase().replaceAll('_', '-');
  const known = cache.get(key) ?? make(key, name);
  cache.set(key, known);
  return known;
}

const cache = new Map<string, TextEncoding>();

function make(key: string, name: string): TextEncoding {
  const unicode = makeUnicode(key);
  if (unicode !== null) return unicode;
  if (key === 'ascii' || key === 'us-ascii') return singleByte(() => REPLACEMENT.repeat(128));
  if (key === 'iso-8859-1' || key === 'latin1') return singleByte(() => LATIN1_UPPER);
  if (key === 'ibm437' || key === 'cp437') return singleByte(() => CP437_UPPER);
  if (key === 'windows-1252' || key === 'cp1252') return singleByte(() => WINDOWS_1252_UPPER);
  const label = ALIASES.get(key) ?? key;
  if (!isKnownToPlatform(label)) return unknownEncoding(name);
  if (label.startsWith('iso-8859-')) return singleByte(() => C1_CONTROLS + platformUpper(label).slice(32));
  if (/^(windows-|ibm866$|cp866$|koi8-)/.test(label)) return singleByte(() => platformUpper(label));
  return { decode: decodeWith(label), encode: () => unsupported(name, 'write') };
}

function makeUnicode(key: string): TextEncoding | null {
  switch (key) {
    case 'utf-8':
    case 'utf8':
      return { decode: decodeWith('utf-8'), encode: (text) => new TextEncoder().encode(text) };
    case 'utf-16':
    case 'utf-16le':
      return { decode: decodeWith('utf-16le'), encode: (text) => units(text, 2, true) };
    case 'utf-16be':
      return { decode: decodeWith('utf-16be'), encode: (text) => units(text, 2, false) };
    case 'utf-32':
    case 'utf-32le':
      return { decode: (bytes) => decodeUtf32(bytes, true), encode: (text) => units(text, 4, true) };
    case 'utf-32be':
      return { decode: (bytes) => decodeUtf32(bytes, false), encode: (text) => units(text, 4, false) };
    default:
      return null;
  }
}

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['sjis', 'shift_jis'],
  ['shift-jis', 'shift_jis'],
]);

const REPLACEMENT = '\ufffd';
const C1_CONTROLS = range(0x80, 0xa0);
const LATIN1_UPPER = range(0x80, 0x100);
/** Written out: `TextDecoder` of Node 20 takes windows-1252 for ISO-8859-1. */
const WINDOWS_1252_UPPER = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ' + range(0xa0, 0x100);

function range(start: number, end: number): string {
  return Array.from({ length: end - start }, (_, i) => String.fromCharCode(start + i)).join('');
}

/** A byte order mark is a character of the text, not a hint: the spec has said what the order is. */
function decodeWith(label: string): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder(label, { ignoreBOM: true });
  return (bytes) => decoder.decode(bytes);
}

function platformUpper(label: string): string {
  const decoder = new TextDecoder(label);
  return decoder.decode(Uint8Array.from({ length: 128 }, (_, i) => 0x80 + i));
}

function isKnownToPlatform(label: string): boolean {
  try {
    new TextDecoder(label);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function unknownEncoding(name: string): TextEncoding {
  return { decode: () => unsupported(name, 'read'), encode: () => unsupported(name, 'write') };
}

function unsupported(name: string, verb: 'read' | 'write'): never {
  throw new BadData('unsupported', `cannot ${verb} text in the encoding "${name}"`);
}

/** Octets below 0x80 are ASCII; `upper` gives the characters of the other 128. */
function singleByte(upper: () => string): TextEncoding {
  let table: string | null = null;
  const load = (): string => (table ??= range(0, 0x80) + upper());
  return {
    decode: (bytes) => {
      const characters = load();
      let text = '';
      for (const octet of bytes) text += characters.charAt(octet);
      return text;
    },
    encode: (text) => {
      const characters = load();
      return Uint8Array.from(Array.from(text), (character) => octetOf(characters, character));
    },
  };
}

function octetOf(table: string, character: string): number {
  const octet = character === REPLACEMENT ? -1 : table.indexOf(character);
  if (octet < 0) throw new BadData('conversion', `the encoding has no ${JSON.stringify(character)}`);
  return octet;
}

function decodeUtf32(bytes: Uint8Array, little: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const point = view.getUint32(at, little);
    const legal = point < 0x110000 && (point < 0xd800 || point > 0xdfff);
    text += legal ? String.fromCodePoint(point) : REPLACEMENT;
  }
  return bytes.length % 4 === 0 ? text : text + REPLACEMENT;
}

function units(text: string, width: 2 | 4, little: boolean): Uint8Array {
  const codes =
    width === 2
      ? Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))
      : Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const bytes = new Uint8Array(codes.length * width);
  const view = new DataView(bytes.buffer);
  codes.forEach((code, i) => {
    if (width === 2) view.setUint16(2 * i, code, little);
    else view.setUint32(4 * i, code, little);
  });
  return bytes;
}
