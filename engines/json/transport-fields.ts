import type { DissectedTcp, DissectedUdp } from '../dissected.ts';
import { formatAddress } from './address.ts';
import { hexOctets } from './hex-octets.ts';
import { packetTime } from './packet-time.ts';
import type { TextCache } from './text-cache.ts';
import * as slots from './transport-slots.ts';

const ABSENT = -1;
const UDP_HEADER = 8;
const ZERO = 0x30;

/**
 * What the frame, ip, ipv6, tcp and udp layers of one packet say, read straight from the octets of the JSON.
 *
 * Observed on 4.0.17, 4.4.19 and 4.6.9, on every capture at hand and with either value of
 * `tcp.reassemble_out_of_order`: `tcp.payload` is there whenever `tcp.len` > 0. It is on segments whose data is
 * reassembled later (beside `tcp.segment_data`), on the segment that a reassembled PDU is shown in (`tcp.segments` is a
 * layer of its own), on retransmissions, out-of-order segments and keep-alives; only a snaplen makes it shorter than
 * `tcp.len`. So the payloads alone carry every octet that the capture has.
 */
export class TransportFields {
  readonly #texts: TextCache;
  readonly #numbers = new Float64Array(slots.NUMBER_COUNT).fill(ABSENT);
  readonly #addresses = ['', ''];
  readonly #payloads: (Uint8Array | null)[] = [null, null];
  readonly #rawPayloads: (Uint8Array | null)[] = [null, null];
  /** Whether the JSON has octets only (`-T jsonraw`). */
  rawOnly = false;
  time: bigint | null = null;

  constructor(texts: TextCache) {
    this.#texts = texts;
  }

  reset(): void {
    this.#numbers.fill(ABSENT);
    this.#addresses.fill('');
    this.#payloads.fill(null);
    this.#rawPayloads.fill(null);
    this.time = null;
  }

  /** Another layer of that name begins: where packets are tunnelled, the innermost counts. */
  begin(layer: string): void {
    if (layer !== 'tcp' && layer !== 'udp') return;
    if (layer === 'tcp') this.#numbers.fill(ABSENT, slots.FIRST_OF_TCP, slots.FIRST_OF_UDP);
    else this.#numbers.fill(ABSENT, slots.FIRST_OF_UDP);
    const index = layer === 'tcp' ? slots.TCP : slots.UDP;
    this.#payloads[index] = null;
    this.#rawPayloads[index] = null;
  }

  /** `frame.number`; null: not in the JSON. */
  get frame(): number | null {
    return this.#number(slots.NUMBER.frame);
  }

  /** False: the text is not what the field's values look like. */
  takeText(slot: slots.Slot, bytes: Buffer, start: number, end: number): boolean {
    switch (slot.kind) {
      case 'number': {
        const value = unsigned(bytes, start, end);
        this.#numbers[slot.index] = value;
        return value !== ABSENT;
      }
      case 'address':
        this.#addresses[slot.index] = this.#texts.text(bytes, start, end);
        return true;
      case 'payload': {
        const payload = hexOctets(bytes, start, end);
        this.#payloads[slot.index] = payload;
        return payload !== null;
      }
      case 'time':
        this.time = packetTime(bytes, start, end);
        return this.time !== null;
      case 'raw-only':
        return true;
    }
  }

  /** Whether anything is wanted of the octets that `-x` gives for an item. */
  wantsRaw(slot: slots.Slot): boolean {
    return this.rawOnly || slot.kind === 'payload' || slot.kind === 'raw-only';
  }

  takeRaw(slot: slots.Slot, bytes: Buffer, start: number, end: number): boolean {
    switch (slot.kind) {
      case 'number': {
        const value = Number(`0x${bytes.toString('latin1', start, end)}`);
        this.#numbers[slot.index] = Number.isSafeInteger(value) ? value : ABSENT;
        return Number.isSafeInteger(value);
      }
      case 'address':
        this.#addresses[slot.index] = formatAddress(hexOctets(bytes, start, end)) ?? '';
        return this.#addresses[slot.index] !== '';
      case 'payload':
        this.#rawPayloads[slot.index] = hexOctets(bytes, start, end);
        return this.#rawPayloads[slot.index] !== null;
      case 'raw-only':
        this.rawOnly = true;
        return true;
      case 'time':
        return true;
    }
  }

  tcp(): DissectedTcp | null {
    const sourcePort = this.#number(slots.NUMBER.tcpSource);
    const destinationPort = this.#number(slots.NUMBER.tcpDestination);
    if (sourcePort === null || destinationPort === null) return null;
    const payload = this.#payload(slots.TCP);
    return {
      stream: this.#number(slots.NUMBER.tcpStream),
      sourceAddress: this.#addresses[slots.SOURCE] ?? '',
      destinationAddress: this.#addresses[slots.DESTINATION] ?? '',
      sourcePort,
      destinationPort,
      sequence: this.#number(slots.NUMBER.sequence),
      acknowledgement: this.#number(slots.NUMBER.acknowledgement),
      flags: this.#number(slots.NUMBER.flags) ?? 0,
      window: this.#number(slots.NUMBER.window) ?? 0,
      length: this.#number(slots.NUMBER.tcpLength) ?? payload?.length ?? 0,
      payload,
      payloadDiffersAt: this.#differsAt(slots.TCP),
    };
  }

  udp(): DissectedUdp | null {
    const sourcePort = this.#number(slots.NUMBER.udpSource);
    const destinationPort = this.#number(slots.NUMBER.udpDestination);
    if (sourcePort === null || destinationPort === null) return null;
    const length = this.#number(slots.NUMBER.udpLength);
    return {
      stream: this.#number(slots.NUMBER.udpStream),
      sourceAddress: this.#addresses[slots.SOURCE] ?? '',
      destinationAddress: this.#addresses[slots.DESTINATION] ?? '',
      sourcePort,
      destinationPort,
      length: length === null ? null : Math.max(length - UDP_HEADER, 0),
      payload: this.#payload(slots.UDP),
      payloadDiffersAt: this.#differsAt(slots.UDP),
    };
  }

  #number(index: number): number | null {
    const value = this.#numbers[index] as number;
    return value === ABSENT ? null : value;
  }

  #payload(index: number): Uint8Array | null {
    return this.#payloads[index] ?? this.#rawPayloads[index] ?? null;
  }

  #differsAt(index: number): number | null {
    const text = this.#payloads[index] ?? null;
    const raw = this.#rawPayloads[index] ?? null;
    if (text === null || raw === null || Buffer.compare(text, raw) === 0) return null;
    const differing = text.findIndex((octet, at) => octet !== raw[at]);
    return differing < 0 ? text.length : differing;
  }
}

/** Decimal, or hex behind `0x`; `ABSENT` for anything else. */
function unsigned(text: Buffer, start: number, end: number): number {
  if (end - start > 2 && text[start + 1] === 0x78) {
    const value = Number(text.toString('latin1', start, end));
    return Number.isSafeInteger(value) ? value : ABSENT;
  }
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (text[at] as number) - ZERO;
    if (digit < 0 || digit > 9) return ABSENT;
    value = value * 10 + digit;
  }
  return end > start && Number.isSafeInteger(value) ? value : ABSENT;
}
