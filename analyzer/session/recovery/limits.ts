/** What looking for PDUs may cost at most. */

/**
 * Octets of one direction that are kept while it is not known where its PDUs begin. Of more, the oldest are given up;
 * they count as skipped. The largest message of a chat or a feed fits in.
 */
export const MAX_UNDECIDED_OCTETS = 1 << 20;

/** The same over all conversations, so that memory stays flat whatever the capture holds. */
export const MAX_TOTAL_UNDECIDED_OCTETS = 16 << 20;

/** Undecided octets hold up the order of all results, so they are given up after so many packets. */
export const MAX_UNDECIDED_FRAMES = 1 << 16;

/**
 * Octets of one direction at each of which a PDU is tried. Past it only the beginnings of segments are: somebody
 * else's traffic may be gigabytes.
 */
export const MAX_TRIED_OCTETS = 4 << 20;

/** Places at which a PDU may begin and that are kept; beyond, only beginnings of segments are added. Zeros have many. */
export const MAX_POSSIBLE_STARTS = 16_384;

/** Octets of a PDU from which its header is judged. Longer headers are judged when the whole PDU is. */
export const HEADER_OCTETS = 16;

/** A chain that turns out wrong in the middle is given up and another one tried, so many times a go. */
export const MAX_CHAINS = 8;

/**
 * Headers of PDUs read while one direction is searched, over all its gaps. What has so many and proves nothing is given
 * up for good: zeros are a PDU at every place.
 */
export const MAX_HEADERS_READ = 200_000;

/** PDUs of a chain that are read in full at a time: where so many prove nothing, more will not. Zeros chain for ever. */
export const MAX_PDUS_READ = 512;
