/** Writes captures as pcap.ts and pcapng.ts read them; the formats' layouts are drawn there. */
import { integer, join, zeros } from './octet-writer.ts';

export interface PacketToWrite {
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  readonly bytes: Uint8Array;
  /** Octets on the wire, when the capture keeps fewer. */
  readonly originalLength?: number;
  /** In a pcapng, when it is not the capture's: the packet came in on an interface of its own. */
  readonly linkType?: number;
}

export interface CaptureToWrite {
  readonly format: 'pcap' | 'pcapng';
  /** LINKTYPE_ number. */
  readonly linkType: number;
  /** Times in nanoseconds; else in microseconds, cut. */
  readonly nanoseconds: boolean;
  readonly bigEndian: boolean;
  readonly packets: readonly PacketToWrite[];
}

const SNAPLEN = 262_144;

export function writeCapture(capture: CaptureToWrite): Uint8Array {
  return capture.format === 'pcap' ? writePcap(capture) : writePcapng(capture);
}

/** The packets as a capture with this snaplen would have kept them. */
export function cutPackets(packets: readonly PacketToWrite[], snaplen: number): PacketToWrite[] {
  return packets.map(({ bytes, originalLength = bytes.length, ...packet }) => ({
    ...packet,
    bytes: bytes.subarray(0, snaplen),
    originalLength,
  }));
}

const NANOSECONDS = 1_000_000_000n;
const MAGIC_MICROSECONDS = 0xa1b2c3d4;
const MAGIC_NANOSECONDS = 0xa1b23c4d;

function writePcap({ linkType, nanoseconds, bigEndian, packets }: CaptureToWrite): Uint8Array {
  const int = (value: number | bigint, length: number): Uint8Array => integer(value, length, bigEndian);
  const magic = nanoseconds ? MAGIC_NANOSECONDS : MAGIC_MICROSECONDS;
  const header = join(int(magic, 4), int(2, 2), int(4, 2), zeros(8), int(SNAPLEN, 4), int(linkType, 4));
  const divisor = nanoseconds ? 1n : 1000n;
  const records = packets.flatMap(({ time, bytes, originalLength = bytes.length }) => [
    int(time / NANOSECONDS, 4),
    int((time % NANOSECONDS) / divisor, 4),
    int(bytes.length, 4),
    int(originalLength, 4),
    bytes,
  ]);
  return join(header, ...records);
}

const SECTION_HEADER_BLOCK = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION_BLOCK = 1;
const ENHANCED_PACKET_BLOCK = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const UNKNOWN_LENGTH = 0xffff_ffff_ffff_ffffn;
const OPTION_TSRESOL = 9;

function writePcapng({ linkType, nanoseconds, bigEndian, packets }: CaptureToWrite): Uint8Array {
  const int = (value: number | bigint, length: number): Uint8Array => integer(value, length, bigEndian);
  const block = (type: number, ...body: Uint8Array[]): Uint8Array =>
    pcapngBlock(type, join(...body), bigEndian);
  const section = block(
    SECTION_HEADER_BLOCK,
    int(BYTE_ORDER_MAGIC, 4),
    int(1, 2),
    int(0, 2),
    int(UNKNOWN_LENGTH, 8),
  );
  const resolution = join(int(OPTION_TSRESOL, 2), int(1, 2), int(nanoseconds ? 9 : 6, 1), zeros(3), zeros(4));
  const linkTypes = [...new Set([linkType, ...packets.map((packet) => packet.linkType ?? linkType)])];
  const interfaces = linkTypes.map((type) =>
    block(INTERFACE_DESCRIPTION_BLOCK, int(type, 2), zeros(2), int(SNAPLEN, 4), resolution),
  );
  const divisor = nanoseconds ? 1n : 1000n;
  const records = packets.map(({ time, bytes, originalLength = bytes.length, ...packet }) => {
    const source = linkTypes.indexOf(packet.linkType ?? linkType);
    const ticks = time / divisor;
    const lengths = join(int(bytes.length, 4), int(originalLength, 4));
    return block(ENHANCED_PACKET_BLOCK, int(source, 4), int(ticks >> 32n, 4), int(ticks, 4), lengths, bytes);
  });
  return join(section, ...interfaces, ...records);
}

/** A block of any type; the body is padded to a multiple of four. */
export function pcapngBlock(type: number, body: Uint8Array, bigEndian: boolean): Uint8Array {
  const padding = zeros((4 - (body.length % 4)) % 4);
  const length = integer(12 + body.length + padding.length, 4, bigEndian);
  return join(integer(type, 4, bigEndian), length, body, padding, length);
}
