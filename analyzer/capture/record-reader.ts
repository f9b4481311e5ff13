import type { CaptureEnd } from './captured-packet.ts';
import { concatenate } from './octets.ts';

/** What a format makes of the octets at a record's beginning. */
export type RecordStep =
  /** The record is read (or not of interest); the next begins `length` octets on, which need not be there yet. */
  | { readonly kind: 'read'; readonly length: number }
  /** Nothing was read: so many octets, counted from the record's first, must be there. */
  | { readonly kind: 'need'; readonly length: number }
  | { readonly kind: 'damaged'; readonly message: string };

/** One file format, record by record. `offset` is the record's place in the file, for messages. */
export interface RecordFormat {
  readonly name: 'pcap' | 'pcapng';
  /** What a file cut inside a record was in the middle of, e.g. "a packet record". */
  readonly recordName: string;
  read(bytes: Uint8Array, at: number, offset: number): RecordStep;
}

const NOTHING = new Uint8Array(0);

/**
 * Cuts chunks into the records of a format.
 *
 * Invariant: `#held` are the octets from `#offset` on that no record has used yet; there are fewer than `#wanted`.
 * Ends, because every step either uses at least one octet, waits for more, or stops for good.
 */
export class RecordReader {
  readonly format: RecordFormat;
  #held: Uint8Array[] = [];
  #heldLength = 0;
  #wanted = 1;
  /** Octets of a record of no interest that are still to come. */
  #toSkip = 0;
  /** Where the record being skipped ends. */
  #skipEnd = 0;
  #offset = 0;
  #damage: CaptureEnd | undefined;

  constructor(format: RecordFormat) {
    this.format = format;
  }

  /** False: a damaged record was found and nothing more will be read. */
  push(chunk: Uint8Array): boolean {
    if (this.#damage !== undefined) return false;
    const fresh = this.#skip(chunk);
    if (fresh.length === 0) return true;
    this.#held.push(fresh);
    this.#heldLength += fresh.length;
    if (this.#heldLength < this.#wanted) return true;
    const bytes = this.#held.length === 1 ? fresh : concatenate(this.#held, this.#heldLength);
    return this.#readRecords(bytes);
  }

  finish(): CaptureEnd {
    if (this.#damage !== undefined) return this.#damage;
    if (this.#heldLength === 0 && this.#toSkip === 0) return { kind: 'complete' };
    return {
      kind: 'cut',
      offset: this.#offset,
      message: `The capture ends inside ${this.format.recordName} that begins at byte ${this.#offset}.`,
    };
  }

  #skip(chunk: Uint8Array): Uint8Array {
    if (this.#toSkip === 0) return chunk;
    const skipped = Math.min(this.#toSkip, chunk.length);
    this.#toSkip -= skipped;
    if (this.#toSkip === 0) this.#offset = this.#skipEnd;
    return chunk.subarray(skipped);
  }

  #readRecords(bytes: Uint8Array): boolean {
    let at = 0;
    this.#wanted = 1;
    while (at < bytes.length) {
      const step = this.format.read(bytes, at, this.#offset);
      if (step.kind === 'damaged') {
        this.#damage = { kind: 'damaged', offset: this.#offset, message: step.message };
        return false;
      }
      if (step.kind === 'need') {
        this.#wanted = step.length;
        break;
      }
      at += step.length;
      if (at > bytes.length) {
        // The offset stays at the record's beginning until all of it went by: a cut is reported there.
        this.#toSkip = at - bytes.length;
        this.#skipEnd = this.#offset + step.length;
        break;
      }
      this.#offset += step.length;
    }
    this.#keep(at < bytes.length ? bytes.subarray(at) : NOTHING);
    return true;
  }

  #keep(rest: Uint8Array): void {
    this.#held = rest.length === 0 ? [] : [rest];
    this.#heldLength = rest.length;
  }
}
