import type { Endpoint } from '../capture/segment.ts';
import type { Side, StreamEvent } from '../capture/stream.ts';
import type { RequestHead, ResponseHead } from './head.ts';

/**
 * A connection changed from HTTP to the protocol asked for (RFC 9110 7.8). The sender of the request is the
 * client, whatever its port. One head may be missing from the capture.
 */
export interface UpgradeSeen {
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly request: RequestHead | null;
  readonly response: ResponseHead | null;
  /** Position in each direction of the TCP stream where the new protocol begins; of a direction whose head is missing, what was last understood. */
  readonly begins: { readonly c2s: number; readonly s2c: number };
  /** How many CONNECT tunnels it is inside. */
  readonly tunnels: number;
  /** Packet that settled it. */
  readonly frame: number;
  readonly time: bigint;
}

type DataEvent = Extract<StreamEvent, { kind: 'data' }>;
type GapEvent = Extract<StreamEvent, { kind: 'gap' }>;
type EndEvent = Extract<StreamEvent, { kind: 'end' }>;

/** What is made of a conversation. `side` is as seen by HTTP: the client sent the request. */
export type HttpEvent =
  | { readonly kind: 'upgrade'; readonly upgrade: UpgradeSeen }
  /** The upgrade was asked for and the answer is another one than 101 with the token. */
  | {
      readonly kind: 'refused';
      readonly request: RequestHead | null;
      readonly response: ResponseHead;
      readonly tunnels: number;
    }
  /** The upgrade was asked for, and nothing that answers it was captured. */
  | { readonly kind: 'unanswered'; readonly request: RequestHead; readonly tunnels: number }
  /** CONNECT succeeded: what follows is a conversation of its own, looked into likewise. */
  | { readonly kind: 'tunnel'; readonly request: RequestHead; readonly response: ResponseHead | null }
  /** Said once, of the first octets that are no HTTP/1. `side` is the TCP direction they came in. */
  | {
      readonly kind: 'not-http';
      readonly looksLike: 'tls' | 'http2' | 'other';
      readonly side: Side;
      readonly position: number;
      readonly frame: number;
      readonly tunnels: number;
    }
  /** Octets of the protocol upgraded to; `offset` counts from where it begins. */
  | {
      readonly kind: 'data';
      readonly side: Side;
      readonly offset: number;
      readonly bytes: DataEvent['bytes'];
      readonly frame: number;
      readonly time: bigint;
    }
  | {
      readonly kind: 'gap';
      readonly side: Side;
      readonly offset: number;
      readonly length: number;
      readonly reason: GapEvent['reason'];
      readonly frame: number;
    }
  | {
      readonly kind: 'end';
      readonly side: Side;
      readonly offset: number;
      readonly reason: EndEvent['reason'];
      readonly frame: number;
      readonly time: bigint;
    };
