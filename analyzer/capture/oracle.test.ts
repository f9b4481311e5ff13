import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { DatagramStreams } from './datagram-streams.ts';
import { readCapture } from './read-capture.ts';
import type { TcpSegment, Transport, UdpDatagram } from './segment.ts';
import { TcpReassembler } from './tcp/reassembler.ts';
import {
  NO_SHARED_CAPTURES,
  NO_TSHARK,
  SHARED_CAPTURES,
  TSHARK,
  tsharkFields,
} from './test-support/tshark.ts';
import { TransportDecoder } from './transport.ts';

const FIELDS = [
  'frame.number',
  'frame.time_epoch',
  'frame.cap_len',
  'frame.len',
  'tcp.stream',
  'udp.stream',
  'ip.src',
  'ip.dst',
  'ipv6.src',
  'ipv6.dst',
  'tcp.srcport',
  'tcp.dstport',
  'udp.srcport',
  'udp.dstport',
  'tcp.len',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'tcp.window_size_value',
  'tcp.payload',
];

const NONE = ['', ''];

/** What tshark would print of these fields, by our own reading. */
async function ownFields(path: string): Promise<string[][]> {
  const decoder = new TransportDecoder();
  const reassembler = new TcpReassembler(() => undefined);
  const datagrams = new DatagramStreams();
  const rows: string[][] = [];
  await readCapture(path, (packet) => {
    const frame = [
      `${packet.frame}`,
      epoch(packet.time),
      `${packet.bytes.length}`,
      `${packet.originalLength}`,
    ];
    const carried = decoder.decode(packet);
    if (carried === undefined) rows.push([...frame, ...FIELDS.slice(frame.length).map(() => '')]);
    else if (carried.kind === 'tcp') rows.push([...frame, ...tcpFields(carried, reassembler.push(carried))]);
    else rows.push([...frame, ...udpFields(carried, datagrams.numberOf(carried))]);
  });
  return rows;
}

function tcpFields(segment: TcpSegment, stream: number): string[] {
  const { payload, missing, sequence, acknowledgement, window } = segment;
  const numbers = [payload.length + missing, sequence, acknowledgement, window].map(String);
  const hex = Buffer.from(payload).toString('hex');
  return [`${stream}`, '', ...addresses(segment), ...ports(segment), ...NONE, ...numbers, hex];
}

function udpFields(datagram: UdpDatagram, stream: number): string[] {
  return ['', `${stream}`, ...addresses(datagram), ...NONE, ...ports(datagram), '', '', '', '', ''];
}

function addresses({ source, destination }: Transport): string[] {
  const texts = [source.address, destination.address];
  return source.address.includes(':') ? [...NONE, ...texts] : [...texts, ...NONE];
}

function ports({ source, destination }: Transport): string[] {
  return [`${source.port}`, `${destination.port}`];
}

function epoch(nanoseconds: bigint): string {
  return `${nanoseconds / 1_000_000_000n}.${(nanoseconds % 1_000_000_000n).toString().padStart(9, '0')}`;
}

// Thirty starts of tshark, beside whatever else the machine does.
const TIMEOUT = 300_000;

test('reads every packet of the real captures as tshark does', { timeout: TIMEOUT }, async (context) => {
  if (TSHARK === undefined) context.skip(NO_TSHARK);
  if (SHARED_CAPTURES.length === 0) context.skip(NO_SHARED_CAPTURES);
  for (const path of SHARED_CAPTURES) {
    const theirs = tsharkFields(path, FIELDS);
    expect(theirs.length).toBeGreaterThan(0);
    expect(await ownFields(path), basename(path)).toEqual(theirs);
  }
});
