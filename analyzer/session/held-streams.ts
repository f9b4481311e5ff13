import { MAX_TOTAL_UNDECIDED_OCTETS, MAX_UNDECIDED_FRAMES } from './recovery/limits.ts';

/** What is kept of a stream until it is known whose it is. */
interface Held {
  readonly frame: number;
  readonly octets: number;
}

/**
 * Streams some of whose octets wait, and the lowest packet number among them all.
 *
 * Invariant: every stream held has an entry of its frame in the heap; entries that are out of date are passed over
 * when they come to the top.
 */
export class HeldStreams {
  private readonly held = new Map<number, Held>();
  /** A binary heap, the lowest frame first. */
  private heap: { readonly frame: number; readonly stream: number }[] = [];
  private octets = 0;

  update(stream: number, frame: number | undefined, octets: number): void {
    const before = this.held.get(stream);
    this.octets += (frame === undefined ? 0 : octets) - (before?.octets ?? 0);
    if (frame === undefined) {
      this.held.delete(stream);
      return;
    }
    this.held.set(stream, { frame, octets });
    if (before?.frame !== frame) this.add({ frame, stream });
  }

  /** Lowest packet number; undefined: nothing waits. */
  get oldestFrame(): number | undefined {
    return this.oldest()?.frame;
  }

  /** The stream that has waited longest, when too much waits at the packet of this number. */
  overdue(frame: number): number | undefined {
    const oldest = this.oldest();
    if (oldest === undefined) return undefined;
    const isOld = frame - oldest.frame > MAX_UNDECIDED_FRAMES;
    return isOld || this.octets > MAX_TOTAL_UNDECIDED_OCTETS ? oldest.stream : undefined;
  }

  private oldest(): { readonly frame: number; readonly stream: number } | undefined {
    for (let top = this.heap[0]; top !== undefined; top = this.heap[0]) {
      if (this.held.get(top.stream)?.frame === top.frame) return top;
      this.removeTop();
    }
    return undefined;
  }

  private add(entry: { readonly frame: number; readonly stream: number }): void {
    // Entries out of date that never reach the top may not pile up.
    if (this.heap.length > 2 * this.held.size + 64) {
      this.heap = [...this.held].map(([stream, { frame }]) => ({ stream, frame })).sort(byFrame);
      return;
    }
    let at = this.heap.length;
    this.heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = this.heap[parent];
      if (above === undefined || above.frame <= entry.frame) break;
      this.heap[at] = above;
      at = parent;
    }
    this.heap[at] = entry;
  }

  private removeTop(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = this.heap[2 * at + 1];
      const right = this.heap[2 * at + 2];
      const isRight = right !== undefined && left !== undefined && right.frame < left.frame;
      const child = isRight ? right : left;
      if (child === undefined || child.frame >= last.frame) break;
      this.heap[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    this.heap[at] = last;
  }
}

function byFrame(a: { readonly frame: number }, b: { readonly frame: number }): number {
  return a.frame - b.frame;
}
