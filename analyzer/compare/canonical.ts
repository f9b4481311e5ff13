import type { ProtocolFieldType } from '../../spec/index.ts';

/**
 * One form for both sides of the comparison: what two texts must share to be the same value.
 *
 * The decoder's value and tshark's text are each turned into it by the field's type, so `0x05`, `5` and `5n` meet.
 * `undefined` = the text is not a value of that type, which is itself a difference.
 */
export type Canonical = string | undefined;

/** From tshark's unlabelled value (reference: tshark -T json, and the embedded engine's normalised form). */
export function canonicalText(type: ProtocolFieldType, text: string): Canonical {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return canonicalInt(text);
    case 'bool':
      return canonicalBool(text);
    case 'bytes':
      return canonicalHex(text);
    case 'string':
      return canonicalString(text);
    case 'float':
      return canonicalFloat(text, Math.fround);
    case 'double':
      return canonicalFloat(text, (value) => Number(value.toPrecision(15)));
    case 'ether':
      return canonicalHex(text);
    case 'guid':
      return canonicalHex(text.replaceAll('-', ''));
    case 'ipv4':
      return text.trim();
    case 'ipv6':
      return expandIpv6(text);
    case 'absolute-time':
      return canonicalTime(text);
    case 'relative-time':
      return canonicalSeconds(text);
    case 'group':
      return '';
  }
}

export function canonicalInt(text: string): Canonical {
  const match = /^(-?)(0x[0-9a-f]+|0[0-7]+|[0-9]+)$/i.exec(text.trim());
  if (match?.[2] === undefined) return undefined;
  const digits = /^0[0-7]+$/.test(match[2]) ? `0o${match[2]}` : match[2];
  const value = BigInt(digits);
  return (match[1] === '-' ? -value : value).toString();
}

function canonicalBool(text: string): Canonical {
  if (text === '1' || /^true$/i.test(text)) return '1';
  if (text === '0' || /^false$/i.test(text)) return '0';
  return undefined;
}

function canonicalHex(text: string): Canonical {
  const hex = text.replaceAll(/[:\-.\s]/g, '').toLowerCase();
  return /^([0-9a-f]{2})*$/.test(hex) ? hex : undefined;
}

/**
 * Wireshark shows a string up to its first NUL, and each version has its own count of U+FFFD for ill-formed octets:
 * runs of them count as one.
 */
export function canonicalString(text: string): Canonical {
  const nul = text.indexOf('\0');
  return (nul < 0 ? text : text.slice(0, nul)).replaceAll(/\uFFFD+/g, '\uFFFD');
}

function canonicalFloat(text: string, round: (value: number) => number): Canonical {
  const trimmed = text.trim().toLowerCase();
  if (/^-?nan/.test(trimmed)) return 'nan';
  const infinite = /^([+-]?)inf(inity)?$/.exec(trimmed);
  if (infinite !== null) return infinite[1] === '-' ? '-inf' : 'inf';
  const value = Number(trimmed);
  if (trimmed === '' || Number.isNaN(value)) return undefined;
  // 4.0 and 4.4 print six significant digits of a float, 4.6 prints all: six are what can be compared.
  const rounded = round === Math.fround ? Number(Math.fround(value).toPrecision(6)) : round(value);
  return rounded === 0 ? '0' : String(rounded);
}

/** Full form, so that every way to write an address meets: eight groups of four digits. */
export function expandIpv6(text: string): Canonical {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text.trim().toLowerCase());
  const plain = dotted === null ? text.trim().toLowerCase() : dottedTail(dotted);
  const halves = plain.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '');
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? '') : [];
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 0) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
  return groups.every((group) => /^[0-9a-f]{1,4}$/.test(group))
    ? groups.map((group) => group.padStart(4, '0')).join('')
    : undefined;
}

function dottedTail(match: RegExpExecArray): string {
  const octets = match.slice(2, 6).map(Number);
  const word = (high: number, low: number): string => (high * 256 + low).toString(16);
  return `${match[1] ?? ''}${word(octets[0] ?? 0, octets[1] ?? 0)}:${word(octets[2] ?? 0, octets[3] ?? 0)}`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** `Nov 14, 2023 22:13:20.123456789 UTC` (4.0, 4.4) or ISO 8601 (4.6), as nanoseconds since the epoch. */
function canonicalTime(text: string): Canonical {
  const iso = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|\+0000| UTC)?$/.exec(
    text.trim(),
  );
  const long = /^([A-Z][a-z]{2})\s+(\d{1,2}), (\d{4}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? UTC$/.exec(
    text.trim(),
  );
  if (iso !== null) return nanoseconds(iso[1], String(Number(iso[2]) - 1), iso.slice(3));
  if (long === null) return undefined;
  const month = MONTHS.indexOf((long[1] ?? '').toLowerCase());
  return month < 0 ? undefined : nanoseconds(long[3], String(month), [long[2], ...long.slice(4)]);
}

function nanoseconds(year: string | undefined, month: string, rest: readonly (string | undefined)[]): string {
  const [day, hour, minute, second, fraction] = rest;
  const milliseconds = Date.UTC(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
  );
  return (BigInt(milliseconds) * 1_000_000n + BigInt((fraction ?? '').padEnd(9, '0'))).toString();
}

function canonicalSeconds(text: string): Canonical {
  const match = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const value = BigInt(match[2] ?? '0') * 1_000_000_000n + BigInt((match[3] ?? '').padEnd(9, '0'));
  return (match[1] === '-' ? -value : value).toString();
}
