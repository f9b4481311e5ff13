/** How the octets of a vector become packets. */
export const VARIANTS = [
  /** Each part in as few segments as IP allows. */
  'whole',
  /** One octet a segment. */
  'octets',
  /** One PDU a datagram. */
  'datagrams',
  /** Two segments, cut behind every octet of every header: as many connections as there are places. */
  'split',
  /** All that a side sends in a row in one segment; what follows an upgrade, together with its answer. */
  'coalesced',
  /** Segments in another order than they were sent. */
  'reordered',
  /** Every segment twice. */
  'retransmitted',
  'ipv6',
  'vlan',
  /** Linux cooked capture, version 2. */
  'sll2',
  /** BSD loopback. */
  'null',
  /** Every datagram in fragments of IP. */
  'fragmented',
  /** The capture keeps only the first octets of each packet. */
  'snaplen',
  /** The capture begins after the connection. */
  'mid-stream',
] as const;
export type VariantName = (typeof VARIANTS)[number];

/** What is lost may be missed; in all other ways everything must be found. */
export function isLossy(variant: VariantName): boolean {
  return variant === 'snaplen' || variant === 'mid-stream';
}

const TEXTS: Readonly<Record<VariantName, string>> = {
  whole: 'whole',
  octets: 'one octet a segment',
  datagrams: 'one PDU a datagram',
  split: 'in two segments',
  coalesced: 'coalesced',
  reordered: 'segments reordered',
  retransmitted: 'every segment twice',
  ipv6: 'over IPv6',
  vlan: 'in a VLAN',
  sll2: 'in a Linux cooked capture',
  null: 'on BSD loopback',
  fragmented: 'in fragments of IP',
  snaplen: 'packets cut by the snapshot length',
  'mid-stream': 'captured from the middle',
};

export function variantText(variant: VariantName): string {
  return TEXTS[variant];
}
