/** LINKTYPE_ numbers (https://www.tcpdump.org/linktypes.html) that this room knows. */
export const LINK_NULL = 0;
export const LINK_ETHERNET = 1;
export const LINK_RAW_BSD = 12;
export const LINK_RAW_OPENBSD = 14;
export const LINK_RAW = 101;
export const LINK_LOOP = 108;
export const LINK_LINUX_SLL = 113;
export const LINK_IPV4 = 228;
export const LINK_IPV6 = 229;
export const LINK_LINUX_SLL2 = 276;

const LINK_USB_DARWIN = 266;
const LINK_USB_LINUX = 189;
const LINK_USB_LINUX_MMAPPED = 220;
const LINK_USBPCAP = 249;
const LINK_DBUS = 231;
const LINK_EBHSCR = 279;

const NAMES: ReadonlyMap<number, string> = new Map([
  [LINK_NULL, 'NULL'],
  [LINK_ETHERNET, 'ETHERNET'],
  [LINK_RAW_BSD, 'RAW'],
  [LINK_RAW_OPENBSD, 'RAW'],
  [LINK_RAW, 'RAW'],
  [LINK_LOOP, 'LOOP'],
  [LINK_LINUX_SLL, 'LINUX_SLL'],
  [LINK_IPV4, 'IPV4'],
  [LINK_IPV6, 'IPV6'],
  [LINK_LINUX_SLL2, 'LINUX_SLL2'],
]);

const LARGE: ReadonlySet<number> = new Set([
  LINK_USB_DARWIN,
  LINK_USB_LINUX,
  LINK_USB_LINUX_MMAPPED,
  LINK_USBPCAP,
  LINK_DBUS,
  LINK_EBHSCR,
]);

/** Name without LINKTYPE_; undefined when packets of this type are not looked into. */
export function linkTypeName(linkType: number): string | undefined {
  return NAMES.get(linkType);
}

export function linkTypeAllowsLargePackets(linkType: number): boolean {
  return LARGE.has(linkType);
}
