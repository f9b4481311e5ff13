import { printable, toHex, type Value } from '../../analyzer/index.ts';
import type { Expectation } from '../suite/suite.ts';
import { isList } from './values.ts';

/** A cell of a table is for reading; the comparison was of the whole. */
const LONGEST_CELL = 64;
const MOST_OCTETS = 24;

export const ABSENT = '(absent)';

/** @param asText octets are expected as text, and shown so when they are one */
export function valueText(value: Value, asText = false): string {
  if (value === undefined) return ABSENT;
  if (asText && value instanceof Uint8Array) return textOf(value) ?? octetsText(value);
  if (typeof value === 'string') return cell(`"${value}"`);
  if (value instanceof Uint8Array) return octetsText(value);
  if (isList(value)) return `${value.length} elements`;
  return typeof value === 'object' ? '(an object)' : String(value);
}

/** Text that the octets are in printable ASCII. */
function textOf(octets: Uint8Array): string | undefined {
  const text = Buffer.from(octets).toString('latin1');
  return /^[ -~]*$/.test(text) ? cell(`"${text}"`) : undefined;
}

/** The value of an engine's item, octets in the form our own are shown in. */
export function shownText(value: string, isOctets: boolean, asText: boolean): string {
  const hex = value.replaceAll(':', '');
  if (!isOctets || !/^([0-9a-f]{2})*$/i.test(hex)) return cell(value);
  return valueText(new Uint8Array(Buffer.from(hex, 'hex')), asText);
}

function octetsText(octets: Uint8Array): string {
  if (octets.length === 0) return '(no octets)';
  const hex = toHex(octets.subarray(0, MOST_OCTETS));
  return octets.length <= MOST_OCTETS ? hex : `${hex}… (${octets.length} octets)`;
}

export function wantedText({ wanted }: Expectation): string {
  switch (wanted.kind) {
    case 'absent':
      return ABSENT;
    case 'count':
      return `${wanted.count} elements`;
    case 'literal':
      return cell(wanted.quoted ? `"${wanted.text}"` : wanted.text);
  }
}

/** An engine's own text: one line, cut, nothing that drives the terminal. */
export function cell(text: string): string {
  const shown = printable(text);
  return shown.length <= LONGEST_CELL ? shown : `${shown.slice(0, LONGEST_CELL)}…`;
}
