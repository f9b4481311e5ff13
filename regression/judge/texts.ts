import { printable, toHex, type Value } from '../../analyzer/index.ts';
import type { Expectation } from '../suite/suite.ts';
import { isList } from './values.ts';

/** A cell of a table is for reading; the comparison was of the whole. */
const LONGEST_CELL = 64;
const MOST_OCTETS = 24;

export const ABSENT = '(absent)';

export function valueText(value: Value): string {
  if (value === undefined) return ABSENT;
  if (typeof value === 'string') return cell(`"${value}"`);
  if (value instanceof Uint8Array) return octetsText(value);
  if (isList(value)) return `${value.length} elements`;
  return typeof value === 'object' ? '(an object)' : String(value);
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
