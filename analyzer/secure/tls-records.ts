/**
 * The record layer of TLS (RFC 8446 5.1), as far as it is in the clear:
 *
 *   type 1 | version 2 | length 2 | fragment
 */
import { concatenate } from '../capture/octets.ts';

export const RECORD = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;

const HEADER_OCTETS = 5;
/** RFC 8446 5.2 and RFC 5246 6.2.3: 2^14 + 2048 at most. */
const MAX_FRAGMENT = (1 << 14) + 2048;
const MAJOR_VERSION = 3;

export interface TlsRecord {
  readonly type: number;
  readonly length: number;
  /** Packet in which it is complete. */
  readonly frame: number;
  readonly fragment: Uint8Array;
}

/** Cuts one direction into records; stops for good where the octets are no TLS. */
export class TlsRecords {
  private readonly emit: (record: TlsRecord) => void;
  private pending: Uint8Array = new Uint8Array(0);
  /** Records were understood up to here; false: what came is no TLS, or octets are missing. */
  isReading = true;

  constructor(emit: (record: TlsRecord) => void) {
    this.emit = emit;
  }

  push(bytes: Uint8Array, frame: number): void {
    if (!this.isReading) return;
    const octets =
      this.pending.length === 0
        ? bytes
        : concatenate([this.pending, bytes], this.pending.length + bytes.length);
    let at = 0;
    while (octets.length - at >= HEADER_OCTETS) {
      const [type = 0, major = 0, , high = 0, low = 0] = octets.subarray(at, at + HEADER_OCTETS);
      const length = high * 256 + low;
      if (type < RECORD.changeCipherSpec || major !== MAJOR_VERSION || length > MAX_FRAGMENT) {
        this.isReading = false;
        this.pending = new Uint8Array(0);
        return;
      }
      const end = at + HEADER_OCTETS + length;
      if (end > octets.length) break;
      this.emit({ type, length, frame, fragment: octets.subarray(at + HEADER_OCTETS, end) });
      at = end;
    }
    // A copy: what came in is a view into a buffer of the whole capture.
    this.pending = octets.slice(at);
  }

  stop(): void {
    this.isReading = false;
  }
}
