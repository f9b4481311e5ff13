/**
 * What an engine hands back: captured packets with the layers asked for, as Wireshark dissected them.
 * No protocol is known here; names are display filter names.
 */
export interface DissectedPacket {
  /** `frame.number` */
  readonly frame: number;
  /** Nanoseconds since the epoch; null when the source has no time (layers filtered away). */
  readonly time: bigint | null;
  /** Names of all top-level layers, in order (`eth`, `ip`, `tcp`, `http`, `ws`, `ws` ...). */
  readonly layerNames: readonly string[];
  /** The layers asked for, in order; a layer that occurs twice is there twice. */
  readonly layers: readonly DissectedNode[];
  readonly tcp: DissectedTcp | null;
  readonly udp: DissectedUdp | null;
  /** Lua errors and dissector bugs shown in this packet (`_ws.lua.error`, `Lua Error: ...`, `_ws.dissector_bug`). */
  readonly engineErrors: readonly string[];
}

/** An item of the protocol tree. Order and repeats are kept. */
export interface DissectedNode {
  readonly name: string;
  /** tshark's unlabelled value; null: the item has none (FT_NONE, a protocol). */
  readonly value: string | null;
  readonly raw: RawRange | null;
  readonly children: readonly DissectedNode[];
}

/** Octets an item covers (`-x`, or the embedded engine). */
export interface RawRange {
  /** Hex of the octets; of a masked field tshark prints the shifted value instead: then null. */
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
  /** `tcp.payload`; null: not in the JSON. */
  readonly payload: Uint8Array | null;
}

export interface DissectedUdp {
  readonly stream: number | null;
  readonly sourceAddress: string;
  readonly destinationAddress: string;
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly payload: Uint8Array | null;
}

/** How a run of an engine, or a JSON stream, came to its end. */
export type DissectionEnd =
  | { readonly kind: 'complete' }
  /** Everything before the cut was handed out. `offset` is in octets of the JSON. */
  | { readonly kind: 'cut'; readonly offset: number; readonly message: string }
  | { readonly kind: 'not-json'; readonly offset: number; readonly message: string };
