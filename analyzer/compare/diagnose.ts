import type { Side } from '../capture/stream.ts';
import type { Connection } from '../session/connection.ts';
import type { Diagnosis } from './difference.ts';

/**
 * Why an engine may have cut a direction into other PDUs than we did from this packet on; null: no cause is known.
 *
 * Only what really happened in the direction counts, and only from where it happened: a difference before is a
 * difference.
 */
export function diagnose(connection: Connection, side: Side, frame: number): Diagnosis | null {
  const hole = connection.holes.find((item) => item.side === side && item.since <= frame);
  if (hole !== undefined) return hole.reason === 'snaplen' ? 'snaplen' : 'tcp-hole';
  const reordered = connection.reorderedFrom[side];
  return reordered !== null && reordered <= frame ? 'tcp-ooo' : null;
}
