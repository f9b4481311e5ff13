import {
  comparePdu,
  type Difference,
  type ExpectedPdu,
  expectPdu,
  type FieldPlan,
  type ObservedPdu,
  type SessionPdu,
  type Side,
  toHex,
  type View,
} from '../../analyzer/index.ts';
import { keptOctets } from '../capture/build-capture.ts';
import { type Case, describeCase } from '../capture/cases.ts';
import { ABOUT_NOTHING, type Failure, type Judgement } from '../judge/failure.ts';
import { cell } from '../judge/texts.ts';
import type { DirectDecoding, DirectPdu } from './decode-vector.ts';
import type { EngineCase, ShownPdu } from './run-engine.ts';
import type { SessionRun } from './run-session.ts';

/** What is looked at of a case from whose capture octets are missing. */
export interface LossyCase {
  readonly item: Case;
  readonly decoding: DirectDecoding;
  readonly session: SessionRun;
  readonly view: View;
}

/** A PDU of the session, and where it stands in what its sender really sent. */
interface Placed {
  readonly found: SessionPdu;
  readonly side: Side;
}

/** Nothing is invented: what the session takes for a whole PDU is one. Nothing is lost before the first missing octet. */
export function judgeLossySession(lossy: LossyCase, judgement: Judgement): void {
  const { item, decoding } = lossy;
  const fail = failer(item, { kind: 'session' }, judgement);
  const placed = placedPdus(lossy);
  for (const { found, side } of placed) {
    if (found.problem !== null || item.carrier.kind === 'udp') continue;
    const index = indexAt(decoding, side, found.offset);
    const direct = decoding.pdus[index];
    const octets = { start: found.offset, end: found.offset + found.length };
    if (direct === undefined || direct.octets.length !== found.length) {
      const message = `a PDU of ${found.length} octets at octet ${found.offset} of what ${senderOf(side)} sends, where none is`;
      fail({ message, octets, side });
      continue;
    }
    const difference = differentField(found, direct, lossy.view.plan);
    if (difference !== undefined) fail({ pdu: index, octets, side, ...difference });
  }
  for (const [index, { side, offset, octets, problem }] of decoding.pdus.entries()) {
    const end = offset + octets.length;
    if (problem !== null || end > keptOctets(item, side)) continue;
    if (placed.some((pdu) => pdu.side === side && pdu.found.offset === offset)) continue;
    fail({
      pdu: index,
      message: 'the PDU is not found, and all its octets are there',
      octets: { start: offset, end },
      side,
    });
  }
}

/** What the engine shows is what the session makes of the same capture, or what the capture lacks explains it. */
export function judgeLossyEngine(
  lossy: LossyCase,
  { tally, troubles, shown }: EngineCase,
  engine: string,
  judgement: Judgement,
): void {
  const fail = failer(lossy.item, { kind: 'engine', engine }, judgement);
  for (const trouble of troubles) fail({ message: cell(trouble) });
  // Where the session is not sure enough to say anything, what the engine says must be true all the same.
  if (lossy.item.variant === 'mid-stream' && placedPdus(lossy).length === 0) {
    for (const told of inventedBy(shown, lossy)) fail(told);
  } else {
    for (const difference of tally?.differences ?? []) fail(differenceFailure(difference, lossy));
  }
}

/** PDUs that are none of the vector's, each side's in their order. */
function inventedBy(shown: readonly ShownPdu[], { decoding, view }: LossyCase): readonly Told[] {
  let next = 0;
  return shown.flatMap(({ observed }): readonly Told[] => {
    const index = decoding.pdus.findIndex((direct, at) => at >= next && isSame(direct, observed, view));
    if (index >= 0) next = index + 1;
    const size = observed.raw === null ? 'a PDU' : `a PDU of ${observed.raw.length} octets`;
    return index >= 0
      ? []
      : [{ message: `packet ${observed.frame}: ${size} is shown that none of the vector's is` }];
  });
}

function isSame(direct: DirectPdu, observed: ObservedPdu, view: View): boolean {
  const { differences } = comparePdu(expectPdu(sessionPduOf(direct), view.plan), observed, view);
  return differences.every(({ field }) => view.plan.ofState.has(field));
}

/** As the session would have it. */
function sessionPduOf({ decoded, octets, side, offset, message }: DirectPdu): SessionPdu {
  const place = { protocol: '', transport: 'tcp', stream: 0, frame: 0, time: 0n } as const;
  const own = { offset, length: octets.length, bytes: octets, decoded, message };
  return { ...place, ...own, direction: side, problem: null, confidence: null };
}

type Told = Partial<Failure> & Pick<Failure, 'message'>;

function failer(item: Case, party: Failure['party'], judgement: Judgement): (told: Told) => void {
  return (told) => judgement.fail({ ...ABOUT_NOTHING, ...told, party, variant: describeCase(item) });
}

function placedPdus({ item, session }: LossyCase): readonly Placed[] {
  return (session.pdus.get(item) ?? []).map((found) => {
    const client = session.connections.get(found)?.client.address;
    // Without a beginning the client can be taken for the server.
    return { found, side: client === item.client.address ? found.direction : opposite(found.direction) };
  });
}

function opposite(side: Side): Side {
  return side === 'c2s' ? 's2c' : 'c2s';
}

function senderOf(side: Side): string {
  return side === 'c2s' ? 'the client' : 'the server';
}

function indexAt({ pdus }: DirectDecoding, side: Side, offset: number): number {
  return pdus.findIndex((pdu) => pdu.side === side && pdu.offset === offset);
}

/** The first field that has another value; what depends on earlier PDUs may, for they can be missing. */
function differentField(
  found: SessionPdu,
  direct: DirectPdu,
  plan: FieldPlan,
): Pick<Failure, 'field' | 'message' | 'expected' | 'found'> | undefined {
  const ours = expectPdu(found, plan).items;
  const theirs = expectPdu({ ...found, decoded: direct.decoded, message: direct.message }, plan).items;
  for (const filter of new Set([...ours.keys(), ...theirs.keys()])) {
    if (plan.ofState.has(filter)) continue;
    const [has, must] = [textOf(ours, filter), textOf(theirs, filter)];
    if (has === must) continue;
    const [shown, expected] = [cell(has), cell(must)];
    const message = `${filter} is ${shown}, our decoder by itself has ${expected}`;
    return { field: filter, message, expected, found: shown };
  }
  return undefined;
}

function textOf(items: ExpectedPdu['items'], filter: string): string {
  const list = items.get(filter) ?? [];
  const texts = list.map(({ canonical, place }) =>
    canonical === undefined ? toHex(place?.bytes ?? new Uint8Array()) : canonical,
  );
  return texts.length === 0 ? '(absent)' : texts.join(', ');
}

function differenceFailure(difference: Difference, lossy: LossyCase): Told {
  const { frame, direction, field, kind, decoded, tshark, byteRange } = difference;
  const placed = placedPdus(lossy).find(
    ({ found }) => found.frame === frame && found.direction === direction,
  );
  const index = placed === undefined ? -1 : indexAt(lossy.decoding, placed.side, placed.found.offset);
  const [ours, shown] = [
    decoded === null ? '(absent)' : cell(decoded),
    tshark === null ? '(absent)' : cell(tshark),
  ];
  const what = kind === 'range' ? 'covers' : 'is';
  return {
    pdu: index < 0 ? null : index,
    field,
    side: placed?.side ?? null,
    message: `packet ${frame}: ${field} ${what} ${shown}, our session has ${ours}`,
    expected: ours,
    found: shown,
    octets:
      byteRange === null || placed === undefined
        ? null
        : { start: byteRange.start + placed.found.offset, end: byteRange.end + placed.found.offset },
  };
}
