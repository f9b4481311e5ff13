import type { ExpertInfo, ExpertSeverity } from '../dissected.ts';
import type { OctetReader } from './octet-reader.ts';
import { CLOSE_BRACE, QUOTE } from './octets.ts';

/** `PI_*` of Wireshark's `proto.h`; the same in every version since 2.0. */
const SEVERITIES: Readonly<Record<string, ExpertSeverity>> = {
  '1048576': 'comment',
  '2097152': 'chat',
  '4194304': 'note',
  '6291456': 'warning',
  '8388608': 'error',
};

const GROUPS = [
  'unknown',
  'checksum',
  'sequence',
  'response',
  'request',
  'undecoded',
  'reassemble',
  'malformed',
  'debug',
  'protocol',
  'security',
  'comments',
  'decryption',
  'assumption',
  'deprecated',
  'receive',
  'interface',
  'dissector-bug',
];
/** Groups are counted in the number's top octet. */
const GROUP_UNIT = 1 << 24;

/** The object under `_ws.expert`; null: its content was filtered away. */
export function readExpert(reader: OctetReader): ExpertInfo | null {
  const info = { name: '', message: '', severity: 'unknown' as ExpertSeverity, group: 'unknown' };
  if (!reader.enter(CLOSE_BRACE)) return info;
  do {
    reader.key();
    const key = reader.text();
    if (reader.peek() !== QUOTE) {
      reader.skip();
      continue;
    }
    reader.string();
    switch (key) {
      case '_ws.expert.message':
        info.message = reader.text();
        break;
      case '_ws.expert.severity':
        info.severity = SEVERITIES[reader.text()] ?? 'unknown';
        break;
      case '_ws.expert.group':
        info.group = GROUPS[Number(reader.text()) / GROUP_UNIT] ?? 'unknown';
        break;
      default:
        info.name ||= key;
    }
  } while (reader.another(CLOSE_BRACE));
  return info.name === 'filtered' ? null : info;
}

/** What an expert info says of Wireshark's own failure; null: it is about the traffic. */
export function engineError(expert: ExpertInfo): string | null {
  if (expert.name === '_ws.lua.error') return expert.message;
  return expert.name === '_ws.dissector_bug.expert' ? `Dissector bug: ${expert.message}` : null;
}
