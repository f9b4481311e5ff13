import { createHash } from 'node:crypto';
import { filledText } from './reduce-heads.ts';

/** RFC 6455 section 1.3. */
const WEBSOCKET_GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** A key of the usual length that is no secret. */
const KEY = Buffer.from('the sample nonce').toString('base64');
const ACCEPT = createHash('sha1')
  .update(KEY + WEBSOCKET_GUID)
  .digest('base64');

/** What says where a body ends. */
const STEERING = /^(content-length|transfer-encoding|upgrade|connection|sec-websocket-version)$/i;

/** Part of a head, by the octets from its first, with others in its place. */
export interface HeadPatch {
  readonly start: number;
  readonly octets: Uint8Array;
  /** What only changes together. */
  readonly group: string;
}

/** Filler for everything in a head that says something of whoever sent it, each in its place. */
export function headPatches(octets: Uint8Array): readonly HeadPatch[] {
  const text = Buffer.from(octets).toString('latin1');
  const patches: HeadPatch[] = [];
  let start = 0;
  for (const line of text.split('\n')) {
    const patch = start === 0 ? startLine(line) : field(line);
    if (patch !== null && patch.text !== patch.was) {
      const at = start + patch.at;
      patches.push({ start: at, octets: Buffer.from(patch.text, 'latin1'), group: patch.group });
    }
    start += line.length + 1;
  }
  return patches;
}

interface LinePatch {
  readonly at: number;
  readonly was: string;
  readonly text: string;
  readonly group: string;
}

function startLine(line: string): LinePatch | null {
  const response = /^HTTP\/\S+ \d+ (.*?)\r?$/.exec(line);
  const request = /^\S+ (\S+) HTTP/.exec(line);
  const was = response?.[1] ?? request?.[1];
  if (was === undefined || was === '' || /^switching protocols$/i.test(was)) return null;
  return {
    at: line.indexOf(was, line.indexOf(' ')),
    was,
    text: was.replaceAll(/[^/ ]/g, 'x'),
    group: 'line',
  };
}

function field(line: string): LinePatch | null {
  const [, name = '', space = '', was = ''] = /^([^:\s]+):([ \t]*)(.*?)\s*$/.exec(line) ?? [];
  if (name === '' || was === '' || STEERING.test(name)) return null;
  const at = name.length + 1 + space.length;
  const key = name.toLowerCase();
  const nonce = { 'sec-websocket-key': KEY, 'sec-websocket-accept': ACCEPT }[key];
  if (nonce?.length === was.length) return { at, was, text: nonce, group: 'nonce' };
  return { at, was, text: filledText(was), group: key };
}
