import type { Protocol } from '../../spec/index.ts';
import type { Endpoint } from '../capture/segment.ts';
import type { Side } from '../capture/stream.ts';
import type { Connection } from './connection.ts';

export function otherSide(side: Side): Side {
  return side === 'c2s' ? 's2c' : 'c2s';
}

/** A connection of which nothing is known yet but its ends. */
export function newConnection(
  protocol: Protocol,
  stream: number,
  { client, server }: { client: Endpoint; server: Endpoint },
  transport: Connection['transport'] = 'tcp',
): Connection {
  return {
    protocol,
    transport,
    stream,
    client,
    server,
    upgrade: null,
    refusal: null,
    holes: [],
    ends: [],
    reorderedFrom: { c2s: null, s2c: null },
    recovered: null,
    tls: null,
    unframed: { c2s: 0, s2c: 0 },
  };
}
