import { type CapturedPacket, writeCapture } from '../../analyzer/index.ts';
import { minimise } from './minimise.ts';
import type { Oracle } from './oracle.ts';

/** The packets as they were captured, as few as still show the goal; null: they do not show it by themselves. */
export async function reducePackets(
  packets: readonly CapturedPacket[],
  oracle: Oracle,
): Promise<readonly CapturedPacket[] | null> {
  const shows = (kept: readonly CapturedPacket[]): Promise<boolean> => oracle.shows(packetsCapture(kept));
  return (await shows(packets)) ? minimise(packets, shows) : null;
}

export function packetsCapture(packets: readonly CapturedPacket[]): Uint8Array {
  return writeCapture({
    format: 'pcapng',
    linkType: packets[0]?.linkType ?? 1,
    nanoseconds: true,
    bigEndian: false,
    packets,
  });
}
