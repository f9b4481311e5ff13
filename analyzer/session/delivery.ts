import type { Side } from '../capture/stream.ts';
import type { Connection } from './connection.ts';
import { InOrder } from './in-order.ts';
import type { SessionPdu } from './pdu.ts';

interface Due {
  readonly connection: Connection;
  readonly pdu: SessionPdu;
}

/**
 * PDUs in the order in which TCP delivers them: one that came early waits for those before it in its direction.
 */
export class Delivery {
  private readonly order: InOrder<Due>;
  /** Packet at which the last PDU of each direction was due. */
  private readonly last = new WeakMap<Connection, Record<Side, number>>();

  constructor(tell: (connection: Connection, pdu: SessionPdu) => void) {
    this.order = new InOrder(({ connection, pdu }) => tell(connection, pdu));
  }

  /** To be called in the order of each direction. */
  add(connection: Connection, pdu: SessionPdu, due: number): void {
    const { stream, direction, offset } = pdu;
    const last = this.last.get(connection) ?? { c2s: 0, s2c: 0 };
    this.last.set(connection, last);
    last[direction] = Math.max(last[direction], due);
    this.order.add({ frame: last[direction], stream, side: direction, offset }, { connection, pdu });
  }

  settleBefore(frame: number): void {
    this.order.settleBefore(frame);
  }

  finish(): void {
    this.order.finish();
  }
}
