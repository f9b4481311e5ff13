import type { Endpoint } from './segment.ts';

/**
 * A TCP conversation, numbered as tshark's `tcp.stream`: by first appearance, IPv4 and IPv6 in one count;
 * a SYN with a new sequence number on a known address pair opens a new one.
 */
export interface Conversation {
  readonly stream: number;
  /** The sender of the SYN where one was seen (or the receiver of a SYN-ACK), else the end with the higher port. */
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** Whether a SYN or SYN-ACK told the ends apart. */
  readonly synSeen: boolean;
  readonly firstFrame: number;
}

export type Side = 'c2s' | 's2c';

/** What reassembly makes of the segments. Data of one direction comes in order, each octet once. */
export type StreamEvent =
  | {
      readonly kind: 'open';
      readonly conversation: Conversation;
      readonly frame: number;
      readonly time: bigint;
    }
  | {
      readonly kind: 'data';
      readonly conversation: Conversation;
      readonly side: Side;
      /** Position of the first octet in this direction: from the SYN's number + 1, else from the lowest number seen. */
      readonly position: number;
      readonly bytes: Uint8Array;
      /** Captured packet in which these octets first arrived; out-of-order data keeps the packet it came in. */
      readonly frame: number;
      readonly time: bigint;
    }
  /** Octets the capture does not have: lost packets (known by later data or ACK) or a snaplen cut. */
  | {
      readonly kind: 'gap';
      readonly conversation: Conversation;
      readonly side: Side;
      readonly position: number;
      readonly length: number;
      readonly reason: 'lost' | 'snaplen';
      /** Packet at which the hole was given up. */
      readonly frame: number;
    }
  /** This direction is over; once per direction, after its last data. */
  | {
      readonly kind: 'end';
      readonly conversation: Conversation;
      readonly side: Side;
      readonly reason: 'fin' | 'rst' | 'port-reuse' | 'capture-end';
      /** Position after the last octet. */
      readonly position: number;
      readonly frame: number;
      readonly time: bigint;
    };
