import { decodeCapture, type SessionPdu } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { byClient, type Case } from '../capture/cases.ts';

/** What our session (TCP reassembly, handshake, framing) found in the capture, for every case. */
export type SessionResults = ReadonlyMap<Case, readonly SessionPdu[]>;

export async function runSession(
  file: string,
  protocol: Protocol,
  cases: readonly Case[],
): Promise<SessionResults> {
  const clients = byClient(cases);
  const results = new Map<Case, SessionPdu[]>(cases.map((item) => [item, []]));
  await decodeCapture(file, [protocol], {
    opened: () => undefined,
    pdu: ({ client }, pdu) => {
      const item = clients.get(client.address);
      if (item !== undefined) results.get(item)?.push(pdu);
    },
  });
  return results;
}
