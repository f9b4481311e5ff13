/** Octets `[start, end)` of the PDU that a difference is about; null: a computed field, or no positions known. */
export interface OctetRange {
  readonly start: number;
  readonly end: number;
}

/** One way the decoder and an engine disagree. Values are printed forms; null: that side does not have it. */
export interface Difference {
  readonly frame: number;
  readonly stream: number;
  readonly direction: 'c2s' | 's2c';
  /** Display filter name; the protocol's own for a whole PDU. */
  readonly field: string;
  readonly decoded: string | null;
  readonly tshark: string | null;
  readonly byteRange: OctetRange | null;
  readonly kind: DifferenceKind;
}

export type DifferenceKind =
  /** Both have the field, the values differ. */
  | 'value'
  /** Same value, other octets (or other bits of them). */
  | 'range'
  /** Only the decoder, or only the engine, has the field. */
  | 'only-decoded'
  | 'only-tshark'
  /** Only one of them has the whole PDU. */
  | 'pdu-only-decoded'
  | 'pdu-only-tshark';

/** Known causes of a disagreement (docs/diagnoses.md). */
export type Diagnosis =
  /** The engine met segments out of order; see `tcp.reassemble_out_of_order`. */
  | 'tcp-ooo'
  /** The capture lacks packets, and the two recover differently. */
  | 'tcp-hole'
  /** Packets were cut by the snapshot length. */
  | 'snaplen'
  /** The connection began before the capture: an engine shows nothing of it until it is sure, and cannot go back. */
  | 'mid-stream'
  /** The engine decrypted the stream; our own decoding has no keys. */
  | 'tls'
  /** The engine follows WebSocket over HTTP/2 (from 4.4 on); our own decoding does not. */
  | 'http2'
  /** The built-in shows whole messages, joined and inflated, on their last frame. */
  | 'builtin-message-level'
  /** The built-in unmasks the first 256 KiB of a frame only. */
  | 'builtin-unmask-cap'
  /** The built-in keeps a 64-bit length in 32 bits, and takes what follows for frames. */
  | 'builtin-length-32-bit'
  /** Repeated JSON keys were dropped on the way (`jq`, `JSON.parse`). */
  | 'duplicate-keys-lost';

export interface Explained {
  readonly engine: string;
  readonly diagnosis: Diagnosis;
  readonly count: number;
  readonly first: Difference;
}

export interface EngineDifference extends Difference {
  readonly engine: string;
}
