import type { Endpoint, TransportDecoder } from '../../analyzer/index.ts';

export type Transport = NonNullable<ReturnType<TransportDecoder['decode']>>;
type Segment = Transport & { kind: 'tcp' };

/** What one end sends another: on a stream all of it, else one datagram. */
export interface Direction {
  readonly key: string;
  /** Where a hole is, they are zero. */
  readonly octets: Uint8Array;
  /** Where the payload of a packet begins in them. */
  readonly starts: ReadonlyMap<Transport, number>;
}

/** Sequence numbers that lie further apart are of two connections. */
const MAX_SPAN = 64 * 1024 * 1024;

export function directionKey(transport: 'tcp' | 'udp', sender: Endpoint, receiver: Endpoint): string {
  return `${transport} ${sender.address} ${sender.port} ${receiver.address} ${receiver.port}`;
}

/** By `directionKey`; of a datagram, with the packet's number behind it. */
export function directionsOf(segments: readonly Transport[]): ReadonlyMap<string, Direction> {
  const directions = new Map<string, Direction>();
  const streams = new Map<string, Segment[]>();
  for (const segment of segments) {
    const key = directionKey(segment.kind, segment.source, segment.destination);
    if (segment.kind === 'udp') {
      const own = `${key} ${segment.frame}`;
      directions.set(own, { key: own, octets: segment.payload, starts: new Map([[segment, 0]]) });
    } else {
      streams.set(key, [...(streams.get(key) ?? []), segment]);
    }
  }
  for (const [key, own] of streams) directions.set(key, streamOf(key, own));
  return directions;
}

/** Positions count from the SYN's number + 1, else from the lowest number of data, as the session counts them. */
function streamOf(key: string, segments: readonly Segment[]): Direction {
  const syn = segments.find(({ flags }) => flags.syn);
  const [first] = segments.filter(({ payload }) => payload.length > 0);
  const anchor = syn === undefined ? (first?.sequence ?? 0) : syn.sequence + 1;
  const away = (sequence: number): number => (sequence - anchor) | 0;
  const withData = segments.filter(({ payload }) => payload.length > 0);
  const lowest = syn === undefined ? Math.min(0, ...withData.map(({ sequence }) => away(sequence))) : 0;
  const starts = new Map<Transport, number>();
  for (const segment of withData) {
    const start = away(segment.sequence) - lowest;
    if (start >= 0 && start + segment.payload.length <= MAX_SPAN) starts.set(segment, start);
  }
  const ends = [...starts].map(([segment, start]) => start + segment.payload.length);
  const octets = new Uint8Array(Math.max(0, ...ends));
  for (const [segment, start] of starts) octets.set(segment.payload, start);
  return { key, octets, starts };
}
