/**
 * The pcap file format (draft-ietf-opsawg-pcap).
 *
 *   file header    magic 4 | version 2+2 | zone 4 | sigfigs 4 | snaplen 4 | link type 4
 *   packet record  seconds 4 | fraction 4 | captured length 4 | original length 4 | octets
 *
 * Magic a1b2cd34 is Kuznetzov's "modified" pcap: 8 further octets in every record header.
 */
import { type Clock, pcapClock } from './clock.ts';
import { linkTypeAllowsLargePackets } from './link-types.ts';
import { MAXIMUM_LARGE_PACKET_OCTETS, MAXIMUM_PACKET_OCTETS } from './limits.ts';
import { BIG_ENDIAN, type ByteOrder, LITTLE_ENDIAN } from './octets.ts';
import type { PacketLog } from './packet-log.ts';
import type { RecordFormat, RecordStep } from './record-reader.ts';

const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;
const MAGIC_MODIFIED = 0xa1b2cd34;

const FILE_HEADER_LENGTH = 24;
const LINK_TYPE_AT = 20;
/** The upper bits of the link type field carry the FCS length. */
const LINK_TYPE_MASK = 0xffff;

const RECORD_HEADER_LENGTH = 16;
const MODIFIED_RECORD_HEADER_LENGTH = 24;

interface PcapVariant {
  readonly order: ByteOrder;
  readonly clock: Clock;
  readonly recordHeaderLength: number;
}

export function pcapVariant(bytes: Uint8Array): PcapVariant | undefined {
  for (const order of [LITTLE_ENDIAN, BIG_ENDIAN]) {
    const magic = order.uint32(bytes, 0);
    const recordHeaderLength =
      magic === MAGIC_MODIFIED ? MODIFIED_RECORD_HEADER_LENGTH : RECORD_HEADER_LENGTH;
    if (magic === MAGIC_NANOSECONDS) return { order, clock: pcapClock(true), recordHeaderLength };
    if (magic === MAGIC_MICROSECONDS || magic === MAGIC_MODIFIED) {
      return { order, clock: pcapClock(false), recordHeaderLength };
    }
  }
  return undefined;
}

export class PcapFormat implements RecordFormat {
  readonly name = 'pcap';
  readonly #log: PacketLog;
  readonly #variant: PcapVariant;
  #headerRead = false;
  #linkType = 0;
  #maximumLength = MAXIMUM_PACKET_OCTETS;

  constructor(variant: PcapVariant, log: PacketLog) {
    this.#variant = variant;
    this.#log = log;
  }

  get recordName(): string {
    return this.#headerRead ? 'a packet record' : 'the file header';
  }

  read(bytes: Uint8Array, at: number, offset: number): RecordStep {
    return this.#headerRead ? this.#readRecord(bytes, at, offset) : this.#readHeader(bytes, at);
  }

  #readHeader(bytes: Uint8Array, at: number): RecordStep {
    if (bytes.length - at < FILE_HEADER_LENGTH) return { kind: 'need', length: FILE_HEADER_LENGTH };
    this.#linkType = this.#variant.order.uint32(bytes, at + LINK_TYPE_AT) & LINK_TYPE_MASK;
    if (linkTypeAllowsLargePackets(this.#linkType)) this.#maximumLength = MAXIMUM_LARGE_PACKET_OCTETS;
    this.#headerRead = true;
    return { kind: 'read', length: FILE_HEADER_LENGTH };
  }

  #readRecord(bytes: Uint8Array, at: number, offset: number): RecordStep {
    const { order, clock, recordHeaderLength } = this.#variant;
    const available = bytes.length - at;
    if (available < recordHeaderLength) return { kind: 'need', length: recordHeaderLength };
    const captured = order.uint32(bytes, at + 8);
    if (captured > this.#maximumLength) {
      return {
        kind: 'damaged',
        message: `The packet record at byte ${offset} claims ${captured} octets; ${this.#maximumLength} is the most a packet can have.`,
      };
    }
    const length = recordHeaderLength + captured;
    if (available < length) return { kind: 'need', length };
    const original = order.uint32(bytes, at + 12);
    const time = clock.nanoseconds(order.uint32(bytes, at), order.uint32(bytes, at + 4));
    const data = bytes.subarray(at + recordHeaderLength, at + length);
    this.#log.packet(time, this.#linkType, data, Math.max(original, captured));
    return { kind: 'read', length };
  }
}
