/**
 * The pcapng file format (draft-ietf-opsawg-pcapng).
 *
 *   block   type 4 | total length 4 | body | total length 4
 *
 * A Section Header Block sets the byte order and forgets the interfaces; each section numbers its own.
 */
import type { Clock } from './clock.ts';
import { MAXIMUM_INTERFACES, MAXIMUM_LARGE_PACKET_OCTETS, MAXIMUM_PACKET_OCTETS } from './limits.ts';
import { linkTypeAllowsLargePackets } from './link-types.ts';
import { BIG_ENDIAN, type ByteOrder, LITTLE_ENDIAN, uint32 } from './octets.ts';
import type { PacketLog } from './packet-log.ts';
import { readInterface } from './pcapng-interface.ts';
import type { RecordFormat, RecordStep } from './record-reader.ts';

export const SECTION_HEADER_BLOCK = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION_BLOCK = 1;
const OLD_PACKET_BLOCK = 2;
const SIMPLE_PACKET_BLOCK = 3;
const ENHANCED_PACKET_BLOCK = 6;
const DECRYPTION_SECRETS_BLOCK = 10;

/** Secrets type of a TLS key log. */
const TLS_KEY_LOG = 0x544c_534b;

/**
 * Blocks that carry no packet but that Wireshark gives a `frame.number` all the same (seen with 4.0, 4.4 and 4.6):
 * systemd journal entry, four forms of Sysdig event, custom blocks that may and may not be copied.
 */
const NUMBERED_BLOCKS: ReadonlySet<number> = new Set([
  0x009, 0x204, 0x208, 0x216, 0x221, 0x0000_0bad, 0x4000_0bad,
]);

const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const BYTE_ORDER_AT = 8;
/** Type, both total lengths. */
const BLOCK_OVERHEAD = 12;
/** Section header: byte order 4, version 2+2, section length 8. */
const SECTION_HEADER_LENGTH = BLOCK_OVERHEAD + 16;

/** Where the captured octets begin, counted from the block's first. */
const ENHANCED_DATA_AT = 28;
const SIMPLE_DATA_AT = 12;

/** Interface descriptions are read whole; a longer one is skipped as damaged (comments may be 64 KiB each). */
const MAXIMUM_INTERFACE_BLOCK_OCTETS = 1 << 20;

export interface CaptureInterface {
  readonly linkType: number;
  /** Octets kept of each packet; 0: no limit. */
  readonly snaplen: number;
  readonly clock: Clock;
}

export class PcapngFormat implements RecordFormat {
  readonly name = 'pcapng';
  readonly recordName = 'a block';
  readonly #log: PacketLog;
  #order: ByteOrder = LITTLE_ENDIAN;
  #interfaces: CaptureInterface[] = [];

  constructor(log: PacketLog) {
    this.#log = log;
  }

  read(bytes: Uint8Array, at: number, offset: number): RecordStep {
    const available = bytes.length - at;
    if (available < BLOCK_OVERHEAD) return { kind: 'need', length: BLOCK_OVERHEAD };
    // The type of a section header reads the same in both byte orders.
    if (uint32(bytes, at) === SECTION_HEADER_BLOCK) {
      const order = byteOrder(bytes, at + BYTE_ORDER_AT);
      if (order === undefined) return damaged(`The section header at byte ${offset} has no byte order mark.`);
      this.#order = order;
    }
    const type = this.#order.uint32(bytes, at);
    const length = this.#order.uint32(bytes, at + 4);
    const fault = lengthFault(type, length, offset);
    if (fault !== undefined) return fault;

    switch (type) {
      case SECTION_HEADER_BLOCK:
        this.#interfaces = [];
        return { kind: 'read', length };
      case INTERFACE_DESCRIPTION_BLOCK:
      case ENHANCED_PACKET_BLOCK:
      case SIMPLE_PACKET_BLOCK:
      case OLD_PACKET_BLOCK:
        return available < length
          ? this.#needBlock(type, length, offset)
          : this.#readBlock(type, bytes.subarray(at, at + length), offset);
      case DECRYPTION_SECRETS_BLOCK:
        if (this.#order.uint32(bytes, at + 8) === TLS_KEY_LOG) this.#log.tlsSecrets();
        return { kind: 'read', length };
      default:
        // Name resolution, statistics, custom blocks and those not invented yet: nothing for us.
        if (NUMBERED_BLOCKS.has(type)) this.#log.otherRecord();
        return { kind: 'read', length };
    }
  }

  #needBlock(type: number, length: number, offset: number): RecordStep {
    const most =
      type === INTERFACE_DESCRIPTION_BLOCK
        ? MAXIMUM_INTERFACE_BLOCK_OCTETS
        : this.#maximumPacketLength() + MAXIMUM_INTERFACE_BLOCK_OCTETS;
    return length <= most
      ? { kind: 'need', length }
      : damaged(`The block at byte ${offset} claims ${length} octets; ${most} is the most it can have.`);
  }

  #maximumPacketLength(): number {
    const large = this.#interfaces.some(({ linkType }) => linkTypeAllowsLargePackets(linkType));
    return large ? MAXIMUM_LARGE_PACKET_OCTETS : MAXIMUM_PACKET_OCTETS;
  }

  #readBlock(type: number, block: Uint8Array, offset: number): RecordStep {
    const trailer = this.#order.uint32(block, block.length - 4);
    if (trailer !== block.length) {
      return damaged(
        `The block at byte ${offset} begins with length ${block.length} and ends with length ${trailer}.`,
      );
    }
    const fault = this.#readBody(type, block);
    return fault === undefined
      ? { kind: 'read', length: block.length }
      : damaged(`The block at byte ${offset} ${fault}.`);
  }

  #readBody(type: number, block: Uint8Array): string | undefined {
    switch (type) {
      case INTERFACE_DESCRIPTION_BLOCK:
        return this.#readInterface(block);
      case SIMPLE_PACKET_BLOCK:
        return this.#readSimplePacket(block);
      default:
        return this.#readPacket(type, block);
    }
  }

  #readInterface(block: Uint8Array): string | undefined {
    if (this.#interfaces.length >= MAXIMUM_INTERFACES) return `is interface ${MAXIMUM_INTERFACES + 1}`;
    const result = readInterface(block, this.#order);
    if (typeof result === 'string') return result;
    this.#interfaces.push(result);
    return undefined;
  }

  /** Enhanced Packet Block; the obsolete Packet Block differs in a 16-bit interface number alone. */
  #readPacket(type: number, block: Uint8Array): string | undefined {
    if (block.length < ENHANCED_DATA_AT + 4) return 'is too short for a packet';
    const order = this.#order;
    const number = type === OLD_PACKET_BLOCK ? order.uint16(block, 8) : order.uint32(block, 8);
    const source = this.#interfaces[number];
    if (source === undefined) return `names interface ${number}; ${this.#interfaces.length} are described`;
    const captured = order.uint32(block, 20);
    if (captured > block.length - ENHANCED_DATA_AT - 4) return `claims ${captured} captured octets`;
    const time = source.clock.nanoseconds(order.uint32(block, 12), order.uint32(block, 16));
    const data = block.subarray(ENHANCED_DATA_AT, ENHANCED_DATA_AT + captured);
    this.#log.packet(time, source.linkType, data, Math.max(order.uint32(block, 24), captured));
    return undefined;
  }

  #readSimplePacket(block: Uint8Array): string | undefined {
    const source = this.#interfaces[0];
    if (source === undefined) return 'is a simple packet, but no interface is described';
    if (block.length < SIMPLE_DATA_AT + 4) return 'is too short for a packet';
    const original = this.#order.uint32(block, 8);
    const most = source.snaplen === 0 ? original : Math.min(original, source.snaplen);
    const captured = Math.min(most, block.length - SIMPLE_DATA_AT - 4);
    this.#log.packet(
      0n,
      source.linkType,
      block.subarray(SIMPLE_DATA_AT, SIMPLE_DATA_AT + captured),
      original,
    );
    return undefined;
  }
}

function byteOrder(bytes: Uint8Array, at: number): ByteOrder | undefined {
  if (LITTLE_ENDIAN.uint32(bytes, at) === BYTE_ORDER_MAGIC) return LITTLE_ENDIAN;
  if (BIG_ENDIAN.uint32(bytes, at) === BYTE_ORDER_MAGIC) return BIG_ENDIAN;
  return undefined;
}

function lengthFault(type: number, length: number, offset: number): RecordStep | undefined {
  const least = type === SECTION_HEADER_BLOCK ? SECTION_HEADER_LENGTH : BLOCK_OVERHEAD;
  if (length >= least && length % 4 === 0) return undefined;
  return damaged(
    `The block at byte ${offset} claims ${length} octets; it has at least ${least} and a multiple of 4.`,
  );
}

function damaged(message: string): RecordStep {
  return { kind: 'damaged', message };
}
