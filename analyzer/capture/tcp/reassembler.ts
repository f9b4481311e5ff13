import {
  LINGER_NANOSECONDS,
  MAXIMUM_CONVERSATIONS,
  MAXIMUM_HOLE_AGE_FRAMES,
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
  readonly #ledger = new PendingLedger<Connection>();
  /** Connections that a RST or FIN announced the end of, in order of their deadlines. */
  #closing: { readonly connection: Connection; readonly deadline: bigint }[] = [];
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

  /** The capture is over: everything held is handed out, every conversation ended, by stream. */
  finish(): void {
    const open = this.#table.connections().sort((a, b) => a.stream - b.stream);
    for (const connection of open) connection.finish('capture-end', this.#last);
  }

  /**
   * Number of the oldest packet some of whose octets are still held back, or undefined. No event to come, except
   * for later packets, has a lower one.
   */
  pendingFrom(): number | undefined {
    return this.#ledger.oldestFrame();
  }

  #open(segment: LooseSegment): Path {
    if (this.#table.size >= MAXIMUM_CONVERSATIONS) this.#forgetIdle();
    const connection = new Connection(this.#streams, segment, this.#emit);
    this.#streams += 1;
    return this.#table.add(segment, connection);
  }

  #reopen({ connection }: Path, segment: LooseSegment): Path {
    connection.finish('port-reuse', segment);
    this.#ledger.update(connection);
    return this.#open(segment);
  }

  #deliver({ connection, way }: Path, segment: LooseSegment): void {
    const endings = connection.endings;
    connection.receive(segment, way);
    this.#ledger.update(connection);
    if (connection.endings > endings) {
      this.#closing.push({ connection, deadline: segment.time + LINGER_NANOSECONDS });
    }
    while (this.#ledger.octets > MAXIMUM_TOTAL_PENDING_OCTETS) this.#giveUpOldest(segment);
    const oldest = this.#ledger.oldestFrame();
    if (oldest !== undefined && segment.frame - oldest > MAXIMUM_HOLE_AGE_FRAMES) this.#giveUpOldest(segment);
  }

  #giveUpOldest(place: Place): void {
    const connection = this.#ledger.oldestHolder();
    if (connection === undefined) return;
    connection.giveUpHole(place);
    this.#ledger.update(connection);
  }

  /** A deadline counts in capture time: there is no other. */
  #closeOverdue(place: Place): void {
    let overdue = 0;
    for (const { connection, deadline } of this.#closing) {
      if (deadline > place.time) break;
      connection.close(place);
      this.#ledger.update(connection);
      overdue += 1;
    }
    if (overdue > 0) this.#closing = this.#closing.slice(overdue);
  }

  /** Ends the conversations that have been silent longest, so that new ones find room. */
  #forgetIdle(): void {
    const connections = this.#table.connections().sort((a, b) => a.lastFrame - b.lastFrame);
    const idle = connections.slice(0, Math.ceil(connections.length * FORGOTTEN_SHARE));
    for (const connection of idle) {
      connection.finish('capture-end', this.#last);
      this.#ledger.update(connection);
    }
    this.#table.deleteAll(new Set(idle));
  }
}
