import type { CapturedPacket } from './captured-packet.ts';

/** Numbers the packets of a file and hands them out; what the formats write into. */
export class PacketLog {
  readonly #onPacket: (packet: CapturedPacket) => void;
  readonly #linkTypes: number[] = [];
  #frame = 0;
  #packets = 0;
  #lastLinkType = -1;

  /** `tlsSecrets`: told that the file carries secrets of TLS sessions (Decryption Secrets Block). */
  readonly tlsSecrets: () => void;

  constructor(onPacket: (packet: CapturedPacket) => void, tlsSecrets: () => void = () => undefined) {
    this.#onPacket = onPacket;
    this.tlsSecrets = tlsSecrets;
  }

  get packets(): number {
    return this.#packets;
  }

  get linkTypes(): readonly number[] {
    return this.#linkTypes;
  }

  packet(time: bigint, linkType: number, bytes: Uint8Array, originalLength: number): void {
    this.#frame += 1;
    this.#packets += 1;
    if (linkType !== this.#lastLinkType) this.#note(linkType);
    this.#onPacket({ frame: this.#frame, time, linkType, bytes, originalLength });
  }

  /** A record that Wireshark numbers though it is no packet (a journal entry, a system call). */
  otherRecord(): void {
    this.#frame += 1;
  }

  #note(linkType: number): void {
    this.#lastLinkType = linkType;
    if (!this.#linkTypes.includes(linkType)) this.#linkTypes.push(linkType);
  }
}
