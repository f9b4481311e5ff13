import type { Side } from '../capture/stream.ts';
import { placeOf } from '../judge/connection-judge.ts';
import type { DirectionEnd } from '../session/connection.ts';
import type { SessionPdu } from '../session/pdu.ts';
import { OPCODE, type WebsocketFrame } from './opcode.ts';
import { median, milliseconds, type Percentiles, percentiles } from '../judge/percentiles.ts';
import { otherSide, SIDES } from './sides.ts';

/** A ping, and what became of it. */
export interface PingNote {
  readonly payload: string;
  readonly direction: Side;
  readonly frame: number;
  readonly offset: number;
  readonly hex: string;
  readonly time: bigint;
  /** Octets that the other side had sent by then. */
  readonly sentByPeer: number;
  answered: boolean;
  /** A pong came in its place that carries something else. */
  wronglyAnswered: boolean;
}

export interface PongNote {
  readonly payload: string;
  readonly direction: Side;
  readonly frame: number;
  readonly offset: number;
  readonly hex: string;
  /** The oldest ping that was open when it came; null: none was. */
  readonly instead: PingNote | null;
}

/** Pings in a row that a pong to a later one passed over, which is legal (RFC 6455 section 5.5.3). */
export interface SkippedRun {
  readonly pings: readonly PingNote[];
  /** Octets that the other side sent meanwhile. */
  readonly octetsMeanwhile: number;
}

/** What of one direction's pings had no pong when everything was over. */
export interface UnansweredPings {
  /** Waited for long enough, oldest first. */
  readonly missing: readonly PingNote[];
  /** Octets that the other side sent after the first of them. */
  readonly octetsMeanwhile: number;
  /** How long the first of them was waited for, in nanoseconds. */
  readonly waited: bigint;
}

export interface HeartbeatSummary {
  readonly pings: number;
  readonly answered: number;
  /** No pong came for them, or none before the sender was gone. */
  readonly missed: number;
  /** Came after the next ping had been sent, or after the sender was gone. */
  readonly late: number;
  readonly unsolicited: number;
  /** Sent so shortly before the end that nothing follows from a missing pong. */
  readonly inFlight: number;
  /** Of the missed: the other side was sending a lot just then. */
  readonly missedWhileBusy: number;
  /** Usual time between two pings; null: there were not two. */
  readonly intervalMs: number | null;
  readonly rttMs: Percentiles | null;
}

/** A peer that never answers must not make us keep every ping: older ones count as missed. */
const MAX_OPEN_PINGS = 4096;
/** Round trips and gaps kept for percentiles; more would not change them. */
const MAX_SAMPLES = 100_000;
/** Runs of skipped pings and odd pongs that are told one by one. */
const MAX_NOTES = 1000;
/** A shorter wait for a pong proves nothing, in nanoseconds. */
const PATIENCE = 750_000_000n;
/** ... nor does one that is not longer than so many of the slowest round trips. */
const PATIENCE_ROUND_TRIPS = 3;
/** Octets that keep a connection busy for as long as gorilla's ping handler waits, or its socket buffers full. */
export const BUSY_OCTETS = 64 * 1024;

/**
 * Pings of both directions matched with pongs by payload (RFC 6455 sections 5.5.2 and 5.5.3).
 *
 * Invariant: `open` holds the pings of a direction, oldest first, that no pong has answered or passed over.
 */
export class HeartbeatTracker {
  readonly skipped: SkippedRun[] = [];
  /** Pongs that answered nothing; those with `instead` may have been meant to. */
  readonly odd: PongNote[] = [];
  private readonly ends: readonly DirectionEnd[];
  private readonly open: Record<Side, PingNote[]> = { c2s: [], s2c: [] };
  private readonly passed: Record<Side, PingNote[]> = { c2s: [], s2c: [] };
  private readonly lastPing: Record<Side, bigint | null> = { c2s: null, s2c: null };
  private readonly sent: Record<Side, number> = { c2s: 0, s2c: 0 };
  private readonly roundTrips: number[] = [];
  private readonly gaps: number[] = [];
  private pings = 0;
  private answered = 0;
  private missed = 0;
  private missedBusy = 0;
  private late = 0;
  private unsolicited = 0;

  /** `ends`: the connection's own list, which grows as directions end. */
  constructor(ends: readonly DirectionEnd[]) {
    this.ends = ends;
  }

  frame(pdu: SessionPdu, frame: WebsocketFrame): void {
    this.sent[pdu.direction] += pdu.length;
    if (pdu.problem !== null || frame.payload === undefined) return;
    if (frame.opcode === OPCODE.ping) this.ping(pdu, textOf(frame.payload));
    if (frame.opcode === OPCODE.pong) this.pong(pdu, textOf(frame.payload));
  }

  /** `until`: when nothing could be answered any more, by the direction the pings were sent in. */
  unanswered(side: Side, until: bigint): UnansweredPings {
    const [first] = this.open[side];
    const none = { missing: [], octetsMeanwhile: 0, waited: 0n };
    if (first === undefined) return none;
    const waited = until - first.time;
    // Whoever has kept one ping waiting for too long owes the later ones too.
    if (waited < this.patience()) return { ...none, waited };
    const octetsMeanwhile = this.sent[otherSide(side)] - first.sentByPeer;
    return { missing: this.open[side], octetsMeanwhile, waited };
  }

  summary(until: Readonly<Record<Side, bigint>>): HeartbeatSummary {
    const rest = SIDES.map((side) => this.unanswered(side, until[side]));
    const missing = rest.reduce((sum, { missing: pings }) => sum + pings.length, 0);
    const busy = rest.filter(({ octetsMeanwhile }) => octetsMeanwhile >= BUSY_OCTETS);
    const openPings = this.open.c2s.length + this.open.s2c.length;
    return {
      pings: this.pings,
      answered: this.answered,
      missed: this.missed + missing,
      late: this.late,
      unsolicited: this.unsolicited,
      inFlight: openPings - missing,
      missedWhileBusy: this.missedBusy + busy.reduce((sum, { missing: pings }) => sum + pings.length, 0),
      intervalMs: median(this.gaps),
      rttMs: percentiles(this.roundTrips),
    };
  }

  get isQuiet(): boolean {
    return this.pings === 0;
  }

  private patience(): bigint {
    const slowest = percentiles(this.roundTrips)?.max ?? 0;
    const byRoundTrips = BigInt(Math.round(slowest * PATIENCE_ROUND_TRIPS * 1e6));
    return byRoundTrips > PATIENCE ? byRoundTrips : PATIENCE;
  }

  private ping(pdu: SessionPdu, payload: string): void {
    const { direction, time } = pdu;
    this.pings += 1;
    const before = this.lastPing[direction];
    if (before !== null && this.gaps.length < MAX_SAMPLES) this.gaps.push(milliseconds(time - before));
    this.lastPing[direction] = time;
    const open = this.open[direction];
    const sentByPeer = this.sent[otherSide(direction)];
    open.push({ payload, ...placeOf(pdu), time, sentByPeer, answered: false, wronglyAnswered: false });
    if (open.length <= MAX_OPEN_PINGS) return;
    open.shift();
    this.missed += 1;
  }

  private pong(pdu: SessionPdu, payload: string): void {
    const side = otherSide(pdu.direction);
    const open = this.open[side];
    const index = open.findIndex((ping) => ping.payload === payload);
    const ping = open[index];
    if (ping === undefined) {
      this.oddPong(pdu, payload, side);
      return;
    }
    if (this.goneBefore(side, pdu)) {
      this.late += 1;
      return;
    }
    if (open.length > index + 1) this.late += 1;
    this.answer(ping, pdu.time);
    if (index > 0) this.skip(side, open.slice(0, index));
    open.splice(0, index + 1);
  }

  private answer(ping: PingNote, time: bigint): void {
    ping.answered = true;
    this.answered += 1;
    if (this.roundTrips.length < MAX_SAMPLES) this.roundTrips.push(milliseconds(time - ping.time));
  }

  private skip(side: Side, pings: readonly PingNote[]): void {
    const [first] = pings;
    if (first === undefined) return;
    const octetsMeanwhile = this.sent[otherSide(side)] - first.sentByPeer;
    this.missed += pings.length;
    if (octetsMeanwhile >= BUSY_OCTETS) this.missedBusy += pings.length;
    if (this.skipped.length < MAX_NOTES) this.skipped.push({ pings, octetsMeanwhile });
    this.passed[side] = [...this.passed[side], ...pings].slice(-MAX_OPEN_PINGS);
  }

  private oddPong(pdu: SessionPdu, payload: string, side: Side): void {
    const passed = this.passed[side].find((ping) => ping.payload === payload && !ping.answered);
    if (passed !== undefined) {
      // Out of turn, but an answer after all.
      this.answer(passed, pdu.time);
      this.missed -= 1;
      this.late += 1;
      return;
    }
    const instead = this.open[side].find((ping) => !ping.wronglyAnswered) ?? null;
    if (instead !== null) instead.wronglyAnswered = true;
    this.unsolicited += 1;
    if (this.odd.length < MAX_NOTES) this.odd.push({ payload, ...placeOf(pdu), instead });
  }

  /** The sender of the ping had left when this came. */
  private goneBefore(side: Side, { frame }: SessionPdu): boolean {
    return this.ends.some((end) => end.side === side && end.reason !== 'capture-end' && end.frame < frame);
  }
}

function textOf(payload: Uint8Array): string {
  return Buffer.from(payload).toString('latin1');
}
