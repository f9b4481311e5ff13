import type { DissectionEnd } from '../dissected.ts';

/** Octets of the input kept to say what it is when it turns out to be no JSON. */
export const HEAD_OCTETS = 4096;
/** Of a first line, so much is quoted. */
const QUOTED = 160;

const CAPTURE = 'a capture file; it is the output of "tshark -r FILE -T json" that is read here';
const UTF16 = 'UTF-16 text, as PowerShell makes of a pipe; let "cmd /c" run the pipe instead';

/** Magic numbers of what is piped by mistake, in hex, with what to do instead. */
const MAGIC: readonly (readonly [prefix: string, what: string])[] = [
  ['a1b2c3d4', CAPTURE],
  ['d4c3b2a1', CAPTURE],
  ['a1b23c4d', CAPTURE],
  ['4d3cb2a1', CAPTURE],
  ['0a0d0d0a', CAPTURE],
  ['1f8b', 'gzip data; unpack it first ("gunzip -c")'],
  ['28b52ffd', 'zstd data; unpack it first ("zstd -dc")'],
  ['fffe', UTF16],
  ['feff', UTF16],
];

/** Says in one sentence what was given instead of JSON. `reason` is the tokenizer's, for what begins like JSON. */
export function notJson(head: Buffer, offset: number, reason: string): DissectionEnd {
  return { kind: 'not-json', offset, message: sentence(head, offset, reason) };
}

function sentence(head: Buffer, offset: number, reason: string): string {
  const hex = head.toString('hex', 0, 4);
  const known = MAGIC.find(([prefix]) => hex.startsWith(prefix));
  if (known !== undefined) return `Not JSON but ${known[1]}.`;
  const text = head.toString('utf8').trimStart();
  if (text === '')
    return 'No JSON at all: the input is empty. Did tshark start? Its own message is on its stderr.';
  if (text.startsWith('<')) return `Not JSON but XML (-T pdml?): ${quote(text)}; "-T json" is needed.`;
  if (text.startsWith('[') || text.startsWith('{')) return `Broken at octet ${offset}: ${reason}.`;
  return `Not JSON. The first line is: ${quote(text)}`;
}

/** The first line, made safe to print. */
function quote(text: string): string {
  const line = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const printable = line.replaceAll(/\p{C}/gu, '\uFFFD');
  return `"${printable.length > QUOTED ? `${printable.slice(0, QUOTED)}...` : printable}"`;
}
