/**
 * PDUs held back before the oldest must go: a capture with a hole that is never filled may not fill the memory.
 * Past it the order of the output suffers, nothing else.
 */
const MAX_HELD = 100_000;

/** Where something stands in the output. */
export interface OrderKey {
  /** Packet at which it is due; Infinity: at the end of the capture. */
  readonly frame: number;
  readonly stream: number;
  readonly side: 'c2s' | 's2c';
  readonly offset: number;
}

/**
 * Puts PDUs in the order of the contract: by the packet that completed them, then by offset.
 *
 * Reassembly hands a PDU out when the hole before it closes, which may be long after its own last octet came. A PDU
 * is let go once no octet of an earlier or the same packet is still waiting behind a hole.
 */
export class InOrder<T> {
  private readonly emit: (item: T) => void;
  /** Ascending by frame, then by arrival; nearly always appended to. */
  private readonly held: { readonly key: OrderKey; readonly item: T }[] = [];

  constructor(emit: (item: T) => void) {
    this.emit = emit;
  }

  add(key: OrderKey, item: T): void {
    let at = this.held.length;
    while (at > 0 && isBefore(key, this.held[at - 1]?.key)) at -= 1;
    if (at === this.held.length) this.held.push({ key, item });
    else this.held.splice(at, 0, { key, item });
    if (this.held.length > MAX_HELD) this.release(Math.floor(MAX_HELD / 2));
  }

  /** Nothing of a packet before `frame` will come any more. */
  settleBefore(frame: number): void {
    let ready = 0;
    while (ready < this.held.length && (this.held[ready]?.key.frame ?? 0) < frame) ready += 1;
    if (ready > 0) this.release(ready);
  }

  finish(): void {
    this.release(this.held.length);
  }

  private release(count: number): void {
    for (const { item } of this.held.splice(0, count)) this.emit(item);
  }
}

function isBefore(key: OrderKey, other: OrderKey | undefined): boolean {
  if (other === undefined) return false;
  if (key.frame !== other.frame) return key.frame < other.frame;
  return key.stream === other.stream && key.side === other.side && key.offset < other.offset;
}
