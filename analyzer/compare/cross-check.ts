import type { DissectedPacket } from '../../engines/index.ts';
import type { Side } from '../capture/stream.ts';
import type { Connection } from '../session/connection.ts';
import { isPartial, type SessionPdu } from '../session/pdu.ts';
import { align } from './align.ts';
import { comparePdu } from './compare-pdu.ts';
import { diagnose } from './diagnose.ts';
import type { Diagnosis, Difference } from './difference.ts';
import type { ExpectedPdu } from './expected.ts';
import { headerKeyOfExpected, headerKeyOfObserved, sharesHeader } from './header-key.ts';
import { type ObservedPdu, observePdu } from './observed.ts';
import { type EngineTally, Tally } from './tally.ts';
import type { View } from './view.ts';

/** Whose packet it is, and in which direction it went. */
export interface Owner {
  readonly connection: Connection;
  readonly side: Side;
}

/** What both sides have of one direction of a connection. */
interface Lane {
  readonly connection: Connection;
  readonly side: Side;
  /** What a packet's own counterpart did not have: the engine may show it in another packet. */
  readonly leftExpected: ExpectedPdu[];
  readonly leftObserved: ObservedPdu[];
  /** A PDU that the engine is known to measure wrongly: from it on it cuts the direction otherwise. */
  derailed: Diagnosis | null;
  /** First packet in which the engine shows the protocol in this direction. */
  firstShown: number;
}

/** What both sides have in one packet, which is of one direction. */
interface Meeting {
  readonly lane: Lane;
  readonly expected: ExpectedPdu[];
  readonly observed: ObservedPdu[];
}

/** Leftovers kept for a direction: where everything differs, the first so many tell enough. */
const MAX_LEFTOVERS = 20_000;

/**
 * Compares what one engine dissected with what we decoded.
 *
 * PDUs are met first within their packet, then, what is left, in order along the direction: reassembly may complete a
 * PDU in another packet there without being wrong.
 */
export class CrossCheck {
  private readonly view: View;
  private readonly tally: Tally;
  private readonly homelessDiagnosis: (frame: number) => Diagnosis | null;
  private readonly lanes = new Map<Connection, Record<Side, Lane>>();
  /** By packet, until both sides are past it. */
  private readonly meetings = new Map<number, Meeting[]>();
  /** Packets before this one are settled. */
  private settled = 0;
  private observedPdus = 0;
  /** Layers in packets that belong to none of our connections. */
  private readonly strays: { readonly pdu: ObservedPdu; readonly ownerOf: () => Owner | undefined }[] = [];

  /** @param homelessDiagnosis why an engine may show the protocol in a packet that is none of our connections' */
  constructor(view: View, engine: string, homelessDiagnosis: (frame: number) => Diagnosis | null) {
    this.homelessDiagnosis = homelessDiagnosis;
    this.view = view;
    this.tally = new Tally(engine);
  }

  /** Whether the engine showed the protocol at all. */
  get sawProtocol(): boolean {
    return this.observedPdus > 0;
  }

  decoded(connection: Connection, pdu: SessionPdu): void {
    const lane = this.laneOf(connection, pdu.direction);
    lane.derailed ??= this.view.derails(pdu);
    this.meetingOf(pdu.frame, lane).expected.push(this.view.expect(connection, pdu));
  }

  /** @param ownerOf tells the connection that the packet's stream is, and the packet's direction */
  observed(packet: DissectedPacket, ownerOf: () => Owner | undefined): void {
    for (const layer of packet.layers) {
      if (layer.name !== this.view.layer) continue;
      this.observedPdus += 1;
      const pdu = observePdu(packet.frame, layer, this.view.plan.names);
      if (!this.place(pdu, ownerOf()) && this.strays.length < MAX_LEFTOVERS)
        this.strays.push({ pdu, ownerOf });
    }
  }

  /** Both sides have told all they have of packets before `frame`. */
  settleBefore(frame: number): void {
    for (const number of this.dueBefore(frame)) {
      for (const meeting of this.meetings.get(number) ?? []) this.settleMeeting(meeting);
      this.meetings.delete(number);
    }
    this.settled = Math.max(this.settled, frame);
  }

  finish(): EngineTally {
    // An upgrade may be recognised only after the engine showed what follows it.
    const homeless = this.strays.filter(({ pdu, ownerOf }) => !this.place(pdu, ownerOf()));
    this.settleBefore(Number.POSITIVE_INFINITY);
    for (const sides of this.lanes.values()) {
      this.settleLeftovers(sides.c2s);
      this.settleLeftovers(sides.s2c);
    }
    for (const { pdu } of homeless) {
      const difference = onlyTshark(pdu, this.view.layer, { stream: -1, direction: 'c2s' });
      this.tally.differ(difference, this.homelessDiagnosis(pdu.frame));
    }
    return this.tally.result();
  }

  private laneOf(connection: Connection, side: Side): Lane {
    let sides = this.lanes.get(connection);
    if (sides === undefined) {
      sides = { c2s: newLane(connection, 'c2s'), s2c: newLane(connection, 's2c') };
      this.lanes.set(connection, sides);
    }
    return sides[side];
  }

  private place(pdu: ObservedPdu, owner: Owner | undefined): boolean {
    if (owner === undefined) return false;
    const lane = this.laneOf(owner.connection, owner.side);
    lane.firstShown = Math.min(lane.firstShown, pdu.frame);
    this.meetingOf(pdu.frame, lane).observed.push(pdu);
    return true;
  }

  /** Numbers of the packets to settle, ascending. Step by step where packets are dense, which they nearly always are. */
  private *dueBefore(frame: number): Generator<number> {
    if (frame - this.settled <= 2 * this.meetings.size) {
      for (let number = this.settled; number < frame; number += 1)
        if (this.meetings.has(number)) yield number;
    } else {
      yield* [...this.meetings.keys()].filter((number) => number < frame).sort((a, b) => a - b);
    }
  }

  private meetingOf(frame: number, lane: Lane): Meeting {
    let meetings = this.meetings.get(frame);
    if (meetings === undefined) this.meetings.set(frame, (meetings = []));
    let meeting = meetings.find((known) => known.lane === lane);
    if (meeting === undefined) meetings.push((meeting = { lane, expected: [], observed: [] }));
    return meeting;
  }

  private settleMeeting({ lane, expected, observed }: Meeting): void {
    for (const step of align(expected, observed, (a, b) => this.same(a, b))) {
      switch (step.kind) {
        case 'pair':
          // Where the streams were put together differently, two PDUs of a packet need not be the same one.
          if (step.equal || this.mustBeSame(lane, step.left.pdu)) this.pair(lane, step.left, step.right);
          else this.keep(lane, step.left, step.right);
          break;
        case 'left':
          this.keep(lane, step.left, undefined);
          break;
        case 'right':
          this.keep(lane, undefined, step.right);
      }
    }
  }

  private settleLeftovers(lane: Lane): void {
    // An engine hands PDUs out in stream order, whatever packets they were completed in.
    lane.leftExpected.sort((a, b) => a.pdu.offset - b.pdu.offset);
    for (const step of align(lane.leftExpected, lane.leftObserved, (a, b) => this.same(a, b))) {
      switch (step.kind) {
        case 'pair':
          if (step.equal) this.pair(lane, step.left, step.right);
          else this.alone(lane, step.left, step.right);
          break;
        case 'left':
          this.alone(lane, step.left, undefined);
          break;
        case 'right':
          this.alone(lane, undefined, step.right);
      }
    }
  }

  private pair(lane: Lane, expected: ExpectedPdu, observed: ObservedPdu): void {
    const { fields, agreed, differences } = comparePdu(expected, observed, this.view);
    this.tally.pdu(fields, agreed);
    for (const difference of differences) {
      const known = this.view.explain(expected.pdu, difference) ?? this.explainState(lane, difference);
      this.tally.differ(difference, known);
    }
  }

  /** What depends on earlier PDUs differs where one side has not seen all of them. */
  private explainState(lane: Lane, { field, frame }: Difference): Diagnosis | null {
    if (!this.view.plan.ofState.has(field)) return null;
    // What the engine did not show of a connection that it was not sure of yet is missing from its messages too.
    const missedSome = lane.connection.recovered !== null && lane.leftExpected.length > 0;
    return this.diagnoseLane(lane, frame) ?? (missedSome ? 'mid-stream' : null);
  }

  private alone(lane: Lane, expected: ExpectedPdu | undefined, observed: ObservedPdu | undefined): void {
    const { stream } = lane.connection;
    const direction = lane.side;
    if (expected !== undefined && !isPartial(expected.pdu)) {
      const difference = onlyDecoded(expected, this.view.layer);
      this.tally.differ(difference, this.diagnoseAlone(lane, difference.frame));
    }
    if (observed !== undefined) {
      const difference = onlyTshark(observed, this.view.layer, { stream, direction });
      this.tally.differ(difference, this.diagnoseAlone(lane, difference.frame));
    }
  }

  private diagnoseAlone(lane: Lane, frame: number): Diagnosis | null {
    const before = lane.connection.recovered !== null && frame <= lane.firstShown;
    return this.diagnoseLane(lane, frame) ?? (before ? 'mid-stream' : null);
  }

  private keep(lane: Lane, expected: ExpectedPdu | undefined, observed: ObservedPdu | undefined): void {
    if (expected !== undefined && lane.leftExpected.length < MAX_LEFTOVERS) lane.leftExpected.push(expected);
    if (observed !== undefined && lane.leftObserved.length < MAX_LEFTOVERS) lane.leftObserved.push(observed);
  }

  /** Whether the only two PDUs of a place must be one PDU, seen differently. */
  private mustBeSame(lane: Lane, pdu: SessionPdu): boolean {
    return !isPartial(pdu) && this.diagnoseLane(lane, pdu.frame) === null;
  }

  private diagnoseLane(lane: Lane, frame: number): Diagnosis | null {
    return diagnose(lane.connection, lane.side, frame) ?? lane.derailed;
  }

  private same(expected: ExpectedPdu, observed: ObservedPdu): boolean {
    if (isPartial(expected.pdu)) return sharesHeader(expected, observed, this.view.plan);
    return headerKeyOfExpected(expected) === headerKeyOfObserved(observed, this.view.plan);
  }
}

function newLane(connection: Connection, side: Side): Lane {
  return {
    connection,
    side,
    leftExpected: [],
    leftObserved: [],
    derailed: null,
    firstShown: Number.POSITIVE_INFINITY,
  };
}

function onlyDecoded({ pdu }: ExpectedPdu, protocol: string): Difference {
  return {
    kind: 'pdu-only-decoded',
    frame: pdu.frame,
    stream: pdu.stream,
    direction: pdu.direction,
    field: protocol,
    decoded: `${pdu.length} octets at ${pdu.offset}`,
    tshark: null,
    byteRange: { start: 0, end: pdu.length },
  };
}

function onlyTshark(
  observed: ObservedPdu,
  protocol: string,
  { stream, direction }: { stream: number; direction: Side },
): Difference {
  const { frame, raw } = observed;
  const byteRange = raw === null ? null : { start: 0, end: raw.length };
  const shown = raw === null ? 'a PDU' : `${raw.length} octets`;
  return {
    kind: 'pdu-only-tshark',
    frame,
    stream,
    direction,
    field: protocol,
    decoded: null,
    tshark: shown,
    byteRange,
  };
}
