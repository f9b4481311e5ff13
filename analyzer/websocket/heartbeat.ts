import type { Side } from '../capture/stream.ts';
import type { SessionPdu } from '../session/pdu.ts';
import { OPCODE, type WebsocketFrame } from './opcode.ts';

export interface RoundTrip {
  readonly min: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export interface HeartbeatSummary {
  readonly pings: number;
  readonly answered: number;
  readonly missed: number;
  readonly unsolicited: number;
  readonly rttMs: RoundTrip | null;
}

interface OpenPing {
  readonly payload: string;
  readonly time: bigint;
}

/** A peer that never answers must not make us keep every ping: older ones count as missed. */
const MAX_OPEN_PINGS = 4096;

/**
 * Pings of both directions matched with pongs by payload (RFC 6455 sections 5.5.2 and 5.5.3).
 *
 * A pong may answer only the latest ping: earlier open pings of that direction count as answered with it, for the
 * RFC allows an endpoint to skip them.
 */
export class HeartbeatTracker {
  private readonly open: Record<Side, OpenPing[]> = { c2s: [], s2c: [] };
  private readonly roundTrips: number[] = [];
  private pings = 0;
  private answered = 0;
  private dropped = 0;
  private unsolicited = 0;

  frame(pdu: SessionPdu, frame: WebsocketFrame): void {
    if (pdu.problem !== null || frame.payload === undefined) return;
    const payload = Buffer.from(frame.payload).toString('latin1');
    if (frame.opcode === OPCODE.ping) this.ping(pdu, payload);
    if (frame.opcode === OPCODE.pong) this.pong(pdu, payload);
  }

  summary(): HeartbeatSummary {
    return {
      pings: this.pings,
      answered: this.answered,
      missed: this.dropped + this.open.c2s.length + this.open.s2c.length,
      unsolicited: this.unsolicited,
      rttMs: percentiles(this.roundTrips),
    };
  }

  private ping(pdu: SessionPdu, payload: string): void {
    this.pings += 1;
    const open = this.open[pdu.direction];
    open.push({ payload, time: pdu.time });
    if (open.length <= MAX_OPEN_PINGS) return;
    open.shift();
    this.dropped += 1;
  }

  private pong(pdu: SessionPdu, payload: string): void {
    const open = this.open[pdu.direction === 'c2s' ? 's2c' : 'c2s'];
    const index = open.findIndex((ping) => ping.payload === payload);
    const ping = open[index];
    if (ping === undefined) {
      this.unsolicited += 1;
      return;
    }
    this.answered += index + 1;
    this.roundTrips.push(Number(pdu.time - ping.time) / 1e6);
    open.splice(0, index + 1);
  }
}

/** Nearest-rank percentiles, in milliseconds. */
export function percentiles(values: readonly number[]): RoundTrip | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { min: at(0), p50: at(0.5), p95: at(0.95), max: at(1) };
}
