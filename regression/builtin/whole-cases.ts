import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Bindings,
  type Connection,
  decodeCapture,
  type Decoder,
  decoderOptions,
  type DecodeResult,
  type SessionPdu,
} from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { buildCapture } from '../capture/build-capture.ts';
import { byClient, type Case, casesOf } from '../capture/cases.ts';
import { groupCases } from '../capture/groups.ts';
import { planVector } from '../capture/vector-plan.ts';
import { VectorDecoder } from '../run/decode-vector.ts';
import type { Suite } from '../suite/suite.ts';

/** One capture with every vector in the plainest way, and what our session finds in it. */
export interface WholeCases {
  readonly protocol: Protocol;
  readonly capture: string;
  /** `-o name:value` of the plugin. */
  readonly preferences: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
  readonly found: ReadonlyMap<Case, readonly FoundPdu[]>;
  readonly result: DecodeResult;
  /** The one that decoded them: what a PDU is known as beside its own names, only it can tell. */
  readonly decoder: Decoder;
}

export interface FoundPdu {
  readonly connection: Connection;
  readonly pdu: SessionPdu;
}

/** Another dissector is asked about octets, not about the ways they can be carried. */
export async function wholeCases(
  { protocol, vectors }: Suite,
  folder: string,
): Promise<readonly WholeCases[]> {
  const decoder = new VectorDecoder(protocol);
  const plans = new Map(
    vectors.map((vector) => [vector, planVector(protocol, vector, decoder.decode(vector))]),
  );
  const toCarry = [...plans].map(([vector, plan]) => ({ vector, plan }));
  const cases = casesOf(protocol, toCarry, 'plain').filter(
    ({ variant }) => variant === 'whole' || variant === 'datagrams',
  );
  const groups: WholeCases[] = [];
  for (const group of groupCases(protocol, cases)) {
    const capture = join(folder, `${protocol.id}-builtin${group.name}.pcapng`);
    writeFileSync(
      capture,
      buildCapture(group.protocol, group.cases, (vector) => plans.get(vector) ?? { pdus: [], datagrams: [] }),
    );
    groups.push({ ...group, capture, ...(await decode(capture, group.protocol, group.cases)) });
  }
  return groups;
}

async function decode(
  capture: string,
  protocol: Protocol,
  cases: readonly Case[],
): Promise<Pick<WholeCases, 'found' | 'result' | 'decoder'>> {
  const bindings = new Bindings([protocol], decoderOptions());
  const [bound] = bindings.all;
  if (bound === undefined) throw new Error('one protocol makes one decoder');
  const clients = byClient(cases);
  const found = new Map<Case, FoundPdu[]>(cases.map((item) => [item, []]));
  const result = await decodeCapture(capture, bindings, {
    opened: () => undefined,
    pdu: (connection, pdu) => {
      const item = clients.get(connection.client.address) ?? clients.get(connection.server.address);
      if (item !== undefined) found.get(item)?.push({ connection, pdu });
    },
  });
  return { found, result, decoder: bound.decoder };
}

export function caseOfPacket(
  packet: {
    readonly tcp: { readonly sourceAddress: string; readonly destinationAddress: string } | null;
    readonly udp: { readonly sourceAddress: string; readonly destinationAddress: string } | null;
  },
  clients: ReadonlyMap<string, Case>,
): Case | undefined {
  const transport = packet.tcp ?? packet.udp;
  if (transport === null) return undefined;
  return clients.get(transport.sourceAddress) ?? clients.get(transport.destinationAddress);
}
