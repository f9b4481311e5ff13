/**
 * What an engine hands back: captured packets with the layers asked for, as Wireshark dissected them.
 * No protocol is known here; names are display filter names.
 */
export interface DissectedPacket {
  /** `frame.number`; where the source does not carry it (layers filtered away), the place in the output, from 1. */
  readonly frame: number;
  /** Whether `frame` is `frame.number` and not a mere count of packets. */
  readonly frameKnown: boolean;
  /** Nanoseconds since the epoch; null when the source has no time (layers filtered away). */
  readonly time: bigint | null;
  /** Names of all top-level layers, in order (`eth`, `ip`, `tcp`, `http`, `ws`, `ws` ...). */
  readonly layerNames: readonly string[];
  /** The layers asked for, in order; a layer that occurs twice is there twice. */
  readonly layers: readonly DissectedNode[];
  /** The innermost one, where packets are tunnelled. */
  readonly tcp: DissectedTcp | null;
  readonly udp: DissectedUdp | null;
  /** Lua errors and dissector bugs shown in this packet: `Lua Error: ...`, `Dissector bug: ...`. */
  readonly engineErrors: readonly string[];
  /** Wireshark's own notes that a dissection broke off: `Malformed Packet`, `[Packet size limited ...]`. */
  readonly malformed: readonly string[];
  /** Names of layers and items whose content `-j` or `-J` kept out, of those this reader looks into. */
  readonly filtered: readonly string[];
  /** What could not be taken over as it stood (a text above a limit, hex that is none), each in a sentence. */
  readonly problems: readonly string[];
}

/** An item of the protocol tree. Order and repeats are kept. */
export interface DissectedNode {
  readonly name: string;
  /** tshark's unlabelled value; null: the item has none (a protocol, or FT_NONE with children). */
  readonly value: string | null;
  readonly raw: RawRange | null;
  readonly children: readonly DissectedNode[];
  /** Expert infos that hang on this item. They are not among the children. */
  readonly experts: readonly ExpertInfo[];
}

export interface ExpertInfo {
  /** Its display filter name, e.g. `ws.rsv`. */
  readonly name: string;
  readonly message: string;
  readonly severity: ExpertSeverity;
  /** Lower case, as in Wireshark's menus: `protocol`, `malformed` ...; `unknown` for a number not known here. */
  readonly group: string;
}

export type ExpertSeverity = 'comment' | 'chat' | 'note' | 'warning' | 'error' | 'unknown';

/** Octets an item covers (`-x`, or the embedded engine). */
export interface RawRange {
  /** Hex of the octets, lower case; of a masked field tshark prints the shifted value instead: then null. */
  readonly hex: string | null;
  /** Offset within the item's own data source. */
  readonly position: number;
  readonly length: number;
  /** 0: none. */
  readonly bitmask: bigint;
  /** The shifted value in hex where a bitmask is given, else null. */
  readonly masked: string | null;
  /** Number of the data source, 0 = the captured packet; null: this engine or version does not say. */
  readonly dataSource: number | null;
}

/** What the tcp layer says of the segment; enough to do the reassembly once more. */
export interface DissectedTcp {
  readonly stream: number | null;
  readonly sourceAddress: string;
  readonly destinationAddress: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** Raw numbers (`tcp.seq_raw`), or null when the JSON does not carry them. */
  readonly sequence: number | null;
  readonly acknowledgement: number | null;
  readonly flags: number;
  readonly window: number;
  /** `tcp.len`: octets of payload on the wire. */
  readonly length: number;
  /** `tcp.payload`; null: not in the JSON. Shorter than `length`: the capture's snaplen cut the packet. */
  readonly payload: Uint8Array | null;
  /** Octet at which `tcp.payload` and `tcp.payload_raw` begin to differ (one of them was altered); null: they agree. */
  readonly payloadDiffersAt: number | null;
}

export interface DissectedUdp {
  readonly stream: number | null;
  readonly sourceAddress: string;
  readonly destinationAddress: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  /** `udp.length` less its header: octets of payload on the wire; null: not in the JSON. */
  readonly length: number | null;
  readonly payload: Uint8Array | null;
  readonly payloadDiffersAt: number | null;
}

/** How a run of an engine, or a JSON stream, came to its end. Whole packets before the end were all handed out. */
export type DissectionEnd =
  | { readonly kind: 'complete' }
  /** The JSON stops early. `offset` is in octets of the JSON. */
  | { readonly kind: 'cut'; readonly offset: number; readonly message: string }
  /** From `offset` on it is no JSON, or JSON that no `tshark -T json` writes. */
  | { readonly kind: 'not-json'; readonly offset: number; readonly message: string }
  /** The capture itself ends in the middle of a packet, in Wireshark's words. Only an engine can tell. */
  | { readonly kind: 'capture-cut'; readonly message: string };
