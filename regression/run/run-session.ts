import { type Connection, decodeCapture, type DecodeResult, type SessionPdu } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { byClient, type Case } from '../capture/cases.ts';

/** What our session (TCP reassembly, handshake, framing) found in the capture, for every case. */
export type SessionResults = ReadonlyMap<Case, readonly SessionPdu[]>;

/** The same, with what a cross-check with an engine needs. */
export interface SessionRun {
  readonly pdus: SessionResults;
  /** The connection of each PDU. Of a conversation without a beginning the client may be taken for the server. */
  readonly connections: ReadonlyMap<SessionPdu, Connection>;
  readonly result: DecodeResult;
}

export async function runSession(
  file: string,
  protocol: Protocol,
  cases: readonly Case[],
): Promise<SessionRun> {
  const clients = byClient(cases);
  const pdus = new Map<Case, SessionPdu[]>(cases.map((item) => [item, []]));
  const connections = new Map<SessionPdu, Connection>();
  const result = await decodeCapture(file, [protocol], {
    opened: () => undefined,
    pdu: (connection, pdu) => {
      const item = clients.get(connection.client.address) ?? clients.get(connection.server.address);
      if (item === undefined) return;
      pdus.get(item)?.push(pdu);
      if (item.lossy) connections.set(pdu, connection);
    },
  });
  return { pdus, connections, result };
}
