/**
 * IPv4 (RFC 791) and IPv6 (RFC 8200) headers: where the transport header begins and where the datagram ends.
 * Octets after its end (Ethernet padding, a trailer) are not the datagram's.
 */
import { MAXIMUM_EXTENSION_HEADERS } from './limits.ts';
import { uint16, uint32 } from './octets.ts';

export const PROTOCOL_TCP = 6;
export const PROTOCOL_UDP = 17;
export const PROTOCOL_IPV4 = 4;
export const PROTOCOL_IPV6 = 41;

const IPV4_HEADER_LENGTH = 20;
const IPV6_HEADER_LENGTH = 40;
const IPV4_MORE_FRAGMENTS = 0x2000;
const IPV4_OFFSET_MASK = 0x1fff;

const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT = 44;
const AUTHENTICATION = 51;
const DESTINATION_OPTIONS = 60;
const MOBILITY = 135;
const FRAGMENT_HEADER_LENGTH = 8;

export interface Fragment {
  readonly identification: number;
  /** Octets of the datagram's payload before this fragment's. */
  readonly offset: number;
  readonly more: boolean;
}

/** Positions count from the first octet of the captured packet. */
export interface IpDatagram {
  readonly version: 4 | 6;
  readonly sourceAt: number;
  readonly destinationAt: number;
  readonly addressLength: 4 | 16;
  /** Protocol number of what is at `payloadAt`. */
  readonly protocol: number;
  readonly payloadAt: number;
  /** One after the last octet the datagram has on the wire; may lie beyond the captured octets. */
  readonly end: number;
  readonly fragment: Fragment | undefined;
}

/** `wireEnd` is where the packet ended on the wire. Undefined: no IP, or its header is not all there. */
export function readIp(bytes: Uint8Array, at: number, wireEnd: number): IpDatagram | undefined {
  const version = (bytes[at] ?? 0) >> 4;
  if (version === 4) return readIpv4(bytes, at, wireEnd);
  if (version === 6) return readIpv6(bytes, at, wireEnd);
  return undefined;
}

function readIpv4(bytes: Uint8Array, at: number, wireEnd: number): IpDatagram | undefined {
  const headerLength = ((bytes[at] ?? 0) & 0x0f) * 4;
  if (headerLength < IPV4_HEADER_LENGTH || at + headerLength > bytes.length) return undefined;
  const totalLength = uint16(bytes, at + 2);
  // 0: the kernel left segmentation to the network card (TSO), and the capture saw it before.
  const end = totalLength === 0 ? wireEnd : Math.min(at + totalLength, wireEnd);
  if (end < at + headerLength) return undefined;
  const flags = uint16(bytes, at + 6);
  const offset = (flags & IPV4_OFFSET_MASK) * 8;
  const more = (flags & IPV4_MORE_FRAGMENTS) !== 0;
  return {
    version: 4,
    sourceAt: at + 12,
    destinationAt: at + 16,
    addressLength: 4,
    protocol: bytes[at + 9] ?? 0,
    payloadAt: at + headerLength,
    end,
    fragment: more || offset > 0 ? { identification: uint16(bytes, at + 4), offset, more } : undefined,
  };
}

function readIpv6(bytes: Uint8Array, at: number, wireEnd: number): IpDatagram | undefined {
  if (at + IPV6_HEADER_LENGTH > bytes.length) return undefined;
  const payloadLength = uint16(bytes, at + 4);
  // 0: a jumbogram (RFC 2675), or segmentation left to the network card.
  const end = payloadLength === 0 ? wireEnd : Math.min(at + IPV6_HEADER_LENGTH + payloadLength, wireEnd);
  const upper = skipExtensions(bytes, at + IPV6_HEADER_LENGTH, bytes[at + 6] ?? 0);
  if (upper === undefined || end < upper.at) return undefined;
  return {
    version: 6,
    sourceAt: at + 8,
    destinationAt: at + 24,
    addressLength: 16,
    protocol: upper.protocol,
    payloadAt: upper.at,
    end,
    fragment: upper.fragment,
  };
}

interface UpperLayer {
  readonly protocol: number;
  readonly at: number;
  readonly fragment: Fragment | undefined;
}

/** RFC 8200 4: each header names the next. Ends: every header uses at least eight octets and their number is bounded. */
function skipExtensions(bytes: Uint8Array, firstAt: number, firstProtocol: number): UpperLayer | undefined {
  let protocol = firstProtocol;
  let at = firstAt;
  for (let headers = 0; headers <= MAXIMUM_EXTENSION_HEADERS; headers += 1) {
    if (!isExtension(protocol)) return { protocol, at, fragment: undefined };
    if (at + FRAGMENT_HEADER_LENGTH > bytes.length) return undefined;
    const next = bytes[at] ?? 0;
    if (protocol === FRAGMENT) {
      const fragment = readFragmentHeader(bytes, at);
      at += FRAGMENT_HEADER_LENGTH;
      // An "atomic" fragment (RFC 6946) is whole; what follows it is read on.
      if (fragment !== undefined) return { protocol: next, at, fragment };
    } else {
      const length = bytes[at + 1] ?? 0;
      at += protocol === AUTHENTICATION ? (length + 2) * 4 : (length + 1) * 8;
    }
    protocol = next;
  }
  return undefined;
}

function readFragmentHeader(bytes: Uint8Array, at: number): Fragment | undefined {
  const word = uint16(bytes, at + 2);
  const offset = word & 0xfff8;
  const more = (word & 1) !== 0;
  return more || offset > 0 ? { identification: uint32(bytes, at + 4), offset, more } : undefined;
}

function isExtension(protocol: number): boolean {
  switch (protocol) {
    case HOP_BY_HOP:
    case ROUTING:
    case FRAGMENT:
    case AUTHENTICATION:
    case DESTINATION_OPTIONS:
    case MOBILITY:
      return true;
    default:
      return false;
  }
}
