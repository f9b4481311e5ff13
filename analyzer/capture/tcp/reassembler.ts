import {
  HARD_MAXIMUM_HOLE_FRAMES,
  LINGER_NANOSECONDS,
  MAXIMUM_CONVERSATIONS,
  MAXIMUM_HOLE_FRAMES,
  MAXIMUM_HOLE_NANOSECONDS,
  MAXIMUM_TOTAL_PENDING_OCTETS,
} from '../limits.ts';
import type { TcpSegment } from '../segment.ts';
import type { StreamEvent } from '../stream.ts';
import { Connection, type LooseSegment } from './connection.ts';
import { ConnectionTable, type Path } from './connection-table.ts';
import type { Place } from './half-stream.ts';
import { PendingLedger } from './pending-ledger.ts';

/** When the table of conversations is full, this share of it goes at once: the price is paid seldom. */
const FORGOTTEN_SHARE = 0.25;

/**
 * TCP segments in, in the order of the capture; conversations with their octets in stream order out.
 *
 * Memory is bounded by the limits of `limits.ts`, whatever the segments say.
 */
export class TcpReassembler {
  readonly #emit: (event: StreamEvent) => void;
  readonly #table = new ConnectionTable();
  readonly #numbered = new Map<number, Connection>();
  readonly #ledger = new PendingLedger<Connection>();
  /** Connections that a RST or FIN announced the end of, in order of their deadlines. */
  #closing: { readonly connection: Connection; readonly deadline: bigint }[] = [];
  /** Those before this index were closed; they are cut away now and then. */
  #closed = 0;
  #streams = 0;
  #last: Place = { frame: 0, time: 0n };

  constructor(emit: (event: StreamEvent) => void) {
    this.#emit = emit;
  }

  /** @returns number of the stream the segment belongs to */
  push(segment: TcpSegment): number {
    this.#last = segment;
    this.#closeOverdue(segment);
    let path = this.#table.find(segment);
    if (path === undefined) path = this.#open(segment);
    else if (path.connection.isReopenedBy(segment, path.way)) path = this.#reopen(path, segment);
    this.#deliver(path, segment);
    return path.connection.stream;
  }

  /**
   * A segment whose conversation somebody else has numbered (`tcp.stream` of tshark's JSON). Its sequence number
   * may be unknown: then its data follows what came before, and a copy cannot be told from new data.
   * Not to be mixed with `push`.
   */
  pushNumbered(segment: LooseSegment, stream: number): void {
    this.#last = segment;
    this.#closeOverdue(segment);
    const connection = this.#numbered.get(stream) ?? this.#openNumbered(segment, stream);
    this.#deliver({ connection, way: connection.wayFrom(segment.source) }, segment);
  }

  /** The capture is over: everything held is handed out, every conversation ended, by stream. */
  finish(): void {
    const open = this.#connections().sort((a, b) => a.stream - b.stream);
    for (const connection of open) connection.finish('capture-end', this.#last);
  }

  /**
   * Number of the oldest packet some of whose octets are still held back, or undefined: no data to come arrived in
   * an earlier one.
   */
  pendingFrom(): number | undefined {
    return this.#ledger.oldest()?.frame;
  }

  #open(segment: LooseSegment): Path {
    if (this.#table.size >= MAXIMUM_CONVERSATIONS) this.#forgetIdle();
    const connection = new Connection(this.#streams, segment, this.#emit);
    this.#streams += 1;
    return this.#table.add(segment, connection);
  }

  #openNumbered(segment: LooseSegment, stream: number): Connection {
    if (this.#numbered.size >= MAXIMUM_CONVERSATIONS) this.#forgetIdle();
    const connection = new Connection(stream, segment, this.#emit);
    this.#numbered.set(stream, connection);
    return connection;
  }

  #connections(): Connection[] {
    return [...this.#table.connections(), ...this.#numbered.values()];
  }

  #reopen({ connection }: Path, segment: LooseSegment): Path {
    connection.finish('port-reuse', segment);
    this.#ledger.update(connection, this.#last.time);
    return this.#open(segment);
  }

  #deliver({ connection, way }: Path, segment: LooseSegment): void {
    const endings = connection.endings;
    connection.receive(segment, way);
    this.#ledger.update(connection, this.#last.time);
    if (connection.endings > endings) {
      this.#closing.push({ connection, deadline: segment.time + LINGER_NANOSECONDS });
    }
    while (this.#ledger.octets > MAXIMUM_TOTAL_PENDING_OCTETS) this.#giveUpOldest(segment);
    if (this.#isOverdue(segment)) this.#giveUpOldest(segment);
  }

  #isOverdue({ frame, time }: Place): boolean {
    const oldest = this.#ledger.oldest();
    if (oldest === undefined) return false;
    const frames = frame - oldest.frame;
    if (frames <= MAXIMUM_HOLE_FRAMES) return false;
    return frames > HARD_MAXIMUM_HOLE_FRAMES || time - oldest.since > MAXIMUM_HOLE_NANOSECONDS;
  }

  #giveUpOldest(place: Place): void {
    const holder = this.#ledger.oldest()?.holder;
    holder?.giveUpHole(place);
    if (holder !== undefined) this.#ledger.update(holder, place.time);
  }

  /** A deadline counts in capture time: there is no other. */
  #closeOverdue(place: Place): void {
    for (let next = this.#closing[this.#closed]; next !== undefined; next = this.#closing[this.#closed]) {
      if (next.deadline > place.time) break;
      next.connection.close(place);
      this.#ledger.update(next.connection, place.time);
      this.#closed += 1;
    }
    if (this.#closed * 2 > this.#closing.length) {
      this.#closing = this.#closing.slice(this.#closed);
      this.#closed = 0;
    }
  }

  /** Ends the conversations that have been silent longest, so that new ones find room. */
  #forgetIdle(): void {
    const connections = this.#connections().sort((a, b) => a.lastFrame - b.lastFrame);
    const idle = connections.slice(0, Math.ceil(connections.length * FORGOTTEN_SHARE));
    for (const connection of idle) {
      connection.finish('capture-end', this.#last);
      this.#ledger.update(connection, this.#last.time);
      this.#numbered.delete(connection.stream);
    }
    this.#table.deleteAll(new Set(idle));
  }
}
