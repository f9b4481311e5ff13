import type { StreamEvent } from '../capture/stream.ts';
import { MAXIMUM_HELD_OCTETS } from './limits.ts';

export type HeldEvent = Extract<StreamEvent, { kind: 'data' | 'gap' }>;

/** What a client sent before it is known which protocol it is in. */
export class HeldEvents {
  #events: HeldEvent[] = [];
  #octets = 0;
  #oldestFrame = Infinity;

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  get isFull(): boolean {
    return this.#octets >= MAXIMUM_HELD_OCTETS;
  }

  /** Position of the first octet held or known to be missing. */
  get position(): number | undefined {
    return this.#events[0]?.position;
  }

  /** The first octets held; empty when the capture lacks them. */
  get beginning(): Uint8Array {
    const [first] = this.#events;
    return first?.kind === 'data' ? first.bytes : new Uint8Array(0);
  }

  /** Lowest number of a packet some of whose octets are held. */
  get oldestFrame(): number | undefined {
    return this.isEmpty ? undefined : this.#oldestFrame;
  }

  /** Octets are copied: they may be a small part of a large buffer. */
  add(event: HeldEvent): void {
    this.#events.push(event.kind === 'data' ? { ...event, bytes: new Uint8Array(event.bytes) } : event);
    this.#oldestFrame = Math.min(this.#oldestFrame, event.frame);
    this.#octets += event.kind === 'data' ? event.bytes.length : 0;
  }

  take(): readonly HeldEvent[] {
    const events = this.#events;
    this.#events = [];
    this.#octets = 0;
    this.#oldestFrame = Infinity;
    return events;
  }
}
