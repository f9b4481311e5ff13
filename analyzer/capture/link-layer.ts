/**
 * From a captured packet to its network layer.
 *
 *   Ethernet     destination 6 | source 6 | type 2 | ...
 *   802.1Q tag   tag 2 | type 2
 *   SLL          packet type 2 | ARPHRD 2 | length 2 | address 8 | type 2 | ...
 *   SLL2         type 2 | reserved 2 | interface 4 | ARPHRD 2 | packet type 1 | length 1 | address 8 | ...
 *   NULL, LOOP   address family 4 | ...
 */
import { MAXIMUM_VLAN_TAGS } from './limits.ts';
import {
  LINK_ETHERNET,
  LINK_IPV4,
  LINK_IPV6,
  LINK_LINUX_SLL,
  LINK_LINUX_SLL2,
  LINK_LOOP,
  LINK_NULL,
  LINK_RAW,
  LINK_RAW_BSD,
  LINK_RAW_OPENBSD,
} from './link-types.ts';
import { uint16, uint32, uint32Little } from './octets.ts';

const ETHERNET_HEADER_LENGTH = 14;
const ETHERNET_TYPE_AT = 12;
const SLL_HEADER_LENGTH = 16;
const SLL_TYPE_AT = 14;
const SLL2_HEADER_LENGTH = 20;
const FAMILY_LENGTH = 4;
const VLAN_TAG_LENGTH = 4;

const TYPE_IPV4 = 0x0800;
const TYPE_IPV6 = 0x86dd;
/** 802.1Q, 802.1ad, and the two numbers QinQ had before it was a standard. */
const VLAN_TYPES: ReadonlySet<number> = new Set([0x8100, 0x88a8, 0x9100, 0x9200]);

/** Below it the field is an 802.3 length and an LLC header follows. */
const FIRST_ETHERTYPE = 0x0600;
/** LLC AA AA 03, SNAP organisation 00 00 00, type 2 (RFC 1042). */
const SNAP_LENGTH = 8;

/** Any family number that a BSD or Darwin gives IPv6; Linux's 10 does not occur in NULL captures of its own. */
const FAMILY_IPV4 = 2;
const FAMILIES_IPV6: ReadonlySet<number> = new Set([10, 23, 24, 28, 30]);

/** Where the IP header begins, or -1 when the packet carries none (ARP, a link type unknown here, too short). */
export function networkStart(linkType: number, bytes: Uint8Array): number {
  switch (linkType) {
    case LINK_ETHERNET:
      if (bytes.length < ETHERNET_HEADER_LENGTH) return -1;
      return afterEthertype(bytes, uint16(bytes, ETHERNET_TYPE_AT), ETHERNET_HEADER_LENGTH);
    case LINK_LINUX_SLL:
      if (bytes.length < SLL_HEADER_LENGTH) return -1;
      return afterEthertype(bytes, uint16(bytes, SLL_TYPE_AT), SLL_HEADER_LENGTH);
    case LINK_LINUX_SLL2:
      if (bytes.length < SLL2_HEADER_LENGTH) return -1;
      return afterEthertype(bytes, uint16(bytes, 0), SLL2_HEADER_LENGTH);
    case LINK_NULL:
    case LINK_LOOP:
      return afterFamily(bytes);
    case LINK_RAW:
    case LINK_RAW_BSD:
    case LINK_RAW_OPENBSD:
    case LINK_IPV4:
    case LINK_IPV6:
      return 0;
    default:
      return -1;
  }
}

function afterEthertype(bytes: Uint8Array, firstType: number, firstAt: number): number {
  let type = firstType;
  let at = firstAt;
  for (let tags = 0; VLAN_TYPES.has(type); tags += 1) {
    if (tags === MAXIMUM_VLAN_TAGS || bytes.length < at + VLAN_TAG_LENGTH) return -1;
    type = uint16(bytes, at + 2);
    at += VLAN_TAG_LENGTH;
  }
  if (type < FIRST_ETHERTYPE && isSnap(bytes, at)) {
    type = uint16(bytes, at + SNAP_LENGTH - 2);
    at += SNAP_LENGTH;
  }
  return type === TYPE_IPV4 || type === TYPE_IPV6 ? at : -1;
}

function isSnap(bytes: Uint8Array, at: number): boolean {
  return bytes.length >= at + SNAP_LENGTH && uint32(bytes, at) === 0xaaaa0300 && uint16(bytes, at + 4) === 0;
}

/** NULL has the byte order of the capturing machine, LOOP that of the network: the number tells which. */
function afterFamily(bytes: Uint8Array): number {
  if (bytes.length < FAMILY_LENGTH) return -1;
  return isIpFamily(uint32(bytes, 0)) || isIpFamily(uint32Little(bytes, 0)) ? FAMILY_LENGTH : -1;
}

function isIpFamily(family: number): boolean {
  return family === FAMILY_IPV4 || FAMILIES_IPV6.has(family);
}
