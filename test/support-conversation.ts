import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { ConversationBuilder, type PacketToWrite, type Side, writeCapture } from '../analyzer/index.ts';

// Conversations made by hand, with the time of every segment, for what no capture at hand shows.

export interface Step {
  /** Milliseconds from the beginning of the capture. */
  readonly at: number;
  readonly side: Side;
  /** Octets to send; none: a bare segment. */
  readonly send?: Uint8Array;
  readonly end?: 'fin' | 'rst';
  /** The receive window that the segment advertises. */
  readonly window?: number;
}

const KEY = 'h8MnjGsXMtnoAcyCAn+V5Q==';
let masks = 0;
const START = 1_700_000_000_000_000_000n;

export function head(...lines: readonly string[]): Uint8Array {
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}

export const REQUEST = head(
  'GET /echo HTTP/1.1',
  'Host: 192.0.2.2:8080',
  'Upgrade: websocket',
  'Connection: Upgrade',
  `Sec-WebSocket-Key: ${KEY}`,
  'Sec-WebSocket-Version: 13',
);

export const RESPONSE = head(
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  `Sec-WebSocket-Accept: ${acceptOf(KEY)}`,
);

function acceptOf(key: string): string {
  return createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
}

/** One frame of RFC 6455 section 5.2; the client's are masked. */
export function frame(side: Side, opcode: number, payload: string | Uint8Array, fin = true): Uint8Array {
  const octets = Buffer.from(payload);
  const masked = side === 'c2s' ? 0x80 : 0;
  const { length } = octets;
  const size =
    length < 126
      ? [masked | length]
      : length < 65536
        ? [masked | 126, length >> 8, length & 0xff]
        : [masked | 127, 0, 0, 0, 0, ...[24, 16, 8, 0].map((shift) => (length >>> shift) & 0xff)];
  // A key must not be used twice.
  masks += 1;
  const mask = [0x37, 0xfa, masks >> 8, masks & 0xff];
  const body = side === 'c2s' ? octets.map((octet, at) => octet ^ (mask[at % 4] ?? 0)) : octets;
  return Buffer.from([(fin ? 0x80 : 0) | opcode, ...size, ...(side === 'c2s' ? mask : []), ...body]);
}

export const text = (side: Side, payload: string): Uint8Array => frame(side, 1, payload);
export const ping = (side: Side, payload: string): Uint8Array => frame(side, 9, payload);
export const pong = (side: Side, payload: string): Uint8Array => frame(side, 10, payload);
export const close = (side: Side, code: number, reason = ''): Uint8Array =>
  frame(side, 8, Buffer.concat([Uint8Array.of(code >> 8, code & 0xff), Buffer.from(reason)]));

/** SYN, SYN-ACK, ACK at 0 ms, the upgrade at 1 and 2 ms, then the steps. */
export function conversation(
  steps: readonly Step[],
  { clientPort = 50000, start = 0, upgrade = [REQUEST, RESPONSE] }: Partial<Shape> = {},
): PacketToWrite[] {
  const client = { address: '192.0.2.1', port: clientPort };
  const builder = new ConversationBuilder({ client, clientSequence: clientPort });
  const times: number[] = [];
  const until = (at: number): void => {
    while (times.length < builder.segments.length) times.push(start + at);
  };
  builder.open();
  until(0);
  const [request, response] = upgrade;
  if (request !== undefined) builder.send('c2s', request);
  until(1);
  if (response !== undefined) builder.send('s2c', response);
  until(2);
  for (const { at, side, send, end, window } of steps) {
    if (send !== undefined) builder.send(side, send);
    else builder.add(side, end === undefined ? {} : { [end]: true });
    const last = builder.segments.at(-1);
    if (window !== undefined && last !== undefined) builder.segments.splice(-1, 1, { ...last, window });
    until(at);
  }
  return builder.packets().map((packet, at) => ({ ...packet, time: START + milliseconds(times[at] ?? 0) }));
}

interface Shape {
  readonly clientPort: number;
  /** Milliseconds by which everything comes later. */
  readonly start: number;
  /** The heads; none: neither was sent. */
  readonly upgrade: readonly Uint8Array[];
}

function milliseconds(count: number): bigint {
  return BigInt(Math.round(count * 1e6));
}

/** Conversations side by side, in the order of time. */
export function writeConversations(
  path: string,
  conversations: readonly (readonly PacketToWrite[])[],
): string {
  const packets = conversations.flat().sort((a, b) => Number(a.time - b.time));
  const linkType = 1;
  writeFileSync(
    path,
    writeCapture({ format: 'pcap', linkType, nanoseconds: true, bigEndian: false, packets }),
  );
  return path;
}
