import type { Display, ProtocolFieldType } from './protocol.ts';

/** What Wireshark shows for a name of the spec: `len_payload` -> `Len payload`. */
export function labelFromId(id: string): string {
  const words = id.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Numbers with these words in their name are patterns of bits rather than amounts. */
const HEX_WORDS = new Set(
  (
    'magic signature sig flag flags mask key crc crc8 crc16 crc32 checksum chksum hash digest cookie token nonce ' +
    'ofs offset addr address ptr pointer color reserved'
  ).split(' '),
);

export function defaultDisplay(id: string, type: ProtocolFieldType, isEnum: boolean): Display {
  if (type.kind === 'int') return 'dec';
  if (type.kind !== 'uint') return 'default';
  return !isEnum && id.split('_').some((word) => HEX_WORDS.has(word)) ? 'hex' : 'dec';
}
