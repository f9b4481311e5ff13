import type { Part, Vector } from '../suite/suite.ts';
import { lengthOf } from './plain-vector.ts';

/** Candidates of one failure in one round: all rounds of all failures are few captures. */
const MOST_CANDIDATES = 48;

/** Simpler is with fewer parts, then with fewer octets, then with more zeros. */
export function complexity(vector: Vector): number {
  const octets = vector.parts.reduce(
    (sum, part) => sum + part.octets.filter((octet) => octet !== 0).length,
    0,
  );
  return (
    vector.parts.length * 1e9 + lengthOf(vector) * 1e4 + Math.min(octets, 9999) + vector.params.size * 1e8
  );
}

/**
 * The same octets with less: without a part, without a run of octets, with zeros. `zeroed`: places (part, octet) of which
 * it is known that a zero does no harm, tried together.
 */
export function lessOctets(vector: Vector, zeroed: readonly Place[]): readonly Candidate[] {
  const candidates: Candidate[] = [];
  const add = (parts: readonly Part[], zero: Place | null = null): void => {
    const kept = parts.filter(({ octets }) => octets.length > 0);
    if (kept.length > 0) candidates.push({ vector: withParts(vector, kept), zero });
  };
  if (zeroed.length > 1) add(zeroed.reduce((parts, place) => withZero(parts, place), vector.parts));
  if (vector.parts.length > 1) {
    for (const part of vector.parts) add([part]);
    for (const part of vector.parts) add(vector.parts.filter((one) => one !== part));
  }
  if (vector.params.size > 0) candidates.push({ vector: { ...vector, params: new Map() }, zero: null });
  for (const parts of withoutRuns(vector.parts)) add(parts);
  for (const [part, { octets }] of vector.parts.entries()) {
    for (const [at, octet] of octets.entries()) {
      if (octet !== 0) add(withZero(vector.parts, { part, at }), { part, at });
      if (candidates.length >= MOST_CANDIDATES) return candidates;
    }
  }
  return candidates;
}

export interface Place {
  readonly part: number;
  readonly at: number;
}
export interface Candidate {
  readonly vector: Vector;
  /** The octet that was made zero, and nothing else; null: something else was done. */
  readonly zero: Place | null;
}

/** Halves, quarters and so on are taken out, down to single octets, as many as there is room for. */
function* withoutRuns(parts: readonly Part[]): Generator<readonly Part[]> {
  let left = MOST_CANDIDATES - 16;
  const longest = Math.max(...parts.map(({ octets }) => octets.length));
  for (let size = longest >> 1; size >= 1; size >>= 1) {
    for (const [index, part] of parts.entries()) {
      for (let at = 0; at < part.octets.length; at += size) {
        if (left <= 0) return;
        left -= 1;
        const { octets } = part;
        const kept = Buffer.concat([octets.subarray(0, at), octets.subarray(at + size)]);
        yield parts.map((one, place) => (place === index ? { ...one, octets: new Uint8Array(kept) } : one));
      }
    }
  }
}

function withZero(parts: readonly Part[], { part, at }: Place): readonly Part[] {
  return parts.map((one, index) => {
    if (index !== part) return one;
    return { ...one, octets: one.octets.map((octet, place) => (place === at ? 0 : octet)) };
  });
}

function withParts(vector: Vector, parts: readonly Part[]): Vector {
  const side = parts[0]?.side ?? vector.side;
  return { ...vector, parts, side, end: { kind: 'fin', side } };
}
