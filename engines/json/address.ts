/** An address from its octets, printed as tshark prints it; null: neither IPv4 nor IPv6. */
export function formatAddress(octets: Uint8Array | null): string | null {
  if (octets === null) return null;
  if (octets.length === 4) return octets.join('.');
  if (octets.length !== 16) return null;
  const isMapped = octets.subarray(0, 12).every((octet, index) => octet === (index < 10 ? 0 : 0xff));
  if (isMapped) return `::ffff:${octets.subarray(12).join('.')}`;
  const groups = Array.from({ length: 8 }, (_, index) =>
    (((octets[index * 2] as number) << 8) | (octets[index * 2 + 1] as number)).toString(16),
  );
  return compress(groups);
}

/** RFC 5952 section 4.2: the first longest run of two or more zero groups becomes `::`. */
function compress(groups: readonly string[]): string {
  let best = { start: 0, length: 1 };
  let start = 0;
  groups.forEach((group, index) => {
    if (group !== '0') start = index + 1;
    else if (index + 1 - start > best.length) best = { start, length: index + 1 - start };
  });
  if (best.length === 1) return groups.join(':');
  return `${groups.slice(0, best.start).join(':')}::${groups.slice(best.start + best.length).join(':')}`;
}
