import type { OctetReader } from './octet-reader.ts';
import * as octets from './octets.ts';
import { isRangeNext } from './raw-range.ts';
import type { TransportFields } from './transport-fields.ts';
import { KEYS, type KeyUse, type Slot } from './transport-slots.ts';

/** Takes from the frame, ip, ipv6, tcp and udp layers the few fields that are wanted of them. */
export class TransportReader {
  readonly #reader: OctetReader;
  readonly #fields: TransportFields;
  /** Whether `-j` or `-J` kept out what the layer holds. */
  isFiltered = false;
  /** Keys whose value is not what their field's values look like. */
  unreadable: string[] = [];

  constructor(reader: OctetReader, fields: TransportFields) {
    this.#reader = reader;
    this.#fields = fields;
  }

  /** Reads the layer, or layers, whose JSON comes next, and says how many they are. */
  read(layer: string): number {
    this.isFiltered = false;
    if (this.unreadable.length > 0) this.unreadable = [];
    const reader = this.#reader;
    if (reader.peek() !== octets.OPEN_BRACKET) {
      this.#layer(layer);
      return 1;
    }
    if (!reader.enter(octets.CLOSE_BRACKET)) return 0;
    let count = 0;
    do {
      this.#layer(layer);
      count++;
    } while (reader.another(octets.CLOSE_BRACKET));
    return count;
  }

  #layer(layer: string): void {
    const reader = this.#reader;
    if (reader.peek() !== octets.OPEN_BRACE) {
      reader.skip();
      return;
    }
    this.#fields.begin(layer);
    if (!reader.enter(octets.CLOSE_BRACE)) return;
    do {
      reader.key();
      const key = reader.text();
      const use = KEYS.get(key);
      if (use !== undefined) this.#member(key, use);
      else if (key === 'filtered') this.#filtered();
      else reader.skip();
    } while (reader.another(octets.CLOSE_BRACE));
  }

  #member(key: string, use: KeyUse): void {
    const reader = this.#reader;
    const octet = reader.peek();
    if (octet === octets.QUOTE && use.value !== null) {
      reader.string();
      if (!this.#fields.takeText(use.value, reader.bytes, reader.start, reader.end))
        this.unreadable.push(key);
    } else if (octet === octets.OPEN_BRACKET && use.raw !== null && this.#fields.wantsRaw(use.raw)) {
      this.#octets(key, use.raw);
    } else {
      reader.skip();
    }
  }

  /** `["81853...", position, length, bitmask, type]`, or the first of several such. */
  #octets(key: string, slot: Slot): void {
    const reader = this.#reader;
    const begin = reader.at;
    if (isRangeNext(reader)) {
      reader.peek();
      reader.at++;
      if (reader.peek() === octets.OPEN_BRACKET) reader.at++;
      if (reader.peek() === octets.QUOTE) {
        reader.string();
        if (!this.#fields.takeRaw(slot, reader.bytes, reader.start, reader.end)) this.unreadable.push(key);
      }
      reader.at = begin;
    }
    reader.skip();
  }

  #filtered(): void {
    this.isFiltered = true;
    this.#reader.skip();
  }
}
