import {
  buildUdp,
  ConversationBuilder,
  type Endpoint,
  linkTypeOf,
  type PacketToWrite,
  PLAIN_ETHERNET,
  writeCapture,
} from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { upgradeHeads } from '../capture/handshake.ts';
import type { HandshakeChange, Part, VectorEnd } from '../suite/suite.ts';

/** How the octets of the protocol come about. */
export type Opening =
  /** `answered`: there is a response. */
  | {
      readonly kind: 'upgrade';
      readonly token: string;
      readonly change: HandshakeChange;
      readonly answered: boolean;
    }
  /** SYN, and the protocol's octets at once. */
  | { readonly kind: 'bound' }
  /** The capture begins later. */
  | { readonly kind: 'midstream' }
  | { readonly kind: 'datagrams' };

/** A clean connection: what both sides send, in order, and how it ends. */
export interface Conversation {
  readonly protocol: Protocol;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly opening: Opening;
  readonly parts: readonly Part[];
  readonly end: VectorEnd;
  /** How long after the last part it ends, in ns. */
  readonly endAfter: bigint;
}

/** The capture begins here, whenever the original did. */
const START = 1_700_000_000_000_000_000n;
/** What fits into one IPv4 packet, headers and some to spare (RFC 791: 65535 octets in all). */
const LARGEST_SEGMENT = 65_000;

export function conversationCapture(conversation: Conversation): Uint8Array {
  const { opening } = conversation;
  const packets = opening.kind === 'datagrams' ? datagramPackets(conversation) : streamPackets(conversation);
  return writeCapture({
    format: 'pcapng',
    linkType: linkTypeOf(PLAIN_ETHERNET),
    nanoseconds: true,
    bigEndian: false,
    packets,
  });
}

function streamPackets(conversation: Conversation): PacketToWrite[] {
  const { protocol, client, server, opening, parts, end, endAfter } = conversation;
  const builder = new ConversationBuilder({ client, server, start: START });
  if (opening.kind !== 'midstream') builder.open();
  if (opening.kind === 'upgrade') {
    const vector = { handshake: opening.change, params: new Map() };
    for (const { side, octets } of upgradeHeads(vector, protocol, opening.token)) {
      if (side === 'c2s' || opening.answered) builder.send(side, octets, LARGEST_SEGMENT);
    }
  }
  for (const { side, octets, after } of parts) {
    if (after > 0n) builder.pause(after);
    builder.send(side, octets, LARGEST_SEGMENT);
  }
  if (endAfter > 0n) builder.pause(endAfter);
  switch (end.kind) {
    case 'fin':
      return builder.close(end.side).packets();
    case 'rst':
      return builder.reset(end.side).packets();
    case 'open':
      return builder.packets();
  }
}

function datagramPackets({ client, server, parts }: Conversation): PacketToWrite[] {
  let time = START;
  return parts.flatMap(({ side, octets, after }, index) => {
    time += after > 0n ? after : 1_000_000n;
    const [source, destination] = side === 'c2s' ? [client, server] : [server, client];
    const packets = buildUdp({ source, destination, payload: octets }, PLAIN_ETHERNET, index & 0xffff);
    return packets.map((bytes) => ({ time, bytes }));
  });
}
