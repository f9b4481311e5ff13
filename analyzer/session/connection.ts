import type { Protocol } from '../../spec/index.ts';
import type { Endpoint } from '../capture/segment.ts';
import type { Side } from '../capture/stream.ts';
import type { RequestHead, ResponseHead } from '../http/head.ts';
import type { UpgradeSeen } from '../http/http-event.ts';
import type { TlsAlertSeen } from '../secure/tls-alert.ts';
import type { SessionPdu } from './pdu.ts';

/** How one direction of a connection ended. */
export interface DirectionEnd {
  readonly side: Side;
  readonly reason: 'fin' | 'rst' | 'port-reuse' | 'capture-end';
  readonly frame: number;
  readonly time: bigint;
}

/** Octets of a connection that the capture lacks. `position` counts as the PDUs' offsets do. */
export interface ConnectionHole {
  readonly side: Side;
  readonly position: number;
  readonly length: number;
  readonly reason: 'lost' | 'snaplen';
  /** Packet at which the hole was given up. */
  readonly frame: number;
  /** Packets from this one on may have been put together differently by somebody else. */
  readonly since: number;
}

/** An upgrade asked for in vain: answered otherwise, or (response null) not at all. */
export interface Refusal {
  readonly request: RequestHead | null;
  readonly response: ResponseHead | null;
  readonly tunnels: number;
}

/** How a connection was recognised whose upgrade was not captured. */
export interface Recovered {
  /** 0 to 1: how surely this is the protocol. */
  readonly confidence: number;
  /** Octets before the first PDU that could be found, by direction. */
  readonly skipped: Readonly<Record<Side, number>>;
  /** What told the client from the server. */
  readonly directionFrom: 'upgrade' | 'syn' | 'port' | 'pdu';
}

/** Of a connection inside TLS that an engine decrypted. */
export interface ConnectionTls {
  /** Alerts that could be read, in order. `close notify` is the ordinary end; a fatal one is the cause of the end. */
  readonly alerts: readonly TlsAlertSeen[];
}

/** A conversation that belongs to a protocol: upgraded to it, refused the upgrade, or bound to its port. */
export interface Connection {
  readonly protocol: Protocol;
  readonly transport: 'tcp' | 'udp';
  readonly stream: number;
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** The upgrade that led here; null: bound by port. */
  readonly upgrade: UpgradeSeen | null;
  /** The upgrade that was asked for and not granted. */
  readonly refusal: Refusal | null;
  readonly holes: ConnectionHole[];
  readonly ends: DirectionEnd[];
  /** The first packet of each direction whose octets came in out of order; null: none. */
  readonly reorderedFrom: Record<Side, number | null>;
  /** Set when the beginning of the protocol was not seen and PDUs were found all the same. */
  recovered: Recovered | null;
  /** null: it is not inside TLS. */
  tls: ConnectionTls | null;
  /** Octets that no PDU could be made of (after a hole, or after octets that contradict the spec). */
  readonly unframed: Record<Side, number>;
}

/** Told what happens, in the order of the contract: PDUs by the packet that completed them. */
export interface SessionObserver {
  opened(connection: Connection): void;
  pdu(connection: Connection, pdu: SessionPdu): void;
  /** Told the same PDUs as an application gets them: each direction in its own order, whatever order packets came in. */
  delivered?(connection: Connection, pdu: SessionPdu): void;
}
