/** A stretch of octets that arrived in one packet. */
interface Arrival {
  /** Position after the last octet of the stretch. */
  readonly end: number;
  readonly frame: number;
  readonly time: bigint;
}

/** Where some octets came from: the last packet that brought one of them. */
export interface Origin {
  readonly frame: number;
  readonly time: bigint;
}

/**
 * Octets of one direction that no PDU has used yet, with the packet each came in.
 *
 * Invariant: `bytes[start, end)` are the octets at stream positions `[position, position + end - start)`;
 * `arrivals` covers exactly these, in order. Octets once written are never overwritten, so a decoded PDU may keep
 * views of them.
 */
export class OctetQueue {
  bytes = new Uint8Array(0);
  start = 0;
  end = 0;
  position: number;
  private arrivals: Arrival[] = [];

  constructor(position: number) {
    this.position = position;
  }

  get length(): number {
    return this.end - this.start;
  }

  append(chunk: Uint8Array, frame: number, time: bigint): void {
    if (this.length === 0) this.adopt(chunk);
    else this.extend(chunk);
    this.arrivals.push({ end: this.position + this.length, frame, time });
  }

  /** Origin of the first `count` octets: the packet with the highest number among those that brought them. */
  originOf(count: number): Origin | undefined {
    let latest: Arrival | undefined;
    for (const arrival of this.arrivals) {
      if (latest === undefined || arrival.frame > latest.frame) latest = arrival;
      if (arrival.end >= this.position + count) break;
    }
    return latest;
  }

  /** Positions at which a stretch that arrived in one packet ends, with its octets. */
  segmentEnds(): ReadonlyMap<number, number> {
    const ends = new Map<number, number>();
    let from = this.position;
    for (const { end } of this.arrivals) {
      ends.set(end, end - from);
      from = end;
    }
    return ends;
  }

  /** Removes the first `count` octets, of which at most `length` exist. */
  consume(count: number): void {
    this.start += count;
    this.position += count;
    let used = 0;
    for (const arrival of this.arrivals) {
      if (arrival.end > this.position) break;
      used += 1;
    }
    if (used > 0) this.arrivals.splice(0, used);
  }

  /** Drops everything and goes on at a later position (after a hole). */
  restart(position: number): void {
    this.start = this.end;
    this.position = position;
    this.arrivals = [];
  }

  /** The common case, one PDU a segment: a copy, for the capture reader may reuse its buffer. */
  private adopt(chunk: Uint8Array): void {
    this.bytes = new Uint8Array(chunk);
    this.start = 0;
    this.end = chunk.length;
  }

  /** Doubling keeps appends amortised O(1) for a large PDU that comes in small segments. */
  private extend(chunk: Uint8Array): void {
    const live = this.length;
    if (this.end + chunk.length > this.bytes.length) {
      const grown = new Uint8Array((live + chunk.length) * 2);
      grown.set(this.bytes.subarray(this.start, this.end));
      this.bytes = grown;
      this.start = 0;
      this.end = live;
    }
    this.bytes.set(chunk, this.end);
    this.end += chunk.length;
  }
}
