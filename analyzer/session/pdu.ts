import type { DecodedPdu } from '../decode/decoded.ts';
import type { Side } from '../capture/stream.ts';
import type { SessionMessage } from './message.ts';

/** Why a PDU is not whole. Octets are counted from the PDU's first. */
export type PduProblem =
  /** The direction ended (FIN, RST, end of the capture) inside the PDU. */
  | { readonly kind: 'truncated'; readonly needed: bigint; readonly available: number }
  /** The octets contradict the spec; what was read before the place is kept. */
  | { readonly kind: 'malformed'; readonly path: string; readonly offset: number; readonly message: string }
  /** The capture lacks octets of it. `position` is that of the hole in the direction, as `offset` counts. */
  | {
      readonly kind: 'gap';
      readonly position: number;
      readonly length: number;
      readonly reason: 'lost' | 'snaplen';
      readonly message: string;
    }
  /** A named limit of the spec was passed. */
  | {
      readonly kind: 'limit';
      readonly path: string;
      readonly needed: bigint;
      readonly message: string;
    };

/** One PDU on a conversation, or on a datagram. */
export interface SessionPdu {
  readonly protocol: string;
  readonly transport: 'tcp' | 'udp';
  /** `tcp.stream` or `udp.stream`. */
  readonly stream: number;
  readonly direction: Side;
  /** Position of the first octet, each direction alone, from the start of the protocol's own octets. */
  readonly offset: number;
  /** Octets of the PDU that the capture has. */
  readonly length: number;
  /** Packet in which its last missing octet first arrived; of a truncated PDU, its last octet seen. */
  readonly frame: number;
  readonly time: bigint;
  readonly decoded: DecodedPdu;
  /** The PDU's own octets as far as captured. */
  readonly bytes: Uint8Array;
  readonly problem: PduProblem | null;
  /** How surely it is a PDU, where that had to be guessed (0 to 1); null: its place is known. */
  readonly confidence: number | null;
  /** The message that this PDU completes (Protocol.reassembly); null: none. */
  readonly message: SessionMessage | null;
  /** Of a PDU that another protocol's message carries: that protocol; `offset` counts the octets handed over. */
  readonly parent?: { readonly protocol: string; readonly stream: number };
}

/** The capture, or the limit, leaves out octets of the PDU: another reader may make more or less of it. */
export function isPartial(pdu: SessionPdu): boolean {
  return pdu.problem !== null && pdu.problem.kind !== 'malformed';
}
