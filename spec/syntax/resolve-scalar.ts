/**
 * YAML 1.2 core schema as Kaitai specs use it: `y`, `n`, `yes`, `no`, `on`, `off` are texts, integers may be written
 * in hexadecimal, octal and binary and with underscores, and are exact at any size.
 */
const INTEGER = /^[-+]?(?:0[xX][0-9a-fA-F][0-9a-fA-F_]*|0b[01][01_]*|0o[0-7][0-7_]*|[0-9][0-9_]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/;
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['true', 'True', 'TRUE'].map((word) => [word, true] as const),
  ...['false', 'False', 'FALSE'].map((word) => [word, false] as const),
]);
/** More digits than any number of 64 bits has in any base; longer ones would only cost time. */
const LONGEST_NUMBER = 100;

export function resolveScalar(text: string): string | bigint | number | boolean | null {
  const word = WORDS.get(text);
  if (word !== undefined) return word;
  if (text.length > LONGEST_NUMBER) return text;
  if (INTEGER.test(text)) return parseInteger(text);
  if (FLOAT.test(text)) return Number(text.replaceAll('_', ''));
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return NaN;
  return text;
}

function parseInteger(text: string): bigint {
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '').replace(/^0X/, '0x');
  const magnitude = BigInt(digits);
  return text.startsWith('-') ? -magnitude : magnitude;
}
