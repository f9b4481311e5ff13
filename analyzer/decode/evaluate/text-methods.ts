import { BadData } from '../stops.ts';

/** Characters are Unicode code points everywhere, so that both decoders count alike. */
export function reverseText(text: string): string {
  return Array.from(text).reverse().join('');
}

/** Characters `[from, to)`; positions outside the text count as its ends. */
export function substring(text: string, from: number, to: number): string {
  const start = Math.max(0, from);
  return Array.from(text).slice(start, Math.max(start, to)).join('');
}

const MAX_UNSIGNED = 2n ** 64n - 1n;
const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';

/** The whole text as a number: a sign and digits of the base, nothing else. */
export function parseInteger(text: string, base: number): bigint {
  const sign = text.startsWith('-') ? -1n : 1n;
  const digits = text.startsWith('-') || text.startsWith('+') ? text.slice(1) : text;
  if (digits === '' || digits.length > 64) throw noNumber(text, base);
  let value = 0n;
  for (const digit of digits.toLowerCase()) {
    const weight = DIGITS.indexOf(digit);
    if (weight < 0 || weight >= base) throw noNumber(text, base);
    value = value * BigInt(base) + BigInt(weight);
  }
  if (value > MAX_UNSIGNED) throw noNumber(text, base);
  return sign * value;
}

function noNumber(text: string, base: number): BadData {
  return new BadData(
    'conversion',
    `${JSON.stringify(text.slice(0, 40))} is no number of base ${base.toString()}`,
  );
}

/** A float without its fraction. */
export function truncated(value: number): bigint {
  if (!Number.isFinite(value)) throw new BadData('conversion', `${value.toString()} is no integer`);
  return BigInt(Math.trunc(value));
}
