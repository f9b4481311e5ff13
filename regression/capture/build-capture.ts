import {
  buildUdp,
  ConversationBuilder,
  linkTypeOf,
  type PacketToWrite,
  PLAIN_ETHERNET,
  writeCapture,
} from '../../analyzer/index.ts';
import type { Vector } from '../suite/suite.ts';
import type { Case } from './cases.ts';
import { upgradeHandshake } from './handshake.ts';

/** The capture begins here; every case has time of its own (a packet takes a millisecond), so that time only rises. */
const START = 1_700_000_000_000_000_000n;
const TIME_OF_A_CASE = 60_000_000_000n;

/** What fits into one IPv4 packet, headers and some to spare (RFC 791: 65535 octets in all). */
const LARGEST_SEGMENT = 65_000;
/**
 * A longer part goes octet by octet at its ends only. Wireshark's reassembly walks a list for every segment: 65536
 * segments of one octet would take it minutes, and the middle of a long payload teaches nothing that its ends do not.
 */
const LONGEST_ALONE = 300;
const ALONE_AT_EITHER_END = 32;
const MIDDLE_SEGMENT = 1000;

/** One capture with a connection for each case. `datagramsOf`: what travels by itself where there is no stream. */
export function buildCapture(
  cases: readonly Case[],
  datagramsOf: (vector: Vector) => readonly Uint8Array[],
): Uint8Array {
  const packets = cases.flatMap((item, index) => {
    const start = START + BigInt(index) * TIME_OF_A_CASE;
    return item.carrier.kind === 'udp'
      ? udpPackets(item, datagramsOf(item.vector), start)
      : tcpPackets(item, start);
  });
  return writeCapture({
    format: 'pcapng',
    linkType: linkTypeOf(PLAIN_ETHERNET),
    nanoseconds: true,
    bigEndian: false,
    packets,
  });
}

function tcpPackets({ carrier, vector, segmentation, client, server }: Case, start: bigint): PacketToWrite[] {
  const conversation = new ConversationBuilder({ client, server, start }).open();
  if (carrier.kind === 'http-upgrade') {
    for (const { side, octets } of upgradeHandshake(carrier.token)) conversation.send(side, octets);
  }
  if (segmentation === 'octets') {
    for (const { side, octets } of vector.parts) {
      for (const piece of octetByOctet(octets)) conversation.send(side, piece, piece.length);
    }
  } else {
    for (const { side, octets } of vector.parts) conversation.send(side, octets, LARGEST_SEGMENT);
  }
  return conversation.close(vector.side).packets();
}

function* octetByOctet(octets: Uint8Array): Generator<Uint8Array> {
  const isShort = octets.length <= LONGEST_ALONE;
  for (let at = 0; at < octets.length;) {
    const left = octets.length - at;
    const isAlone = isShort || at < ALONE_AT_EITHER_END || left <= ALONE_AT_EITHER_END;
    const size = isAlone ? 1 : Math.min(MIDDLE_SEGMENT, left - ALONE_AT_EITHER_END);
    yield octets.subarray(at, at + size);
    at += size;
  }
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function udpPackets(
  { vector, client, server }: Case,
  datagrams: readonly Uint8Array[],
  start: bigint,
): PacketToWrite[] {
  const [source, destination] = vector.side === 'c2s' ? [client, server] : [server, client];
  return datagrams.flatMap((payload, index) =>
    buildUdp({ source, destination, payload }, PLAIN_ETHERNET, index & 0xffff).map((bytes) => ({
      time: start + BigInt(index),
      bytes,
    })),
  );
}
