/** Packet numbers of a capture are dense; a JSON may claim any: those beyond go to a map. */
const MAX_DENSE = 1 << 28;
const SPARSE_STEP = 1 << 20;

/** Which stream each captured packet belongs to; four octets a packet. */
export class PacketIndex {
  /** By frame number: 0 = none, else 1 + stream. */
  private dense = new Int32Array(1024);
  private readonly sparse = new Map<number, number>();

  set(frame: number, stream: number): void {
    const place = 1 + stream;
    if (frame >= this.dense.length && !this.grow(frame)) this.sparse.set(frame, place);
    else this.dense[frame] = place;
  }

  get(frame: number): number | undefined {
    const place = this.dense[frame] ?? this.sparse.get(frame) ?? 0;
    return place === 0 ? undefined : place - 1;
  }

  private grow(frame: number): boolean {
    if (frame > MAX_DENSE || frame > this.dense.length * 2 + SPARSE_STEP) return false;
    const grown = new Int32Array(Math.max(frame + 1, this.dense.length * 2));
    grown.set(this.dense);
    this.dense = grown;
    return true;
  }
}
