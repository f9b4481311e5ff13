/**
 * TCP (RFC 9293 3.1) and UDP (RFC 768) headers.
 *
 *   TCP   ports 2+2 | sequence 4 | acknowledgement 4 | data offset, flags 2 | window 2 | checksum 2 | urgent 2
 *   UDP   ports 2+2 | length 2 | checksum 2
 */
import type { CapturedPacket } from './captured-packet.ts';
import { FlowTable } from './flow-table.ts';
import { FragmentTable, type WholeDatagram } from './fragments.ts';
import {
  type Fragment,
  type IpDatagram,
  PROTOCOL_IPV4,
  PROTOCOL_IPV6,
  PROTOCOL_TCP,
  PROTOCOL_UDP,
  readIp,
} from './ip.ts';
import { MAXIMUM_IP_NESTING } from './limits.ts';
import { networkStart } from './link-layer.ts';
import { uint16, uint32 } from './octets.ts';
import type { TcpSegment, Transport, UdpDatagram } from './segment.ts';

const TCP_HEADER_LENGTH = 20;
/** Ports, numbers, flags and window: what a conversation can be followed by, if the snaplen left no more. */
const TCP_LEAST_LENGTH = 16;
const UDP_HEADER_LENGTH = 8;

const FLAG_FIN = 0x01;
const FLAG_SYN = 0x02;
const FLAG_RST = 0x04;
const FLAG_ACK = 0x10;

/** Flag objects are shared: one for each of the combinations. */
const FLAGS: readonly TcpSegment['flags'][] = Array.from({ length: 0x20 }, (_, bits) => ({
  syn: (bits & FLAG_SYN) !== 0,
  ack: (bits & FLAG_ACK) !== 0,
  fin: (bits & FLAG_FIN) !== 0,
  rst: (bits & FLAG_RST) !== 0,
}));

const NO_FLAGS: TcpSegment['flags'] = { syn: false, ack: false, fin: false, rst: false };

export function tcpFlags(octet: number): TcpSegment['flags'] {
  return FLAGS[octet & 0x1f] ?? NO_FLAGS;
}

/** From captured packets to what they carry. Keeps what spans packets: flows and IP fragments. */
export class TransportDecoder {
  readonly #tcpFlows = new FlowTable();
  readonly #udpFlows = new FlowTable();
  readonly #fragments = new FragmentTable();

  /**
   * The TCP segment or UDP datagram that the packet carries or, being its last missing fragment, completes.
   * Undefined: neither, or its header was cut off.
   */
  decode(packet: CapturedPacket): Transport | undefined {
    let bytes = packet.bytes;
    let at = networkStart(packet.linkType, bytes);
    let wireEnd = Math.max(packet.originalLength, bytes.length);
    for (let nesting = 0; at >= 0 && nesting < MAXIMUM_IP_NESTING; nesting += 1) {
      let ip = readIp(bytes, at, wireEnd);
      if (ip?.fragment !== undefined) {
        const datagram = this.#join(bytes, ip, ip.fragment);
        if (datagram === undefined) return undefined;
        ({ bytes, ip } = datagram);
      }
      if (ip === undefined) return undefined;
      if (ip.protocol === PROTOCOL_TCP) return this.#tcp(packet, bytes, ip);
      if (ip.protocol === PROTOCOL_UDP) return this.#udp(packet, bytes, ip);
      if (ip.protocol !== PROTOCOL_IPV4 && ip.protocol !== PROTOCOL_IPV6) return undefined;
      at = ip.payloadAt;
      wireEnd = ip.end;
    }
    return undefined;
  }

  /** A fragment that the snaplen cut cannot be joined; the first one still shows the transport header, as in tshark. */
  #join(bytes: Uint8Array, ip: IpDatagram, fragment: Fragment): WholeDatagram | undefined {
    if (ip.end <= bytes.length) return this.#fragments.add(bytes, ip, fragment);
    return fragment.offset === 0 ? { bytes, ip } : undefined;
  }

  #tcp(packet: CapturedPacket, bytes: Uint8Array, ip: IpDatagram): TcpSegment | undefined {
    const at = ip.payloadAt;
    const captured = Math.min(ip.end, bytes.length);
    if (at + TCP_LEAST_LENGTH > captured) return undefined;
    const headerLength = ((bytes[at + 12] ?? 0) >> 4) * 4;
    // A header that cannot be, or that the segment does not hold, still belongs to its conversation; its data is unknown.
    const plausible = headerLength >= TCP_HEADER_LENGTH && at + headerLength <= ip.end;
    const dataAt = plausible ? at + headerLength : ip.end;
    const { source, destination } = this.#tcpFlows.lookup(bytes, ip);
    return {
      kind: 'tcp',
      frame: packet.frame,
      time: packet.time,
      source,
      destination,
      sequence: uint32(bytes, at + 4),
      acknowledgement: uint32(bytes, at + 8),
      flags: tcpFlags(bytes[at + 13] ?? 0),
      window: uint16(bytes, at + 14),
      payload: bytes.subarray(Math.min(dataAt, captured), captured),
      missing: ip.end - Math.max(dataAt, captured),
    };
  }

  #udp(packet: CapturedPacket, bytes: Uint8Array, ip: IpDatagram): UdpDatagram | undefined {
    const at = ip.payloadAt;
    const captured = Math.min(ip.end, bytes.length);
    if (at + UDP_HEADER_LENGTH > captured) return undefined;
    const length = uint16(bytes, at + 4);
    // RFC 2675 4: 0 in a jumbogram; also what UDP segmentation offload leaves.
    const end = length === 0 ? ip.end : Math.min(at + length, ip.end);
    const dataAt = at + UDP_HEADER_LENGTH;
    if (end < dataAt) return undefined;
    const { source, destination } = this.#udpFlows.lookup(bytes, ip);
    const capturedEnd = Math.min(end, captured);
    return {
      kind: 'udp',
      frame: packet.frame,
      time: packet.time,
      source,
      destination,
      payload: bytes.subarray(dataAt, capturedEnd),
      missing: end - capturedEnd,
    };
  }
}
