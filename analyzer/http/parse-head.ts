import { MAXIMUM_METHOD_LENGTH } from './limits.ts';
import type { HeadOddity, HttpField, HttpHead, StreamPlace } from './head.ts';

/** RFC 9110 5.6.2: token. */
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const REQUEST_LINE = new RegExp(`^(${TOKEN}) +([^ ]+) +HTTP/([0-9])\\.([0-9])$`, 'u');
const STATUS_LINE = /^HTTP\/([0-9])\.([0-9]) ([0-9]{3})(?: (.*))?$/u;
const FIELD_LINE = new RegExp(`^(${TOKEN})([ \\t]*):[ \\t]*(.*?)[ \\t]*$`, 'u');

/** Parses a whole head, the blank line included; undefined when its first line is no request or status line. */
export function parseHead(octets: Uint8Array, place: StreamPlace): HttpHead | undefined {
  const oddities = new Set<HeadOddity>();
  const [startLine = '', ...lines] = splitLines(octets, oddities);
  const fields = parseFields(lines, oddities);
  const rest = { place, fields, oddities: Array.from(oddities) };

  const status = STATUS_LINE.exec(startLine);
  if (status !== null) {
    const [, major = '', minor = '', code = '', reason = ''] = status;
    return { kind: 'response', version: `${major}.${minor}`, status: Number(code), reason, ...rest };
  }
  const request = REQUEST_LINE.exec(startLine);
  if (request === null) return undefined;
  const [, method = '', target = '', major = '', minor = ''] = request;
  if (method.length > MAXIMUM_METHOD_LENGTH) return undefined;
  return { kind: 'request', method, target, version: `${major}.${minor}`, ...rest };
}

/** Whether a first line, without its LF, may begin a head. */
export function isStartLine(line: Uint8Array): boolean {
  const text = latin1(line).replace(/\r$/u, '');
  return REQUEST_LINE.test(text) || STATUS_LINE.test(text);
}

/** RFC 9112 2.2: a lone LF may be taken as a line's end. */
function splitLines(octets: Uint8Array, oddities: Set<HeadOddity>): string[] {
  const lines = latin1(octets).split('\n');
  // After the blank line's LF nothing is left; the blank line itself is empty.
  lines.splice(-2);
  return lines.map((line) => {
    if (line.endsWith('\r')) return line.slice(0, -1);
    oddities.add('bare-lf');
    return line;
  });
}

/** Header octets beyond ASCII are opaque (RFC 9110 5.5): one character each. */
function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
}

function parseFields(lines: readonly string[], oddities: Set<HeadOddity>): HttpField[] {
  const fields: HttpField[] = [];
  for (const line of lines) {
    const last = fields.at(-1);
    if (/^[ \t]/u.test(line) && last !== undefined) {
      oddities.add('obs-fold');
      fields[fields.length - 1] = { name: last.name, value: `${last.value} ${line.trim()}`.trim() };
      continue;
    }
    const [, name, space, value = ''] = FIELD_LINE.exec(line) ?? [];
    if (name === undefined) {
      oddities.add('line-without-colon');
      continue;
    }
    if (space !== '') oddities.add('space-before-colon');
    fields.push({ name, value });
  }
  return fields;
}
