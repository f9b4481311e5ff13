import {
  buildUdp,
  ConversationBuilder,
  type Encapsulation,
  linkTypeOf,
  type PacketToWrite,
  PLAIN_ETHERNET,
  type Side,
  writeCapture,
} from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { Vector } from '../suite/suite.ts';
import type { Case } from './cases.ts';
import { upgradeHeads } from './handshake.ts';
import { heldBack, joined, octetByOctet, partByPart, runsOf, type Sending, splitAt } from './sendings.ts';
import type { VariantName } from './variants.ts';
import type { VectorPlan } from './vector-plan.ts';

export { joined } from './sendings.ts';

/** The capture begins here; one case follows the other, so that time only rises. */
const START = 1_700_000_000_000_000_000n;
const BETWEEN_CASES = 1_000_000_000n;
const MILLISECOND = 1_000_000n;

/** What fits into one IPv4 packet, headers and some to spare (RFC 791: 65535 octets in all). */
const LARGEST_SEGMENT = 65_000;
/** RFC 791: a multiple of eight. The header of UDP fills the first fragment of the smallest size. */
const FRAGMENT_OCTETS = 8;

/** One capture with a connection for each case, on as many interfaces as it takes link types. */
export function buildCapture(
  protocol: Protocol,
  cases: readonly Case[],
  planOf: (vector: Vector) => VectorPlan,
): Uint8Array {
  const packets: PacketToWrite[] = [];
  for (const item of cases) {
    const start = (packets.at(-1)?.time ?? START - BETWEEN_CASES) + BETWEEN_CASES;
    const plan = planOf(item.vector);
    const under = encapsulationOf(item.variant);
    const own =
      item.carrier.kind === 'udp'
        ? udpPackets(item, plan, { under, start })
        : tcpPackets(item, plan, { protocol, under, start });
    const linkType = linkTypeOf(under);
    for (const packet of own) packets.push({ ...packet, linkType });
  }
  const linkType = linkTypeOf(PLAIN_ETHERNET);
  return writeCapture({ format: 'pcapng', linkType, nanoseconds: true, bigEndian: false, packets });
}

function encapsulationOf(variant: VariantName): Encapsulation {
  if (variant === 'sll2' || variant === 'null') return { ...PLAIN_ETHERNET, link: variant };
  if (variant === 'fragmented') return { ...PLAIN_ETHERNET, fragmentOctets: FRAGMENT_OCTETS };
  return variant === 'vlan' ? { ...PLAIN_ETHERNET, vlans: [7] } : PLAIN_ETHERNET;
}

interface TcpSetting {
  readonly protocol: Protocol;
  readonly under: Encapsulation;
  readonly start: bigint;
}

function tcpPackets(
  { carrier, vector, variant, cut, client, server }: Case,
  plan: VectorPlan,
  { protocol, under, start }: TcpSetting,
): readonly PacketToWrite[] {
  const conversation = new ConversationBuilder({ client, server, under, start });
  const sendings = [...sendingsOf(vector, plan, { variant, cut })];
  if (variant !== 'mid-stream') {
    // The acknowledgements that end opening and closing are left out: nobody needs them, and packets are what takes time.
    conversation.add('c2s', { syn: true, ack: false }).add('s2c', { syn: true });
    if (carrier.kind === 'http-upgrade') {
      for (const { side, octets } of upgradeHeads(vector, protocol, carrier.token)) {
        const [first] = sendings;
        const together = variant === 'coalesced' && side === 's2c' && first?.side === 's2c';
        if (together) sendings.shift();
        conversation.send(side, together ? joined([octets, first.octets]) : octets, LARGEST_SEGMENT);
      }
    }
  }
  const before = conversation.segments.length;
  sendAll(conversation, sendings);
  if (variant === 'retransmitted') sendTwice(conversation, before);
  const data = conversation.segments.length;
  end(conversation, vector);
  const packets = conversation.packets();
  if (variant !== 'snaplen') return packets;
  return packets.map((packet, index) =>
    index < before || index >= data
      ? packet
      : cutPayload(packet, conversation.segments[index]?.payload.length ?? 0),
  );
}

function sendingsOf(
  { parts }: Vector,
  plan: VectorPlan,
  { variant, cut }: Pick<Case, 'variant' | 'cut'>,
): readonly Sending[] {
  if (cut !== null) return splitAt(parts, cut);
  if (variant === 'octets') return octetByOctet(parts, plan);
  if (variant === 'coalesced') return runsOf(parts);
  return variant === 'reordered' ? heldBack(parts, plan) : partByPart(parts);
}

/** Each in as few segments as IP allows. */
function sendAll(conversation: ConversationBuilder, sendings: readonly Sending[]): void {
  let late: number | null = null;
  for (const sending of sendings) {
    const first = conversation.segments.length;
    conversation.pause(sending.after > MILLISECOND ? sending.after - MILLISECOND : 0n);
    conversation.send(sending.side, sending.octets, LARGEST_SEGMENT);
    if (late !== null) {
      const held = conversation.segments.splice(late, first - late);
      conversation.segments.push(...held);
    }
    late = sending.late ? first : null;
  }
}

function sendTwice({ segments }: ConversationBuilder, from: number): void {
  segments.push(...segments.splice(from).flatMap((segment) => [segment, segment]));
}

function end(conversation: ConversationBuilder, { end: { kind, side } }: Vector): void {
  switch (kind) {
    case 'fin':
      conversation.finish(side).finish(side === 'c2s' ? 's2c' : 'c2s');
      break;
    case 'rst':
      conversation.reset(side);
      break;
    case 'open':
      break;
  }
}

/** Of a payload a quarter, at least one octet of it, is cut off. */
function octetsCut(payload: number): number {
  return Math.ceil(payload / 4);
}

function cutPayload({ bytes, ...packet }: PacketToWrite, payload: number): PacketToWrite {
  const kept = bytes.length - octetsCut(payload);
  return { ...packet, bytes: bytes.subarray(0, kept), originalLength: bytes.length };
}

/** Octets of a direction of a stream up to the first that the capture lacks, where nothing has to be looked for. */
export function keptOctets({ variant, carrier, vector }: Case, side: Side): number {
  const [first] = vector.parts.filter((part) => part.side === side);
  if (first === undefined || carrier.kind === 'udp' || variant === 'mid-stream') return 0;
  const segment = Math.min(first.octets.length, LARGEST_SEGMENT);
  return segment - octetsCut(segment);
}

function udpPackets(
  { variant, client, server }: Case,
  { datagrams }: VectorPlan,
  { under, start }: Omit<TcpSetting, 'protocol'>,
): readonly PacketToWrite[] {
  let time = start;
  return datagrams.flatMap(({ side, octets: payload, after }, index) => {
    time += after > MILLISECOND ? after : MILLISECOND;
    const [source, destination] = side === 'c2s' ? [client, server] : [server, client];
    return buildUdp({ source, destination, payload }, under, index & 0xffff).map((bytes) => {
      const packet = { time, bytes };
      return variant === 'snaplen' ? cutPayload(packet, payload.length) : packet;
    });
  });
}
