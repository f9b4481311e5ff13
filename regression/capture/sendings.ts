import type { Side } from '../../analyzer/index.ts';
import type { Part } from '../suite/suite.ts';
import type { Cut } from './split-places.ts';
import type { PduPlace, VectorPlan } from './vector-plan.ts';

/** Octets that go together into a segment (into as few as IP allows), in the order of their stream. */
export interface Sending extends Part {
  /** Comes in after the one that follows it. */
  readonly late: boolean;
}

/** Every part by itself. */
export function partByPart(parts: readonly Part[]): readonly Sending[] {
  return parts.map((part) => ({ ...part, late: false }));
}

/** All that a side sends in a row. */
export function runsOf(parts: readonly Part[]): readonly Sending[] {
  const runs: Part[][] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (last?.[0]?.side === part.side) last.push(part);
    else runs.push([part]);
  }
  return runs.flatMap((run) =>
    run
      .slice(0, 1)
      .map((first) => ({ ...first, octets: joined(run.map(({ octets }) => octets)), late: false })),
  );
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/**
 * A longer PDU goes octet by octet at its ends only, and not all of very many PDUs do. Wireshark's reassembly walks a
 * list for every segment: 65536 segments of one octet would take it minutes, and the middle of a long payload teaches
 * nothing that its ends do not.
 */
const LONGEST_ALONE = 64;
const MOST_OF_HEADER = 256;
const ALONE_BEHIND_HEADER = 8;
const ALONE_AT_END = 8;
const MOST_ALONE = 1024;
const MIDDLE_SEGMENT = 1000;

export function octetByOctet(parts: readonly Part[], { pdus }: VectorPlan): readonly Sending[] {
  const sent: Record<Side, number> = { c2s: 0, s2c: 0 };
  return parts.flatMap(({ side, octets, after }) => {
    const start = sent[side];
    sent[side] += octets.length;
    const middles = pdus.flatMap((pdu) => (pdu.side === side ? middleOf(pdu) : []));
    const pieces = [...octetsOf(octets, start, middles)];
    return pieces.map((piece, index) => ({
      side,
      octets: piece,
      after: index === 0 ? after : 0n,
      late: false,
    }));
  });
}

interface Middle {
  readonly start: number;
  readonly end: number;
}

/** What of a PDU goes in larger segments. */
function middleOf({ start, length, header }: PduPlace): readonly Middle[] {
  if (length <= LONGEST_ALONE) return [];
  const first = Math.min(header, MOST_OF_HEADER) + ALONE_BEHIND_HEADER;
  return [{ start: start + first, end: start + length - ALONE_AT_END }];
}

/** Each segment ends where a middle begins or ends; `middles` are in order. */
function* octetsOf(octets: Uint8Array, start: number, middles: readonly Middle[]): Generator<Uint8Array> {
  let alone = 0;
  let next = 0;
  for (let at = 0; at < octets.length;) {
    const position = start + at;
    while ((middles[next]?.end ?? Number.POSITIVE_INFINITY) <= position) next += 1;
    const middle = middles[next];
    const isAlone = alone < MOST_ALONE && (middle === undefined || position < middle.start);
    alone += Number(isAlone);
    const largest = middle === undefined || isAlone ? MIDDLE_SEGMENT : middle.end - position;
    const size = isAlone ? 1 : Math.min(MIDDLE_SEGMENT, largest, octets.length - at);
    yield octets.subarray(at, at + size);
    at += size;
  }
}

/** Runs, the one that has the place cut there. */
export function splitAt(parts: readonly Part[], { side, at }: Cut): readonly Sending[] {
  return cutRuns(parts, { c2s: [], s2c: [], [side]: [at] }).flat();
}

/**
 * Every PDU is cut in its middle, and what lies between two cuts comes in before what it follows, wherever no PDU lies
 * in it whole: that one would come to its end before the one before it, which another variant of the same vector
 * would show otherwise.
 */
export function heldBack(parts: readonly Part[], { pdus }: VectorPlan): readonly Sending[] {
  const cuts: Record<Side, number[]> = { c2s: [], s2c: [] };
  for (const { side, start, length } of pdus) if (length > 1) cuts[side].push(start + (length >> 1));
  const at: Record<Side, number> = { c2s: 0, s2c: 0 };
  return cutRuns(parts, cuts).flatMap((run) => {
    const [side] = run.map((piece) => piece.side);
    if (side === undefined) return [];
    const ends = run.map(({ octets }) => (at[side] += octets.length));
    const late: boolean[] = [];
    for (const index of run.keys()) {
      const [start, end] = [ends[index], ends[index + 1]];
      const isFree = late[index - 1] !== true && start !== undefined && end !== undefined;
      late.push(isFree && !pdus.some((pdu) => isWithin(pdu, { side, start, end })));
    }
    return run.map((piece, index) => ({ ...piece, late: late[index] === true }));
  });
}

function isWithin(
  pdu: VectorPlan['pdus'][number],
  { side, start, end }: { readonly side: Side; readonly start: number; readonly end: number },
): boolean {
  return pdu.side === side && pdu.start >= start && pdu.start + pdu.length <= end;
}

/** The runs, each in the pieces that these places cut it into. */
function cutRuns(
  parts: readonly Part[],
  cuts: Readonly<Record<Side, readonly number[]>>,
): readonly (readonly Sending[])[] {
  const sent: Record<Side, number> = { c2s: 0, s2c: 0 };
  return runsOf(parts).map(({ side, octets, after }) => {
    const start = sent[side];
    sent[side] += octets.length;
    const inside = cuts[side].map((at) => at - start).filter((at) => at > 0 && at < octets.length);
    const bounds = [0, ...inside, octets.length];
    return inside.concat(octets.length).map((end, index) => ({
      side,
      octets: octets.subarray(bounds[index], end),
      after: index === 0 ? after : 0n,
      late: false,
    }));
  });
}
