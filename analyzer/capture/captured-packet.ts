/** One record of a capture file. */
export interface CapturedPacket {
  /** Number of the record in the file from 1, over all interfaces and sections (`frame.number`). */
  readonly frame: number;
  /** Nanoseconds since the epoch; 0 where the record has no time (Simple Packet Block). */
  readonly time: bigint;
  /** LINKTYPE_ number of the interface. */
  readonly linkType: number;
  /** A view into a larger buffer that is never written again: keep it, and the buffer stays; copy to keep little. */
  readonly bytes: Uint8Array;
  /** Octets on the wire; more than `bytes` when the snaplen cut the packet. */
  readonly originalLength: number;
}

/** How reading came to its end. All packets before that place were handed out. */
export type CaptureEnd =
  | { readonly kind: 'complete' }
  | { readonly kind: 'empty'; readonly message: string }
  /** Ends inside a record. `offset` is where that record begins (in the unpacked octets of a compressed file). */
  | { readonly kind: 'cut'; readonly offset: number; readonly message: string }
  /** A record that cannot be right; no later boundary can be trusted. */
  | { readonly kind: 'damaged'; readonly offset: number; readonly message: string }
  | { readonly kind: 'not-a-capture'; readonly looksLike: string; readonly message: string };

export interface CaptureSummary {
  readonly format: 'pcap' | 'pcapng' | null;
  readonly compression: 'gzip' | 'zstd' | null;
  /** Packets handed out. */
  readonly packets: number;
  /** LINKTYPE_ numbers of the packets, in order of first appearance. */
  readonly linkTypes: readonly number[];
  readonly end: CaptureEnd;
}

export type CaptureErrorCode = 'capture-unreadable';

/** The capture could not be opened or read at all: told in one sentence. */
export class CaptureError extends Error {
  readonly code: CaptureErrorCode;
  constructor(code: CaptureErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CaptureError';
    this.code = code;
  }
}
