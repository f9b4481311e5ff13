import type { Endpoint, TcpSegment } from '../capture/segment.ts';

/** The first RST of a stream. */
export interface ResetNote {
  readonly sender: Endpoint;
  readonly frame: number;
  readonly time: bigint;
}

/** An end that did not read: it advertised a receive window of nothing. */
export interface StallNote {
  readonly sender: Endpoint;
  /** How often the window closed. */
  times: number;
  /** Packet in which it closed first. */
  readonly frame: number;
  /** Nanoseconds for which it was closed, all together; one that never opened again counts to the last segment. */
  closed: bigint;
  /** Since when it is closed now; null: it is open. */
  since: bigint | null;
}

/** What TCP tells of a stream beyond its octets; memory grows with the streams that have something to tell. */
export class TransportNotes {
  private readonly resets = new Map<number, ResetNote>();
  private readonly stallsOf = new Map<number, StallNote[]>();
  /** Time of the last segment of the capture. */
  last: bigint | null = null;

  segment(stream: number, segment: TcpSegment): void {
    const { flags, time, frame, source } = segment;
    if (this.last === null || time > this.last) this.last = time;
    if (flags.rst) {
      if (!this.resets.has(stream)) this.resets.set(stream, { sender: source, frame, time });
    } else if (!flags.syn) {
      this.window(stream, segment);
    }
  }

  /** undefined: no RST was seen. */
  resetOf(stream: number): ResetNote | undefined {
    return this.resets.get(stream);
  }

  stalls(stream: number): readonly StallNote[] {
    return this.stallsOf.get(stream) ?? [];
  }

  private window(stream: number, { window, source, frame, time }: TcpSegment): void {
    const notes = this.stallsOf.get(stream);
    const note = notes?.find(({ sender }) => isSame(sender, source));
    if (note !== undefined) {
      if (note.since !== null && time > note.since) note.closed += time - note.since;
      if (window === 0 && note.since === null) note.times += 1;
      note.since = window === 0 ? time : null;
    } else if (window === 0) {
      const first = { sender: source, times: 1, frame, closed: 0n, since: time };
      if (notes === undefined) this.stallsOf.set(stream, [first]);
      else notes.push(first);
    }
  }
}

function isSame(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.address === b.address;
}
