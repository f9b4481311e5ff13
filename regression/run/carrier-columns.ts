import type { Case } from '../capture/cases.ts';

/** What TCP puts before everything else: `[TCP Out-Of-Order] `. */
const TCP_NOTES = /^(?:\[TCP [^\]]*\] )+/;
const USUAL_STATUS = 'HTTP/1.1 101 Switching Protocols';

/**
 * The Info column, without what the packet's other protocols say in it: TCP of segments out of order, HTTP of the
 * answer that the first PDUs came together with. Both stand before what our protocol says.
 */
export function withoutCarrier(
  columns: ReadonlyMap<number, string> | null,
  caseOfFrame: ReadonlyMap<number, Case>,
): ReadonlyMap<number, string> | null {
  if (columns === null) return null;
  return new Map(
    [...columns].map(([frame, text]) => {
      const item = caseOfFrame.get(frame);
      return [frame, item === undefined ? text : ownText(text, item)];
    }),
  );
}

function ownText(text: string, { variant, vector }: Case): string {
  switch (variant) {
    case 'reordered':
      return text.replace(TCP_NOTES, '');
    case 'coalesced': {
      const status = vector.handshake?.response.line ?? USUAL_STATUS;
      return text.startsWith(status) ? text.slice(status.length).trimStart() : text;
    }
    case 'whole':
    case 'octets':
    case 'datagrams':
    case 'split':
    case 'retransmitted':
    case 'ipv6':
    case 'vlan':
    case 'sll2':
    case 'null':
    case 'fragmented':
    case 'snaplen':
    case 'mid-stream':
      return text;
  }
}
