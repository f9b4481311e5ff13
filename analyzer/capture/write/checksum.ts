/** RFC 1071: the complement of the one's complement sum of 16-bit words; an odd last octet is padded with zero. */
export function internetChecksum(octets: Uint8Array): number {
  let sum = 0;
  for (let index = 0; index < octets.length; index += 2) {
    sum += ((octets[index] ?? 0) << 8) | (octets[index + 1] ?? 0);
    // Folded at once, so that no length of input can overflow.
    if (sum > 0xffff) sum = (sum & 0xffff) + 1;
  }
  return ~sum & 0xffff;
}
