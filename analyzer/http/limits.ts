/** What following HTTP on a stream may cost at most. */

/** Octets of one head. Servers stop at 8 to 64 KiB; more than this is not a head. */
export const MAXIMUM_HEAD_OCTETS = 262_144;

/** Octets of a request or status line; RFC 9112 3 asks for 8000 at least. */
export const MAXIMUM_START_LINE_OCTETS = 65_536;

/** A method longer than this is not one: the longest registered has 17 characters. */
export const MAXIMUM_METHOD_LENGTH = 32;

/** Octets of a chunk's size line with its extensions. */
export const MAXIMUM_CHUNK_LINE_OCTETS = 16_384;

/** Octets of a chunked body's trailer section. */
export const MAXIMUM_TRAILER_OCTETS = 65_536;

/** Requests sent ahead of their responses. */
export const MAXIMUM_OUTSTANDING_REQUESTS = 1024;

/** Octets a client sent ahead of the response that says which protocol they are in. */
export const MAXIMUM_HELD_OCTETS = 1 << 20;

/** CONNECT inside CONNECT. */
export const MAXIMUM_TUNNELS = 4;
