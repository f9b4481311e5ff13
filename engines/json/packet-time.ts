const NANOSECONDS = 1_000_000_000n;
const DOT = 0x2e;
const ZERO = 0x30;

/**
 * `frame.time_epoch` in nanoseconds: `1795414383.180403527` up to 4.4, `2026-11-23T06:13:03.180403527Z` from 4.6 on.
 * null: neither.
 */
export function packetTime(text: Buffer, start: number, end: number): bigint | null {
  let seconds = 0;
  let at = start;
  for (; at < end && text[at] !== DOT; at++) {
    const digit = (text[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return isoTime(text.toString('latin1', start, end));
    seconds = seconds * 10 + digit;
  }
  let nanoseconds = 0;
  let digits = 0;
  for (at++; at < end && digits < 9; at++, digits++) {
    const digit = (text[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return null;
    nanoseconds = nanoseconds * 10 + digit;
  }
  if (!Number.isSafeInteger(seconds) || end === start) return null;
  return BigInt(seconds) * NANOSECONDS + BigInt(nanoseconds * 10 ** (9 - digits));
}

function isoTime(text: string): bigint | null {
  const negative = /^-(\d+)\.(\d{1,9})$/.exec(text);
  if (negative !== null) {
    return -(BigInt(negative[1] ?? '0') * NANOSECONDS + BigInt((negative[2] ?? '').padEnd(9, '0')));
  }
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/.exec(text);
  if (match === null) return null;
  const [, whole = '', fraction = '', zone = 'Z'] = match;
  const milliseconds = Date.parse(
    whole + (zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone),
  );
  if (Number.isNaN(milliseconds)) return null;
  return BigInt(milliseconds / 1000) * NANOSECONDS + BigInt(fraction.padEnd(9, '0'));
}
