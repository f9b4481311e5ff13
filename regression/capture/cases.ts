import type { Endpoint } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { Vector } from '../suite/suite.ts';
import { type Carrier, carriersOf, isStream } from './carrier.ts';

/** How the octets of a vector are cut into packets. */
export type Segmentation =
  /** In as few segments as IP allows. */
  | 'whole'
  /** One octet a segment. */
  | 'octets'
  /** One PDU a datagram. */
  | 'datagrams';

/** One vector, carried in one way: a connection of its own in the capture. */
export interface Case {
  readonly vector: Vector;
  readonly carrier: Carrier;
  readonly segmentation: Segmentation;
  readonly client: Endpoint;
  readonly server: Endpoint;
}

const SERVER = '192.0.2.80';
/** Ports that none of Wireshark's dissectors has claimed (4.0, 4.4, 4.6). */
const CLIENT_PORTS = [52001, 52002, 52003, 52004];

const SEGMENTATIONS: readonly Segmentation[] = ['whole', 'octets'];

/** UDP over IPv4 (RFC 768, RFC 791): 65535 octets less both headers. */
export const LARGEST_DATAGRAM = 65_507;

/**
 * Every vector in every way; the client's address tells them apart. `datagramsOf`: what travels by itself where there
 * is no stream; what is too long for it goes by the other ways only.
 */
export function casesOf(
  protocol: Protocol,
  vectors: readonly Vector[],
  datagramsOf: (vector: Vector) => readonly Uint8Array[],
): readonly Case[] {
  const port = clientPort(protocol);
  const cases: Case[] = [];
  for (const vector of vectors) {
    const isTooLong = datagramsOf(vector).some(({ length }) => length > LARGEST_DATAGRAM);
    for (const carrier of carriersOf(protocol)) {
      if (isTooLong && !isStream(carrier)) continue;
      const segmentations = isStream(carrier) ? SEGMENTATIONS : (['datagrams'] as const);
      for (const segmentation of segmentations) {
        const client = { address: addressOf(cases.length), port };
        const server = { address: SERVER, port: carrier.port };
        cases.push({ vector, carrier, segmentation, client, server });
      }
    }
  }
  return cases;
}

/** Case by the address of its client. */
export function byClient(cases: readonly Case[]): ReadonlyMap<string, Case> {
  return new Map(cases.map((item) => [item.client.address, item]));
}

/** `one octet a segment after an http-upgrade` */
export function describeCase({ carrier, segmentation }: Case): string {
  const how = { whole: 'whole', octets: 'one octet a segment', datagrams: 'one PDU a datagram' }[
    segmentation
  ];
  const on = carrier.kind === 'http-upgrade' ? `after an upgrade to ${carrier.token}` : `on ${carrier.kind}`;
  return `${how}, ${on}`;
}

function clientPort({ binds }: Protocol): number {
  const bound = binds.flatMap((bind) => (bind.kind === 'tcp' || bind.kind === 'udp' ? bind.ports : []));
  return CLIENT_PORTS.find((port) => !bound.includes(port)) ?? 52000;
}

/** 10.0.0.1 and on: 16 million of them. */
function addressOf(index: number): string {
  const number = index + 1;
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`;
}
