import type { EnumType } from '../../spec/index.ts';
import type { ScalarKind } from './field-paths.ts';
import { readOctets } from './octets.ts';

/** What a scalar of a kind is called in messages. */
export const SCALAR_TEXT: Readonly<Record<ScalarKind, string>> = {
  int: 'an integer',
  float: 'a number',
  bool: 'true or false',
  string: 'text',
  bytes: 'octets in hex, or text in quotes',
};

export interface Literal {
  readonly text: string;
  readonly quoted: boolean;
}

/**
 * One form for what a tests file says and what was found: ints in decimal, booleans `1` and `0`, octets in lower-case
 * hex, text as it is. undefined: the literal is no value of that kind.
 */
export function literalAs(
  kind: ScalarKind,
  literal: Literal,
  enums: readonly EnumType[],
): string | undefined {
  const { text } = literal;
  switch (kind) {
    case 'int':
      return intText(text) ?? enumText(text, enums);
    case 'bool':
      if (/^(true|1)$/i.test(text)) return '1';
      return /^(false|0)$/i.test(text) ? '0' : undefined;
    case 'float':
      return floatText(text);
    case 'string':
      return text;
    case 'bytes':
      return bytesText(literal);
  }
}

function intText(text: string): string | undefined {
  const match = /^([+-]?)(0x[0-9a-f_]+|0b[01_]+|0o[0-7_]+|[0-9][0-9_]*)$/i.exec(text.trim());
  if (match?.[2] === undefined) return undefined;
  const value = BigInt(match[2].replaceAll('_', '').toLowerCase());
  return (match[1] === '-' ? -value : value).toString();
}

/** By the name expressions use, or by the one Wireshark shows. */
function enumText(text: string, enums: readonly EnumType[]): string | undefined {
  const values = enums.flatMap(({ values: all }) => all);
  return values.find(({ name, label }) => name === text || label === text)?.value.toString();
}

export function floatText(text: string): string | undefined {
  const lowered = text.trim().toLowerCase();
  if (lowered === 'nan' || lowered === '.nan') return 'nan';
  const infinite = /^([+-]?)\.?inf(?:inity)?$/.exec(lowered);
  if (infinite !== null) return infinite[1] === '-' ? '-inf' : 'inf';
  const value = Number(lowered);
  return lowered === '' || Number.isNaN(value) ? undefined : String(value === 0 ? 0 : value);
}

/** In quotes it is text, in UTF-8; without them hex. */
function bytesText({ text, quoted }: Literal): string | undefined {
  if (quoted) return Buffer.from(text, 'utf8').toString('hex');
  const read = readOctets(text);
  return read.kind === 'octets' ? Buffer.from(read.octets).toString('hex') : undefined;
}
