import type { Side } from '../capture/stream.ts';
import type { PairSide } from '../decode/index.ts';
import type { PairsReport } from '../report/report.ts';
import type { SessionPdu } from '../session/pdu.ts';
import type { FindingInput } from './finding.ts';
import { percentiles } from './percentiles.ts';

interface Request {
  readonly direction: Side;
  readonly frame: number;
  readonly time: bigint;
  /** Counts the PDUs of the direction, from 0. */
  readonly index: number;
}

/** Requests that wait at one time; beyond it the oldest is given up as unanswered. */
const MAX_WAITING = 65_536;
/** Latencies kept for percentiles; more would not change them. */
const MAX_SAMPLES = 100_000;
/** Unanswered requests that are listed; `requests` and `answered` count all. */
const MAX_LISTED = 10_000;
/** Told one by one. */
const MAX_TOLD = 10;

/**
 * Requests and their answers by the key that the spec names (`pair`). Of several requests with one key, an answer
 * belongs to the oldest.
 *
 * Invariant: `waiting` holds the requests without an answer, of each key the oldest first.
 */
export class KeyPairs {
  private readonly waiting = new Map<string, Request[]>();
  private readonly given: Request[] = [];
  private readonly latencies: number[] = [];
  private readonly count: Record<Side, number> = { c2s: 0, s2c: 0 };
  private requests = 0;
  private answered = 0;

  pdu(pdu: SessionPdu, side: PairSide | null): void {
    const { direction, frame, time } = pdu;
    const index = this.count[direction]++;
    if (side === null || pdu.problem !== null) return;
    if (side.role === 'request') this.request(side.key, { direction, frame, time, index });
    else this.response(side.key, direction, time);
  }

  get unanswered(): readonly Request[] {
    return [...this.given, ...[...this.waiting.values()].flat()].sort((a, b) => a.frame - b.frame);
  }

  /** null: nothing was asked. */
  report(uncertain: boolean): PairsReport | null {
    if (this.requests === 0) return null;
    return {
      kind: 'key',
      requests: this.requests,
      answered: this.answered,
      unanswered: this.unanswered.slice(0, MAX_LISTED).map(({ frame, index }) => ({ frame, index })),
      latencyMs: percentiles(this.latencies),
      uncertain,
    };
  }

  /** The capture, or the connection, may just have ended before the answer: worth knowing, no more. */
  findings(): FindingInput[] {
    const { unanswered } = this;
    return unanswered.slice(0, MAX_TOLD).map(({ direction, frame, index }, at): FindingInput => {
      const more =
        at === MAX_TOLD - 1 && unanswered.length > MAX_TOLD
          ? `; and ${unanswered.length - MAX_TOLD} more`
          : '';
      const message = `Request ${index} of this direction has no answer${more}`;
      return { rule: 'UNANSWERED', severity: 'info', direction, frame, offset: null, reference: '', message };
    });
  }

  private request(key: string, request: Request): void {
    this.requests += 1;
    const same = this.waiting.get(key);
    if (same !== undefined) same.push(request);
    else {
      this.waiting.set(key, [request]);
      if (this.waiting.size > MAX_WAITING) this.giveUpOldest();
    }
  }

  private response(key: string, direction: Side, time: bigint): void {
    const same = this.waiting.get(key);
    const at = same?.findIndex((request) => request.direction !== direction) ?? -1;
    const [request] = same?.splice(at, at < 0 ? 0 : 1) ?? [];
    if (request === undefined) return;
    if (same?.length === 0) this.waiting.delete(key);
    this.answered += 1;
    if (this.latencies.length < MAX_SAMPLES)
      this.latencies.push(Math.max(0, Number(time - request.time) / 1e6));
  }

  private giveUpOldest(): void {
    const [oldest] = this.waiting;
    if (oldest === undefined) return;
    this.waiting.delete(oldest[0]);
    if (this.given.length < MAX_LISTED) this.given.push(...oldest[1]);
  }
}
