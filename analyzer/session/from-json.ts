import type { DissectedPacket } from '../../engines/index.ts';
import type { TcpSegment, UdpDatagram } from '../capture/segment.ts';

const FLAG = { fin: 0x01, syn: 0x02, rst: 0x04, ack: 0x10 } as const;
const NOTHING = new Uint8Array(0);

/**
 * The segment behind a packet of tshark's JSON, for our own reassembly.
 * undefined: the JSON does not carry what reassembly needs (`-J` without tcp, or no `tcp.payload`).
 */
export function segmentOf(packet: DissectedPacket): TcpSegment | undefined {
  const { tcp } = packet;
  if (tcp === null || tcp.sequence === null) return undefined;
  const payload = tcp.payload ?? NOTHING;
  return {
    kind: 'tcp',
    frame: packet.frame,
    time: packet.time ?? 0n,
    source: { address: tcp.sourceAddress, port: tcp.sourcePort },
    destination: { address: tcp.destinationAddress, port: tcp.destinationPort },
    sequence: tcp.sequence,
    acknowledgement: tcp.acknowledgement ?? 0,
    flags: flagsOf(tcp.flags),
    window: tcp.window,
    payload,
    missing: Math.max(0, tcp.length - payload.length),
  };
}

/** What own decoding would need of this packet and the JSON lacks; null: nothing. */
export function missingFrom({ tcp, layerNames }: DissectedPacket): string | null {
  if (tcp === null) return layerNames.includes('tcp') ? 'tcp' : null;
  if (tcp.length === 0) return null;
  if (tcp.sequence === null) return 'tcp.seq_raw';
  return tcp.payload === null ? 'tcp.payload' : null;
}

export function datagramOf(packet: DissectedPacket): UdpDatagram | undefined {
  const { udp } = packet;
  if (udp?.payload == null) return undefined;
  return {
    kind: 'udp',
    frame: packet.frame,
    time: packet.time ?? 0n,
    source: { address: udp.sourceAddress, port: udp.sourcePort },
    destination: { address: udp.destinationAddress, port: udp.destinationPort },
    payload: udp.payload,
    missing: Math.max(0, (udp.length ?? udp.payload.length) - udp.payload.length),
  };
}

function flagsOf(bits: number): TcpSegment['flags'] {
  return {
    fin: (bits & FLAG.fin) !== 0,
    syn: (bits & FLAG.syn) !== 0,
    rst: (bits & FLAG.rst) !== 0,
    ack: (bits & FLAG.ack) !== 0,
  };
}
