import type { Endpoint } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { Vector } from '../suite/suite.ts';
import { type Carrier, carriersOf, isStream } from './carrier.ts';
import { type Cut, splitPlaces } from './split-places.ts';
import { isLossy, type VariantName, variantText } from './variants.ts';
import { VariantChoice, type VariantSet } from './variant-choice.ts';
import type { VectorPlan } from './vector-plan.ts';

/** One vector, carried in one way: a connection of its own in the capture. */
export interface Case {
  readonly vector: Vector;
  readonly variant: VariantName;
  readonly carrier: Carrier;
  /** Of `split`: the place; null: another variant. */
  readonly cut: Cut | null;
  /** Octets are missing from the capture, or its beginning: not all must be found, but what is found must be true. */
  readonly lossy: boolean;
  readonly client: Endpoint;
  readonly server: Endpoint;
}

const SERVER = '192.0.2.80';
const SERVER_IPV6 = '2001:db8:ffff::80';
/** Ports that none of Wireshark's dissectors has claimed (4.0, 4.4, 4.6). */
const CLIENT_PORTS = [52001, 52002, 52003, 52004];

/** UDP over IPv4 (RFC 768, RFC 791): 65535 octets less both headers. */
export const LARGEST_DATAGRAM = 65_507;

export interface VectorToCarry {
  readonly vector: Vector;
  readonly plan: VectorPlan;
}

/** Every vector in every way that is asked for; the client's address tells them apart. */
export function casesOf(
  protocol: Protocol,
  vectors: readonly VectorToCarry[],
  set: VariantSet,
): readonly Case[] {
  const port = clientPort(protocol);
  const cases: Case[] = [];
  const choice = new VariantChoice(set);
  for (const { vector, plan } of vectors) {
    for (const carrier of carriersFor(protocol, vector, plan)) {
      for (const variant of choice.for({ vector, plan, carrier, protocol })) {
        const cuts = variant === 'split' ? splitPlaces(vector, plan) : [null];
        for (const cut of cuts) {
          const ends = endsOf(cases.length, variant, { client: port, server: carrier.port });
          cases.push({ vector, variant, carrier, cut, lossy: isLossy(variant), ...ends });
        }
      }
    }
  }
  return cases;
}

/** Why a vector is carried nowhere, whatever the spec is bound to; null: nothing keeps it from being carried. */
export function whyNotCarried({ params }: Vector): string | null {
  for (const [id, { reaches }] of params) {
    if (reaches === 'decoder-only') return `nothing in a capture gives the param "${id}" its value`;
  }
  return null;
}

/** What is too long for a datagram goes by the other ways only; what the heads of an upgrade say, after an upgrade only. */
function carriersFor(protocol: Protocol, vector: Vector, { datagrams }: VectorPlan): readonly Carrier[] {
  if (whyNotCarried(vector) !== null) return [];
  const isTooLong = datagrams.some(({ octets }) => octets.length > LARGEST_DATAGRAM);
  const isUpgraded =
    vector.handshake !== null || [...vector.params.values()].some(({ reaches }) => reaches === 'upgrade');
  return carriersOf(protocol).filter((carrier) =>
    isUpgraded ? carrier.kind === 'http-upgrade' : isStream(carrier) || !isTooLong,
  );
}

/** Case by the address of its client. */
export function byClient(cases: readonly Case[]): ReadonlyMap<string, Case> {
  return new Map(cases.map((item) => [item.client.address, item]));
}

/** `one octet a segment, after an upgrade to websocket` */
export function describeCase({ carrier, variant, cut }: Case): string {
  const how = cut === null ? variantText(variant) : `in two segments, cut ${cut.text}`;
  const on = carrier.kind === 'http-upgrade' ? `after an upgrade to ${carrier.token}` : `on ${carrier.kind}`;
  return `${how}, ${on}`;
}

/** Display filter that shows the case alone. */
export function filterOf({ client: { address } }: Case): string {
  return `${address.includes(':') ? 'ipv6' : 'ip'}.addr == ${address}`;
}

function clientPort({ binds }: Protocol): number {
  const bound = binds.flatMap((bind) => (bind.kind === 'tcp' || bind.kind === 'udp' ? bind.ports : []));
  return CLIENT_PORTS.find((port) => !bound.includes(port)) ?? 52000;
}

interface Ends {
  readonly client: Endpoint;
  readonly server: Endpoint;
}

function endsOf(index: number, variant: VariantName, ports: { client: number; server: number }): Ends {
  const isIpv6 = variant === 'ipv6';
  const address = isIpv6 ? ipv6Of(index) : ipv4Of(index);
  return {
    client: { address, port: ports.client },
    server: { address: isIpv6 ? SERVER_IPV6 : SERVER, port: ports.server },
  };
}

/** 10.0.0.1 and on: 16 million of them. */
function ipv4Of(index: number): string {
  const number = index + 1;
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}

/** 2001:db8::1:1 and on, no group of them zero, so that there is one way to write them. */
function ipv6Of(index: number): string {
  const high = Math.floor(index / 0xffff) + 1;
  return `2001:db8::${high.toString(16)}:${((index % 0xffff) + 1).toString(16)}`;
}
