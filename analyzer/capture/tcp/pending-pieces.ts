/** Octets that arrived before others that come earlier in the stream. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  /** Null: octets the snaplen cut off. */
  readonly bytes: Uint8Array | null;
  /** Packet in which they arrived. */
  readonly frame: number;
  readonly time: bigint;
}

/**
 * Out-of-order pieces of one direction.
 *
 * Invariant: sorted by `start`, none empty, no two overlap. What arrived first stays: a later copy fills only
 * the spaces between.
 */
export class PendingPieces {
  #pieces: Piece[] = [];
  /** Pieces before this index were taken; they are cut away now and then, so that taking one is cheap. */
  #taken = 0;
  #octets = 0;
  /** Lowest packet number of all pieces; undefined: to be found again. */
  #oldestFrame: number | undefined = Infinity;

  get count(): number {
    return this.#pieces.length - this.#taken;
  }

  /** Octets held, those the snaplen cut not counted. */
  get octets(): number {
    return this.#octets;
  }

  get first(): Piece | undefined {
    return this.#pieces[this.#taken];
  }

  /** Lowest packet number of all pieces, Infinity when there are none. */
  get oldestFrame(): number {
    this.#oldestFrame ??= this.#findOldestFrame();
    return this.#oldestFrame;
  }

  /** Octets are copied: a small piece must not keep a whole chunk of the file in memory. */
  insert(piece: Piece): void {
    let { start } = piece;
    let index = this.#indexAfter(start);
    // Ends: every turn moves `start` behind the next piece, or to the new piece's end.
    while (start < piece.end) {
      const next = this.#pieces[index];
      const end = next === undefined ? piece.end : Math.min(piece.end, next.start);
      if (end > start) {
        this.#pieces.splice(index, 0, slicePiece(piece, start, end));
        if (piece.bytes !== null) this.#octets += end - start;
        if (piece.frame < (this.#oldestFrame ?? -1)) this.#oldestFrame = piece.frame;
        index += 1;
      }
      start = Math.max(start, next?.end ?? piece.end);
      index += 1;
    }
  }

  takeFirst(): Piece | undefined {
    const piece = this.#pieces[this.#taken];
    if (piece === undefined) return undefined;
    this.#taken += 1;
    if (piece.bytes !== null) this.#octets -= piece.bytes.length;
    if (piece.frame === this.#oldestFrame) this.#oldestFrame = undefined;
    if (this.#taken * 2 > this.#pieces.length) {
      this.#pieces = this.#pieces.slice(this.#taken);
      this.#taken = 0;
    }
    return piece;
  }

  #findOldestFrame(): number {
    let oldest = Infinity;
    for (let index = this.#taken; index < this.#pieces.length; index += 1) {
      oldest = Math.min(oldest, this.#pieces[index]?.frame ?? Infinity);
    }
    return oldest;
  }

  /** Index of the first piece that ends after `position`. */
  #indexAfter(position: number): number {
    let low = this.#taken;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#pieces[middle]?.end ?? 0) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

function slicePiece(piece: Piece, start: number, end: number): Piece {
  const { bytes, frame, time } = piece;
  return { start, end, bytes: bytes?.slice(start - piece.start, end - piece.start) ?? null, frame, time };
}
