import type { Encoding } from '../../spec/index.ts';

/** Text in an encoding; undefined: the encoding has no such character, or is none that the platform writes. */
export function textOctets(text: string, encoding: Encoding): Uint8Array | undefined {
  switch (encoding.toUpperCase()) {
    case 'UTF-8':
      return new Uint8Array(Buffer.from(text, 'utf8'));
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
      // All the others that a spec can name have ASCII in their lower half.
      return encoding.startsWith('UTF') || encoding.startsWith('IBM037') ? undefined : singles(text, 0x7f);
  }
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
