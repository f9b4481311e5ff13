/**
 * WebSocket over HTTP/2 (RFC 8441): an extended CONNECT names it in the pseudo-header field `:protocol`.
 *
 *   length 3 | type 1 | flags 1 | stream 4 | payload          (RFC 9113 4.1)
 *
 * The field is in no static table (RFC 7541 appendix A), so the first request of a connection that uses it spells
 * its name out, plainly or in Huffman code: that is looked for, no header is decoded.
 */
import { concatenate } from '../capture/octets.ts';
import type { Side, StreamEvent } from '../capture/stream.ts';

const PREFACE_BEGIN = latin1('PRI * HTTP/2.0');
const PREFACE_END = latin1('\r\n\r\nSM\r\n\r\n');
const FIELD_NAME = latin1(':protocol');
/** The same in HPACK's Huffman code (RFC 7541 appendix B), filled up with ones. */
const FIELD_NAME_HUFFMAN = Uint8Array.from([0xb9, 0x5d, 0x87, 0x49, 0xc8, 0x7a, 0x3f]);

const FRAME_HEADER_OCTETS = 9;
const HEADERS = 1;
const CONTINUATION = 9;
/** Of a frame with header fields this much is looked into; the default limit of a frame is 16384 (RFC 9113 4.2). */
const MAX_BLOCK = 1 << 16;

/** Whether the octets are the beginning of HTTP/2's connection preface (RFC 9113 3.4). */
export function beginsHttp2(octets: Uint8Array): boolean {
  return (
    octets[0] === PREFACE_BEGIN[0] && indexOf(octets.subarray(0, PREFACE_BEGIN.length), PREFACE_BEGIN) === 0
  );
}

/** Looks for WebSockets among the requests of one HTTP/2 connection. */
export class Http2Watch {
  /** HTTP/2 streams in which one was asked for. */
  readonly websockets: number[] = [];
  /** The direction the preface came in. */
  private client: Side | null = null;
  private pending: Uint8Array = new Uint8Array(0);
  private skip = 0;
  private isReading = true;

  push(event: StreamEvent): void {
    if (event.kind === 'gap' && event.side === this.client) this.isReading = false;
    if (event.kind !== 'data' || !this.isReading) return;
    if (this.client === null) this.preface(event.side, event.bytes);
    else if (event.side === this.client) this.read(event.bytes);
  }

  private preface(side: Side, bytes: Uint8Array): void {
    const at = indexOf(bytes, PREFACE_END);
    if (at < 0) return;
    this.client = side;
    this.read(bytes.subarray(at + PREFACE_END.length));
  }

  private read(bytes: Uint8Array): void {
    let octets = concatenate([this.pending, bytes], this.pending.length + bytes.length);
    for (;;) {
      const skipped = Math.min(this.skip, octets.length);
      octets = octets.subarray(skipped);
      this.skip -= skipped;
      if (octets.length < FRAME_HEADER_OCTETS) break;
      const [high = 0, middle = 0, low = 0, type = 0] = octets;
      const length = high * 65536 + middle * 256 + low;
      const end = FRAME_HEADER_OCTETS + length;
      if (type === HEADERS || type === CONTINUATION) {
        if (length > MAX_BLOCK) this.isReading = false;
        if (octets.length < end || !this.isReading) break;
        this.block(octets.subarray(0, end));
      }
      this.skip = end;
    }
    this.pending = this.isReading ? new Uint8Array(octets) : new Uint8Array(0);
  }

  private block(frame: Uint8Array): void {
    const fields = frame.subarray(FRAME_HEADER_OCTETS);
    if (indexOf(fields, FIELD_NAME) < 0 && indexOf(fields, FIELD_NAME_HUFFMAN) < 0) return;
    const [a = 0, b = 0, c = 0, d = 0] = frame.subarray(5, FRAME_HEADER_OCTETS);
    this.websockets.push(((a & 0x7f) << 24) | (b << 16) | (c << 8) | d);
  }
}

function indexOf(octets: Uint8Array, part: Uint8Array): number {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).indexOf(part);
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'latin1'));
}
