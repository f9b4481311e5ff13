import type { Endpoint } from '../capture/segment.ts';
import type { Side } from '../capture/stream.ts';
import type { FindingInput } from '../judge/finding.ts';
import type { Connection } from '../session/connection.ts';
import type { StallNote } from '../session/transport-notes.ts';
import { HINTS } from './hints.ts';
import { durationText } from '../judge/percentiles.ts';
import { plural } from './sides.ts';
import type { TransportContext } from './websocket-collector.ts';

/** A window that closes for less is a buffer being emptied. In nanoseconds. */
const SHORTEST_STALL = 100_000_000n;
/** From here on the sender's queue is somebody's memory. */
const LONG_STALL = 1_000_000_000n;

/** How long each side's window had been closed when TCP ended; null: it was open. */
export function stalledAt(
  { client }: Connection,
  stalls: readonly StallNote[],
  end: bigint | null,
): Record<Side, bigint | null> {
  const found: Record<Side, bigint | null> = { c2s: null, s2c: null };
  if (end === null) return found;
  for (const stall of stalls) {
    if (stall.since === null || end - stall.since < SHORTEST_STALL) continue;
    found[isFrom(stall, client) ? 'c2s' : 's2c'] = end - stall.since;
  }
  return found;
}

function isFrom({ sender }: StallNote, client: Endpoint): boolean {
  return sender.port === client.port && sender.address === client.address;
}

/** A receiver that does not read closes its TCP window: the sender's messages pile up. */
export function stallFindings(
  { client }: Connection,
  { stalls, captureEnd }: Pick<TransportContext, 'stalls' | 'captureEnd'>,
): FindingInput[] {
  return stalls.flatMap((stall): FindingInput[] => {
    const open = stall.since !== null && captureEnd > stall.since ? captureEnd - stall.since : 0n;
    const closed = stall.closed + open;
    if (closed < SHORTEST_STALL) return [];
    const isClient = isFrom(stall, client);
    const who = isClient ? 'client' : 'server';
    const message =
      `The ${who} was not reading: its TCP window was closed ${plural(stall.times, 'time')} for ` +
      `${durationText(closed)} in all, first in packet ${stall.frame}`;
    return [
      {
        rule: 'SLOW-CONSUMER',
        severity: closed < LONG_STALL ? 'info' : 'warning',
        direction: isClient ? 'c2s' : 's2c',
        frame: stall.frame,
        offset: null,
        reference: 'RFC 9293 3.8.6',
        message,
        hint: HINTS.slowConsumer,
      },
    ];
  });
}
