/** Where the value of a field of the transport layers goes. */
export type Slot =
  | { readonly kind: 'number'; readonly index: number }
  | { readonly kind: 'address'; readonly index: number }
  | { readonly kind: 'payload'; readonly index: number }
  | { readonly kind: 'time' }
  /** An item that `-x` never has octets for: when they stand there, the JSON is of `-T jsonraw`, without values. */
  | { readonly kind: 'raw-only' };

/** Places among the numbers of a packet. */
export const NUMBER = {
  frame: 0,
  tcpSource: 1,
  tcpDestination: 2,
  tcpStream: 3,
  tcpLength: 4,
  sequence: 5,
  acknowledgement: 6,
  flags: 7,
  window: 8,
  udpSource: 9,
  udpDestination: 10,
  udpStream: 11,
  udpLength: 12,
} as const;
export const NUMBER_COUNT = 13;
/** The numbers of tcp are `[1, 9)`, those of udp the rest. */
export const FIRST_OF_TCP = NUMBER.tcpSource;
export const FIRST_OF_UDP = NUMBER.udpSource;

export const SOURCE = 0;
export const DESTINATION = 1;
export const TCP = 0;
export const UDP = 1;

/** The layers that are looked into in every packet, whatever was asked for. */
export const TRANSPORT_LAYERS: ReadonlySet<string> = new Set(['frame', 'ip', 'ipv6', 'tcp', 'udp']);

/** By the key of a value. */
const VALUE_SLOTS: ReadonlyMap<string, Slot> = new Map<string, Slot>([
  ['frame.number', number(NUMBER.frame)],
  ['frame.time_epoch', { kind: 'time' }],
  ['ip.src', { kind: 'address', index: SOURCE }],
  ['ip.dst', { kind: 'address', index: DESTINATION }],
  ['ipv6.src', { kind: 'address', index: SOURCE }],
  ['ipv6.dst', { kind: 'address', index: DESTINATION }],
  ['tcp.srcport', number(NUMBER.tcpSource)],
  ['tcp.dstport', number(NUMBER.tcpDestination)],
  ['tcp.stream', number(NUMBER.tcpStream)],
  ['tcp.len', number(NUMBER.tcpLength)],
  ['tcp.seq_raw', number(NUMBER.sequence)],
  ['tcp.ack_raw', number(NUMBER.acknowledgement)],
  ['tcp.flags', number(NUMBER.flags)],
  ['tcp.window_size_value', number(NUMBER.window)],
  ['tcp.payload', { kind: 'payload', index: TCP }],
  ['udp.srcport', number(NUMBER.udpSource)],
  ['udp.dstport', number(NUMBER.udpDestination)],
  ['udp.stream', number(NUMBER.udpStream)],
  ['udp.length', number(NUMBER.udpLength)],
  ['udp.payload', { kind: 'payload', index: UDP }],
]);

/**
 * By the key of the octets. `tcp.seq_raw` is both: a text is the field of that name, an array the octets of `tcp.seq`,
 * which are the same number.
 */
const RAW_SLOTS: ReadonlyMap<string, Slot> = new Map<string, Slot>([
  ['frame.number_raw', { kind: 'raw-only' }],
  ['ip.src_raw', { kind: 'address', index: SOURCE }],
  ['ip.dst_raw', { kind: 'address', index: DESTINATION }],
  ['ipv6.src_raw', { kind: 'address', index: SOURCE }],
  ['ipv6.dst_raw', { kind: 'address', index: DESTINATION }],
  ['tcp.srcport_raw', number(NUMBER.tcpSource)],
  ['tcp.dstport_raw', number(NUMBER.tcpDestination)],
  ['tcp.seq_raw', number(NUMBER.sequence)],
  ['tcp.ack_raw', number(NUMBER.acknowledgement)],
  ['tcp.flags_raw', number(NUMBER.flags)],
  ['tcp.window_size_value_raw', number(NUMBER.window)],
  ['tcp.payload_raw', { kind: 'payload', index: TCP }],
  ['udp.srcport_raw', number(NUMBER.udpSource)],
  ['udp.dstport_raw', number(NUMBER.udpDestination)],
  ['udp.length_raw', number(NUMBER.udpLength)],
  ['udp.payload_raw', { kind: 'payload', index: UDP }],
]);

/** What a key may stand for: a text under it is a value, an array the octets that `-x` gives. */
export interface KeyUse {
  readonly value: Slot | null;
  readonly raw: Slot | null;
}

export const KEYS: ReadonlyMap<string, KeyUse> = new Map(
  [...VALUE_SLOTS.keys(), ...RAW_SLOTS.keys()].map((key) => [
    key,
    { value: VALUE_SLOTS.get(key) ?? null, raw: RAW_SLOTS.get(key) ?? null },
  ]),
);

function number(index: number): Slot {
  return { kind: 'number', index };
}
