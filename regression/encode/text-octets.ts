import type { Encoding } from '../../spec/index.ts';
import { CharacterTable } from './character-table.ts';

/** Text in an encoding; undefined: the encoding has no such character, or is none that is written here. */
export function textOctets(text: string, encoding: Encoding): Uint8Array | undefined {
  switch (encoding.toUpperCase()) {
    case 'UTF-8':
      return isWellFormed(text) ? new Uint8Array(Buffer.from(text, 'utf8')) : undefined;
    case 'ASCII':
      return singles(text, 0x7f);
    case 'ISO-8859-1':
      return singles(text, 0xff);
    case 'UTF-16LE':
      return new Uint8Array(Buffer.from(text, 'utf16le'));
    case 'UTF-16BE':
      return new Uint8Array(Buffer.from(text, 'utf16le').swap16());
    case 'UTF-32LE':
      return words(text, true);
    case 'UTF-32BE':
      return words(text, false);
    default:
      return CharacterTable.of(encoding)?.octets(text);
  }
}

/** The text that octets are; undefined: they are none in that encoding. */
export function octetsText(octets: Uint8Array, encoding: Encoding): string | undefined {
  const name = encoding.toUpperCase();
  if (name === 'ASCII') return octets.every((octet) => octet < 0x80) ? latin1(octets) : undefined;
  if (name === 'ISO-8859-1') return latin1(octets);
  if (name.startsWith('UTF-32')) return fromWords(octets, name.endsWith('LE'));
  if (name.startsWith('UTF-')) return decoded(octets, name);
  return CharacterTable.of(encoding)?.text(octets);
}

function decoded(octets: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(octets);
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return undefined;
    throw error;
  }
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}

/** Half a surrogate pair has no octets in UTF-8. */
function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

function singles(text: string, last: number): Uint8Array | undefined {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  return codes.every((code) => code <= last) ? Uint8Array.from(codes) : undefined;
}

function words(text: string, isLittle: boolean): Uint8Array {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0);
  const view = new DataView(new ArrayBuffer(codes.length * 4));
  for (const [index, code] of codes.entries()) view.setUint32(index * 4, code, isLittle);
  return new Uint8Array(view.buffer);
}

function fromWords(octets: Uint8Array, isLittle: boolean): string | undefined {
  if (octets.length % 4 !== 0) return undefined;
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const codes = Array.from({ length: octets.length / 4 }, (_, index) => view.getUint32(index * 4, isLittle));
  return codes.every((code) => code <= 0x10ffff) ? String.fromCodePoint(...codes) : undefined;
}
