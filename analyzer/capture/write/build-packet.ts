/** Captured packets from segments: TCP and UDP (RFC 9293, 768), IP (RFC 791, 8200), link layers as in link-layer.ts. */
import {
  LINK_ETHERNET,
  LINK_LINUX_SLL,
  LINK_LINUX_SLL2,
  LINK_LOOP,
  LINK_NULL,
  LINK_RAW,
} from '../link-types.ts';
import { PROTOCOL_TCP, PROTOCOL_UDP } from '../ip.ts';
import type { Endpoint, TcpSegment } from '../segment.ts';
import { internetChecksum } from './checksum.ts';
import { integer, join, zeros } from './octet-writer.ts';
import { parseAddress } from './parse-address.ts';

export type LinkLayer = 'ethernet' | 'sll' | 'sll2' | 'null' | 'loop' | 'raw';

/** What lies below TCP and UDP. */
export interface Encapsulation {
  readonly link: LinkLayer;
  /** 802.1Q tags, the outermost first. */
  readonly vlans: readonly number[];
  /** IP payload octets to a fragment, a multiple of 8; null: not fragmented. */
  readonly fragmentOctets: number | null;
}

export const PLAIN_ETHERNET: Encapsulation = { link: 'ethernet', vlans: [], fragmentOctets: null };

const LINK_TYPES: Readonly<Record<LinkLayer, number>> = {
  ethernet: LINK_ETHERNET,
  sll: LINK_LINUX_SLL,
  sll2: LINK_LINUX_SLL2,
  null: LINK_NULL,
  loop: LINK_LOOP,
  raw: LINK_RAW,
};

export function linkTypeOf({ link }: Encapsulation): number {
  return LINK_TYPES[link];
}

export type SegmentToBuild = Pick<
  TcpSegment,
  'source' | 'destination' | 'sequence' | 'acknowledgement' | 'flags' | 'window' | 'payload'
>;

/** The packets that carry a TCP segment: one, or its fragments. */
export function buildTcp(
  segment: SegmentToBuild,
  under: Encapsulation,
  identification: number,
): Uint8Array[] {
  const { source, destination, sequence, acknowledgement, flags, window, payload } = segment;
  const flagBits = (flags.fin ? 1 : 0) | (flags.syn ? 2 : 0) | (flags.rst ? 4 : 0) | (flags.ack ? 16 : 0);
  const push = payload.length > 0 ? 8 : 0;
  const tcp = join(
    integer(source.port, 2),
    integer(destination.port, 2),
    integer(sequence, 4),
    integer(acknowledgement, 4),
    integer((5 << 12) | flagBits | push, 2),
    integer(window, 2),
    zeros(4),
    payload,
  );
  setChecksum(tcp, 16, pseudoHeader(source, destination, PROTOCOL_TCP, tcp.length));
  return encapsulate({ source, destination, protocol: PROTOCOL_TCP, payload: tcp, identification }, under);
}

export interface DatagramToBuild {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly payload: Uint8Array;
}

export function buildUdp(
  datagram: DatagramToBuild,
  under: Encapsulation,
  identification: number,
): Uint8Array[] {
  const { source, destination, payload } = datagram;
  const length = 8 + payload.length;
  const udp = join(
    integer(source.port, 2),
    integer(destination.port, 2),
    integer(length, 2),
    zeros(2),
    payload,
  );
  setChecksum(udp, 6, pseudoHeader(source, destination, PROTOCOL_UDP, length));
  // RFC 768: a checksum of zero means none, so a zero sum is sent as its other form.
  if (udp[6] === 0 && udp[7] === 0) udp.fill(0xff, 6, 8);
  return encapsulate({ source, destination, protocol: PROTOCOL_UDP, payload: udp, identification }, under);
}

/** RFC 9293 3.1, RFC 8200 8.1. */
function pseudoHeader(source: Endpoint, destination: Endpoint, protocol: number, length: number): Uint8Array {
  const addresses = join(parseAddress(source.address), parseAddress(destination.address));
  const rest =
    addresses.length === 8
      ? [zeros(1), integer(protocol, 1), integer(length, 2)]
      : [integer(length, 4), zeros(3), integer(protocol, 1)];
  return join(addresses, ...rest);
}

function setChecksum(octets: Uint8Array, at: number, pseudo: Uint8Array): void {
  octets.set(integer(internetChecksum(join(pseudo, octets)), 2), at);
}

interface IpPayload {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly protocol: number;
  readonly payload: Uint8Array;
  readonly identification: number;
}

function encapsulate(ip: IpPayload, under: Encapsulation): Uint8Array[] {
  const source = parseAddress(ip.source.address);
  const destination = parseAddress(ip.destination.address);
  const size = under.fragmentOctets ?? ip.payload.length;
  const datagrams: Uint8Array[] = [];
  for (let offset = 0; offset < ip.payload.length; offset += size) {
    const payload = ip.payload.subarray(offset, offset + size);
    const more = offset + size < ip.payload.length;
    const part = { ...ip, payload, offset, more };
    datagrams.push(source.length === 4 ? ipv4(part, source, destination) : ipv6(part, source, destination));
  }
  return datagrams.map((datagram) => linkHeader(datagram, source.length === 4, under));
}

interface IpPart extends IpPayload {
  readonly offset: number;
  readonly more: boolean;
}

const HOPS = 64;
const IPV4_DO_NOT_FRAGMENT = 0x4000;
const IPV4_MORE_FRAGMENTS = 0x2000;
const IPV6_FRAGMENT = 44;

function ipv4(part: IpPart, source: Uint8Array, destination: Uint8Array): Uint8Array {
  const { payload, offset, more, identification, protocol } = part;
  const fragmented = more || offset > 0;
  const flags = (more ? IPV4_MORE_FRAGMENTS : 0) | (fragmented ? 0 : IPV4_DO_NOT_FRAGMENT);
  const header = join(
    integer(0x4500, 2),
    integer(20 + payload.length, 2),
    integer(identification, 2),
    integer(flags | (offset / 8), 2),
    integer(HOPS, 1),
    integer(protocol, 1),
    zeros(2),
    source,
    destination,
  );
  header.set(integer(internetChecksum(header), 2), 10);
  return join(header, payload);
}

function ipv6(part: IpPart, source: Uint8Array, destination: Uint8Array): Uint8Array {
  const { payload, offset, more, identification, protocol } = part;
  const fragmented = more || offset > 0;
  const fragmentHeader = fragmented
    ? join(integer(protocol, 1), zeros(1), integer(offset | (more ? 1 : 0), 2), integer(identification, 4))
    : zeros(0);
  return join(
    integer(0x60000000, 4),
    integer(fragmentHeader.length + payload.length, 2),
    integer(fragmented ? IPV6_FRAGMENT : protocol, 1),
    integer(HOPS, 1),
    source,
    destination,
    fragmentHeader,
    payload,
  );
}

const TYPE_IPV4 = 0x0800;
const TYPE_IPV6 = 0x86dd;
const TYPE_VLAN = 0x8100;
const TYPE_OUTER_VLAN = 0x88a8;
const FAMILY_IPV4 = 2;
const FAMILY_IPV6 = 30;
const ARPHRD_ETHERNET = 1;
/** Locally administered addresses. */
const MAC = Uint8Array.from([2, 0, 0, 0, 0, 1]);
const OTHER_MAC = Uint8Array.from([2, 0, 0, 0, 0, 2]);

function linkHeader(datagram: Uint8Array, isIpv4: boolean, { link, vlans }: Encapsulation): Uint8Array {
  const { first, tags } = tagged(isIpv4 ? TYPE_IPV4 : TYPE_IPV6, vlans);
  const family = isIpv4 ? FAMILY_IPV4 : FAMILY_IPV6;
  switch (link) {
    case 'ethernet':
      return join(OTHER_MAC, MAC, integer(first, 2), tags, datagram);
    case 'sll':
      return join(
        zeros(2),
        integer(ARPHRD_ETHERNET, 2),
        integer(6, 2),
        MAC,
        zeros(2),
        integer(first, 2),
        tags,
        datagram,
      );
    case 'sll2': {
      const device = join(
        zeros(2),
        integer(1, 4),
        integer(ARPHRD_ETHERNET, 2),
        zeros(1),
        integer(6, 1),
        MAC,
        zeros(2),
      );
      return join(integer(first, 2), device, tags, datagram);
    }
    case 'null':
      return join(integer(family, 4, false), datagram);
    case 'loop':
      return join(integer(family, 4), datagram);
    case 'raw':
      return datagram;
  }
}

/** Each tag is followed by the type of what comes next; the type of the first stands before them all. */
function tagged(type: number, vlans: readonly number[]): { first: number; tags: Uint8Array } {
  const types = [...vlans.map((_, index) => (index < vlans.length - 1 ? TYPE_OUTER_VLAN : TYPE_VLAN)), type];
  const tags = vlans.map((vlan, index) => join(integer(vlan, 2), integer(types[index + 1] ?? type, 2)));
  return { first: types[0] ?? type, tags: join(...tags) };
}
