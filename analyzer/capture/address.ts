import { uint16 } from './octets.ts';

/** An IPv4 (4 octets) or IPv6 (16 octets) address as tshark prints it. */
export function addressText(bytes: Uint8Array, at: number, length: 4 | 16): string {
  return length === 4 ? ipv4Text(bytes, at) : ipv6Text(bytes, at);
}

function ipv4Text(bytes: Uint8Array, at: number): string {
  return `${bytes[at] ?? 0}.${bytes[at + 1] ?? 0}.${bytes[at + 2] ?? 0}.${bytes[at + 3] ?? 0}`;
}

const GROUPS = 8;
/** RFC 5952 4.2.2: a single zero group is not shortened. */
const SHORTEST_RUN = 2;

/**
 * RFC 5952, with the dotted form where glibc's inet_ntop (and so tshark) uses it: the zero run is the first six
 * groups (`::1.2.3.4`), or the first five before ffff (`::ffff:1.2.3.4`).
 */
function ipv6Text(bytes: Uint8Array, at: number): string {
  const groups = Array.from({ length: GROUPS }, (_, index) => uint16(bytes, at + index * 2));
  const run = longestZeroRun(groups);
  if (run.start === 0 && (run.length === 6 || (run.length === 5 && groups[5] === 0xffff))) {
    const mapped = run.length === 5 ? 'ffff:' : '';
    return `::${mapped}${ipv4Text(bytes, at + 12)}`;
  }
  const hex = groups.map((group) => group.toString(16));
  if (run.length < SHORTEST_RUN) return hex.join(':');
  return `${hex.slice(0, run.start).join(':')}::${hex.slice(run.start + run.length).join(':')}`;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let length = 0;
  for (const [index, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0;
    if (length > best.length) best = { start: index - length + 1, length };
  }
  return best;
}
