/** One end of a conversation. `address` is printed as tshark prints it (`::ffff:1.2.3.4`). */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/**
 * One TCP segment as captured. Comes from a capture file or from tshark's JSON: reassembly does not care which.
 */
export interface TcpSegment {
  readonly kind: 'tcp';
  /** Number of the captured packet, from 1 (`frame.number`). */
  readonly frame: number;
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** Raw 32-bit sequence and acknowledgement numbers. */
  readonly sequence: number;
  readonly acknowledgement: number;
  readonly flags: {
    readonly syn: boolean;
    readonly ack: boolean;
    readonly fin: boolean;
    readonly rst: boolean;
  };
  readonly window: number;
  /** Captured octets of the payload. */
  readonly payload: Uint8Array;
  /** Octets of the payload that the capture's snaplen cut off. */
  readonly missing: number;
}

export interface UdpDatagram {
  readonly kind: 'udp';
  readonly frame: number;
  readonly time: bigint;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly payload: Uint8Array;
  readonly missing: number;
}

export type Transport = TcpSegment | UdpDatagram;
