import type { Content, Field } from '../../../spec/index.ts';
import { luaMember } from '../../lua/lua-text.ts';
import { Unsupported } from '../../unsupported.ts';
import { bitsFromOctets, integerFromOctets } from './number-text.ts';
import type { RunView } from './read-steps.ts';

/** Octets fetched with one call; each becomes a local, and Lua has 200 of those. */
const LONGEST_RUN = 16;

interface PlacedNumber {
  readonly field: Field;
  readonly content: Content & { readonly kind: 'integer' | 'bits' };
  /** Bits from the start of the run. */
  readonly start: number;
  readonly width: number;
}

export interface Run {
  readonly view: RunView;
  /** How many fields it covers. */
  readonly fields: number;
}

/**
 * The numbers of fixed size that stand side by side from `first` on, or null where a helper call does as well:
 * a single integer, or something else.
 */
export function findRun(fields: readonly Field[], first: number, names: OctetNames): Run | null {
  const placed = placeNumbers(fields, first);
  if (placed.length === 0) return null;
  if (placed.length === 1 && placed[0]?.content.kind === 'integer') return null;
  return { view: runView(placed, names), fields: placed.length };
}

/** Numbers the octets `b1`, `b2` ... through a whole function, so that no local hides another. */
export class OctetNames {
  #next = 1;

  take(count: number): readonly string[] {
    const from = this.#next;
    this.#next += count;
    return Array.from({ length: count }, (_, index) => `b${String(from + index)}`);
  }

  get used(): number {
    return this.#next - 1;
  }
}

function placeNumbers(fields: readonly Field[], first: number): readonly PlacedNumber[] {
  const placed: PlacedNumber[] = [];
  let bits = 0;
  for (const field of fields.slice(first)) {
    const content = numberContent(field);
    if (content === null) break;
    const start = content.kind === 'bits' ? bits : Math.ceil(bits / 8) * 8;
    if (content.kind === 'bits' && content.shift !== start % 8) {
      if (placed.length > 0) break;
      throw new Unsupported('a bit field that does not begin at a fixed bit of its octet');
    }
    const width = content.kind === 'bits' ? content.width : content.octets * 8;
    if (Math.ceil((start + width) / 8) > LONGEST_RUN && placed.length > 0) break;
    placed.push({ field, content, start, width });
    bits = start + width;
  }
  return placed;
}

/** What of a field can be a part of a run: a number of fixed size that is always there, once. */
function numberContent(field: Field): PlacedNumber['content'] | null {
  const content = field.content;
  if (field.when !== null || field.repeat.kind !== 'once') return null;
  if (content.kind === 'bits') return content;
  return content.kind === 'integer' && content.octets <= 4 && content.endian !== 'type' ? content : null;
}

function runView(placed: readonly PlacedNumber[], names: OctetNames): RunView {
  const bits = Math.max(...placed.map((number) => number.start + number.width));
  const octets = names.take(Math.ceil(bits / 8));
  let known = 0;
  const reads = placed.map(({ field, content, start, width }) => {
    const from = Math.floor(start / 8);
    const to = Math.ceil((start + width) / 8);
    const own = octets.slice(from, to);
    const needs = to > known ? (octets[to - 1] ?? null) : null;
    known = Math.max(known, to);
    return {
      needs,
      length: String(octets.length),
      target: luaMember('o', field.id),
      value:
        content.kind === 'bits' ? bitsFromOctets(content, own, start % 8) : integerFromOctets(content, own),
    };
  });
  return {
    octets: octets.join(', '),
    last: octets.length === 1 ? 'at' : `at + ${String(octets.length - 1)}`,
    length: String(octets.length),
    reads,
  };
}
