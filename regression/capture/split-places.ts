import type { Side } from '../../analyzer/index.ts';
import type { Vector } from '../suite/suite.ts';
import type { PduPlace, VectorPlan } from './vector-plan.ts';

/** A side's octets are cut in two. */
export interface Cut {
  readonly side: Side;
  /** Octets that the side sends before it. */
  readonly at: number;
  /** `behind octet 3 of PDU 1` */
  readonly text: string;
}

/** Places for a PDU: a longer header is cut in its first octets and in its last. */
const MOST_PLACES = 16;

/**
 * Behind every octet of the first PDU's header, and between header and content of the last one, whose beginning
 * stands inside a segment. What comes between goes the same way in `octets`.
 */
export function splitPlaces({ parts }: Vector, { pdus }: VectorPlan): readonly Cut[] {
  const sent: Record<Side, number> = { c2s: 0, s2c: 0 };
  for (const { side, octets } of parts) sent[side] += octets.length;
  const [first] = pdus;
  const last = pdus.at(-1);
  if (first === undefined || last === undefined) return [];
  const cuts = headerCuts(first).map((octets) => cutOf(first, octets, 0));
  if (last !== first) cuts.push(cutOf(last, last.header, pdus.length - 1));
  return cuts.filter(({ side, at }) => at > 0 && at < sent[side]);
}

function headerCuts({ header }: PduPlace): readonly number[] {
  const all = Array.from({ length: Math.min(header, MOST_PLACES) }, (_, index) => index + 1);
  if (header <= MOST_PLACES) return all;
  const half = MOST_PLACES / 2;
  return all.map((octets) => (octets <= half ? octets : header - MOST_PLACES + octets));
}

function cutOf({ side, start }: PduPlace, octets: number, index: number): Cut {
  return { side, at: start + octets, text: `behind octet ${octets} of PDU ${index + 1}` };
}
