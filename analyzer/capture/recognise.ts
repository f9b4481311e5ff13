import { PcapFormat, pcapVariant } from './pcap.ts';
import { PcapngFormat, SECTION_HEADER_BLOCK } from './pcapng.ts';
import { uint32 } from './octets.ts';
import type { PacketLog } from './packet-log.ts';
import type { RecordFormat } from './record-reader.ts';

/** Octets that tell what a file is; a capture has more, or is cut inside its file header. */
export const SIGNATURE_LENGTH = 64;

export type Compression = 'gzip' | 'zstd';

const GZIP = [0x1f, 0x8b];
const ZSTD = [0x28, 0xb5, 0x2f, 0xfd];
/** Skippable frames 0x184D2A50 to 5F: pzstd and seekable zstd files begin with one. */
const ZSTD_SKIPPABLE = [0x2a, 0x4d, 0x18];

export function recogniseCompression(bytes: Uint8Array): Compression | undefined {
  if (startsWith(bytes, GZIP)) return 'gzip';
  if (startsWith(bytes, ZSTD)) return 'zstd';
  if (((bytes[0] ?? 0) & 0xf0) === 0x50 && startsWith(bytes.subarray(1), ZSTD_SKIPPABLE)) return 'zstd';
  return undefined;
}

export function recogniseFormat(bytes: Uint8Array, log: PacketLog): RecordFormat | undefined {
  if (bytes.length < 4) return undefined;
  if (uint32(bytes, 0) === SECTION_HEADER_BLOCK) return new PcapngFormat(log);
  const variant = pcapVariant(bytes);
  return variant === undefined ? undefined : new PcapFormat(variant, log);
}

interface Signature {
  readonly start: readonly number[];
  readonly looksLike: string;
  /** What to do about it. */
  readonly advice?: string;
}

const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));

/** What people hand over in place of a capture; order matters where one begins like another. */
const SIGNATURES: readonly Signature[] = [
  {
    start: [0x04, 0x22, 0x4d, 0x18],
    looksLike: 'lz4',
    advice: 'Unpack it first: lz4 -dc FILE | wiretwin ... -',
  },
  { start: ascii('BZh'), looksLike: 'bzip2', advice: 'Unpack it first: bzip2 -dc FILE' },
  { start: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], looksLike: 'xz', advice: 'Unpack it first: xz -dc FILE' },
  { start: ascii('PK\x03\x04'), looksLike: 'a zip archive', advice: 'Unpack it first.' },
  { start: ascii('7z\xbc\xaf\x27\x1c'), looksLike: 'a 7z archive', advice: 'Unpack it first.' },
  { start: [0x7f, ...ascii('ELF')], looksLike: 'an ELF program' },
  { start: ascii('MZ'), looksLike: 'a Windows program' },
  {
    start: ascii('snoop\0\0\0'),
    looksLike: 'a snoop capture',
    advice: 'Convert it: editcap -F pcapng IN OUT',
  },
  {
    start: ascii('\x54\x52\x53\x4e\x49\x46\x46'),
    looksLike: 'a Sniffer capture',
    advice: 'Convert it: editcap -F pcapng IN OUT',
  },
  {
    start: ascii('GMBU'),
    looksLike: 'a Network Monitor capture',
    advice: 'Convert it: editcap -F pcapng IN OUT',
  },
  {
    start: ascii('RTSS'),
    looksLike: 'a Network Monitor 1 capture',
    advice: 'Convert it: editcap -F pcapng IN OUT',
  },
  { start: ascii('%PDF'), looksLike: 'a PDF document' },
  { start: [0x89, ...ascii('PNG')], looksLike: 'a PNG picture' },
  { start: ascii('<?xml'), looksLike: 'XML' },
];

const JSON_START = /^\s*[[{]/;

/** For a file that is no capture: what it looks like, and one sentence about it. */
export function describeStranger(bytes: Uint8Array): { looksLike: string; message: string } {
  const known = SIGNATURES.find(({ start }) => startsWith(bytes, start));
  if (known !== undefined) return stranger(known.looksLike, known.advice);
  if (!isText(bytes)) return stranger(`unknown data (first octets ${hex(bytes)})`);
  const text = new TextDecoder().decode(bytes).replace(/^\uFEFF/u, '');
  if (JSON_START.test(text))
    return stranger('JSON', 'Pipe the JSON of "tshark -T json" into analyze instead.');
  return stranger('text');
}

function stranger(looksLike: string, advice?: string): { looksLike: string; message: string } {
  const found = `This is not a pcap or pcapng capture: it looks like ${looksLike}.`;
  return { looksLike, message: advice === undefined ? found : `${found} ${advice}` };
}

function isText(bytes: Uint8Array): boolean {
  return bytes.every((octet) => octet >= 0x20 || octet === 0x09 || octet === 0x0a || octet === 0x0d);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 4), (octet) => octet.toString(16).padStart(2, '0')).join(' ');
}

function startsWith(bytes: Uint8Array, start: readonly number[]): boolean {
  return bytes.length >= start.length && start.every((octet, index) => bytes[index] === octet);
}
