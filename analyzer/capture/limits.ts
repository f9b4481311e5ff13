/**
 * What reading a capture may cost at most. Captures are hostile input: no length read from one is trusted
 * beyond these.
 */

/** Octets read from a file at a time. Packets are views into these, so a chunk is never used twice. */
export const READ_CHUNK_OCTETS = 1 << 18;

/** Wireshark refuses larger packets as well (wiretap's WTAP_MAX_PACKET_SIZE_STANDARD). */
export const MAXIMUM_PACKET_OCTETS = 262_144;

/** The same for the link types whose records may be larger: USB and D-Bus messages reach 128 MiB. */
export const MAXIMUM_LARGE_PACKET_OCTETS = 128 << 20;

/** Options of one pcapng block. Ours are the first few; a block with more is padding or an attack. */
export const MAXIMUM_OPTIONS = 4096;

/** Interfaces of one section; an `any` capture of a large router has some thousands. */
export const MAXIMUM_INTERFACES = 65_536;

/** 802.1Q tags on one frame. Two are usual (QinQ), three are seen. */
export const MAXIMUM_VLAN_TAGS = 8;

/** IPv6 extension headers before the transport header (RFC 8200 4.1 has each kind at most once or twice). */
export const MAXIMUM_EXTENSION_HEADERS = 16;

/** IP datagrams inside IP datagrams (RFC 2003, RFC 4213). */
export const MAXIMUM_IP_NESTING = 4;

/** IP datagrams whose fragments are being collected (72 KiB each); the oldest is given up for a new one. */
export const MAXIMUM_FRAGMENTED_DATAGRAMS = 128;

/** Address and port pairs the decoder remembers before it starts afresh; costs time, never a result. */
export const MAXIMUM_FLOWS = 131_072;

/** Segments of one direction kept because an earlier one is missing. A receive window holds fewer. */
export const MAXIMUM_PENDING_SEGMENTS = 8192;

/** Octets of one direction kept because earlier ones are missing. */
export const MAXIMUM_PENDING_OCTETS = 8 << 20;

/** The same over all directions, so that memory stays flat (reference figure: 120 MB for the process). */
export const MAXIMUM_TOTAL_PENDING_OCTETS = 32 << 20;

/**
 * A hole that the receiver has acknowledged was lost by the capture, not by the network. Captures may show an
 * ACK some packets before the data it is for; so many later segments are waited for.
 */
export const HOLE_PROOF_SEGMENTS = 8;

/** Without a SYN the first segment seen need not be the first sent; so many are waited for. */
export const START_PROOF_SEGMENTS = 16;

/**
 * A hole holds up the order of all results, so it is given up after so many packets of the capture, if so much
 * capture time went by as well (retransmissions start after 0.2 to 3 s), and after eight times as many anyhow.
 */
export const MAXIMUM_HOLE_FRAMES = 1 << 16;
export const MAXIMUM_HOLE_NANOSECONDS = 3_000_000_000n;
export const HARD_MAXIMUM_HOLE_FRAMES = 1 << 19;

/**
 * No segment of a stream lies farther from the next expected octet; windows in use are smaller. One that does is
 * noise, or, when a run of them comes, the stream went on where the capture was not looking.
 */
export const MAXIMUM_DISTANCE_OCTETS = 64 << 20;

/** So many segments in a row, all out of reach, are believed. */
export const JUMP_PROOF_SEGMENTS = 8;

/** How long data on its way may trail a RST, or a hole before a FIN may still be filled: capture time. */
export const LINGER_NANOSECONDS = 2_000_000_000n;

/** TCP conversations remembered. Beyond it those silent longest are ended; should one speak again, it is new. */
export const MAXIMUM_CONVERSATIONS = 131_072;
