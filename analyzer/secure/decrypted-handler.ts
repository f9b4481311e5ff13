import type { Conversation, Side, StreamEvent } from '../capture/stream.ts';
import type { StreamHandler } from '../session/stream-handler.ts';
import type { SecurePiece } from './secure-capture.ts';

/**
 * A TLS conversation whose content an engine decrypted: passes that content on in place of the octets on the wire.
 *
 * Content is let go when the packets it came in are; so it keeps its place among what other streams carry.
 */
export class DecryptedHandler implements StreamHandler {
  private readonly conversation: Conversation;
  private readonly pieces: readonly SecurePiece[];
  private readonly inner: StreamHandler;
  private readonly position: Record<Side, number> = { c2s: 0, s2c: 0 };
  private next = 0;

  constructor(conversation: Conversation, pieces: readonly SecurePiece[], inner: StreamHandler) {
    this.conversation = conversation;
    this.pieces = pieces;
    this.inner = inner;
  }

  get isOver(): boolean {
    return this.inner.isOver;
  }

  heldFrom(): number | undefined {
    return this.inner.heldFrom();
  }

  get heldOctets(): number {
    return this.inner.heldOctets;
  }

  giveUp(): void {
    this.inner.giveUp();
  }

  push(event: StreamEvent): void {
    switch (event.kind) {
      case 'open':
        this.inner.push(event);
        break;
      case 'data':
        this.release(event.frame);
        break;
      case 'gap':
        this.gap(event);
        break;
      case 'end':
        this.release(event.reason === 'capture-end' ? Number.POSITIVE_INFINITY : event.frame);
        this.inner.push({ ...event, position: this.position[event.side] });
    }
  }

  /**
   * Octets that were not captured. No record after them can be decrypted, so how many of the content are missing is
   * not known: as many as on the wire, at most.
   */
  private gap(event: Extract<StreamEvent, { kind: 'gap' }>): void {
    this.release(event.frame);
    const { side, length } = event;
    if (this.position[side] === 0) return;
    this.inner.push({ ...event, position: this.position[side] });
    this.position[side] += length;
  }

  private release(frame: number): void {
    for (let piece = this.pieces[this.next]; piece !== undefined; piece = this.pieces[this.next]) {
      if (piece.frame > frame) return;
      this.next += 1;
      const side = piece.fromServer ? 's2c' : 'c2s';
      const { bytes, time } = piece;
      const position = this.position[side];
      this.position[side] += bytes.length;
      this.inner.push({
        kind: 'data',
        conversation: this.conversation,
        side,
        position,
        bytes,
        frame: piece.frame,
        time,
      });
    }
  }
}
