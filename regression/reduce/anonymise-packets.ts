import {
  buildTcp,
  buildUdp,
  type CapturedPacket,
  linkTypeOf,
  type PacketToWrite,
  PLAIN_ETHERNET,
  type SessionPdu,
  TransportDecoder,
  writeCapture,
} from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { Anonymity } from './anonymity.ts';
import { contentOf } from './content.ts';
import { headPatches } from './head-patches.ts';
import type { Originals } from './leaks.ts';
import { minimise } from './minimise.ts';
import type { Oracle } from './oracle.ts';
import { filler } from './shrink-octets.ts';
import { type Direction, directionsOf, directionKey, type Transport } from './stream-octets.ts';

/** Octets of one direction that others take the place of, as many as they are. */
interface Patch {
  readonly direction: Direction;
  readonly position: number;
  readonly octets: Uint8Array;
}

/** What is changed together, or left. */
type PatchGroup = readonly Patch[];

/**
 * The packets with other addresses and filler in their payloads, sequence numbers and lengths as they were; null: they
 * do not show the goal any more when they are written anew.
 */
export async function anonymisePackets(
  packets: readonly CapturedPacket[],
  originals: Originals,
  protocol: Protocol,
  oracle: Oracle,
): Promise<Uint8Array | null> {
  const transports = new TransportDecoder();
  const segments = packets.flatMap((packet) => transports.decode(packet) ?? []);
  const directions = directionsOf(segments);
  const groups = groupsOf(originals, protocol, directions);
  const written = (own: readonly PatchGroup[]): Uint8Array => {
    const patched = new Map([...directions].map(([key, { octets }]) => [key, octets.slice()]));
    for (const { direction, position, octets } of own.flat())
      patched.get(direction.key)?.set(octets, position);
    return writeSegments(segments, directions, patched);
  };
  if (!(await oracle.shows(written([])))) return null;
  // What has to stay as it is, is as little as possible.
  const kept = await minimise(groups, (left) =>
    oracle.shows(written(groups.filter((group) => !left.includes(group)))),
  );
  return written(groups.filter((group) => !kept.includes(group)));
}

function groupsOf(
  originals: Originals,
  protocol: Protocol,
  directions: ReadonlyMap<string, Direction>,
): readonly PatchGroup[] {
  const groups = new Groups();
  for (const connection of originals.connections) patchHeads(groups, connection, directions);
  for (const pdu of originals.pdus) {
    const place = pdu.parent === undefined ? placeOf(pdu, originals.connections, directions) : null;
    if (place === null) continue;
    groups.cover(place.direction, place.position, place.position + pdu.length);
    const octets = filledPdu(pdu, protocol);
    const group = `${pdu.transport} ${pdu.stream} ${pdu.direction} ${pdu.frame} ${pdu.offset}`;
    if (octets !== null) groups.add(group, { ...place, octets });
  }
  const rest = [...directions.values()].map((direction) => groups.uncovered(direction));
  return [...groups.all.values(), ...rest.filter(({ length }) => length > 0)];
}

function patchHeads(
  groups: Groups,
  { client, server, upgrade, refusal, stream, transport }: Originals['connections'][number],
  directions: ReadonlyMap<string, Direction>,
): void {
  const { request = null, response = null } = upgrade ?? refusal ?? {};
  for (const head of [request, response]) {
    const [sender, receiver] = head === request ? [client, server] : [server, client];
    const direction = directions.get(directionKey(transport, sender, receiver));
    if (head === null || direction === undefined) continue;
    const { position, length } = head.place;
    groups.cover(direction, position, position + length);
    for (const patch of headPatches(direction.octets.subarray(position, position + length))) {
      const { start, octets, group } = patch;
      groups.add(`${stream} ${group}`, { direction, position: position + start, octets });
    }
  }
}

class Groups {
  readonly all = new Map<string, Patch[]>();
  readonly #covered = new Map<string, (readonly [start: number, end: number])[]>();

  add(group: string, patch: Patch): void {
    const known = this.all.get(group);
    if (known === undefined) this.all.set(group, [patch]);
    else known.push(patch);
  }

  cover({ key }: Direction, start: number, end: number): void {
    const known = this.#covered.get(key);
    if (known === undefined) this.#covered.set(key, [[start, end]]);
    else known.push([start, end]);
  }

  /** Filler for what is neither head nor PDU: bodies, what stands behind a hole. */
  uncovered(direction: Direction): PatchGroup {
    const patches: Patch[] = [];
    let at = 0;
    const end = direction.octets.length;
    const covered = [...(this.#covered.get(direction.key) ?? []), [end, end] as const];
    for (const [start, next] of covered.sort(([a], [b]) => a - b)) {
      if (start > at) patches.push({ direction, position: at, octets: filler(start - at) });
      at = Math.max(at, next);
    }
    return patches;
  }
}

function placeOf(
  { transport, stream, frame, offset, length, direction: side }: SessionPdu,
  connections: Originals['connections'],
  directions: ReadonlyMap<string, Direction>,
): Omit<Patch, 'octets'> | null {
  const connection = connections.find((own) => own.transport === transport && own.stream === stream);
  if (connection === undefined) return null;
  const { client, server, upgrade } = connection;
  const [sender, receiver] = side === 'c2s' ? [client, server] : [server, client];
  const key = directionKey(transport, sender, receiver);
  const direction = directions.get(transport === 'udp' ? `${key} ${frame}` : key);
  const position = (upgrade?.begins[side] ?? 0) + offset;
  if (direction === undefined || position + length > direction.octets.length) return null;
  return { direction, position };
}

/** The PDU with filler in it; null: there is nothing to fill, or it would be longer. */
function filledPdu(pdu: SessionPdu, protocol: Protocol): Uint8Array | null {
  const { direction: side, bytes: octets } = pdu;
  const content = contentOf(protocol, { side, octets, at: 0n, origin: pdu });
  const written = content.write(content.leaves.map((leaf) => filler(leaf.octets.length)));
  return written?.length === octets.length ? written : null;
}

function writeSegments(
  segments: readonly Transport[],
  directions: ReadonlyMap<string, Direction>,
  patched: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
  const addresses = new Anonymity();
  const packets = segments.flatMap((segment, index): PacketToWrite[] => {
    const [source, destination] = [
      addresses.endpoint(segment.source),
      addresses.endpoint(segment.destination),
    ];
    const { time, payload: original, missing } = segment;
    const place = [...directions.values()].find(({ starts }) => starts.has(segment));
    const start = place?.starts.get(segment) ?? 0;
    const octets = place === undefined ? undefined : patched.get(place.key);
    const own = octets?.slice(start, start + original.length) ?? filler(original.length);
    // The capture has less of it than there was: so has the new one.
    const payload = missing > 0 ? new Uint8Array([...own, ...filler(missing)]) : own;
    const identification = index & 0xffff;
    const built =
      segment.kind === 'tcp'
        ? buildTcp({ ...segment, source, destination, payload }, PLAIN_ETHERNET, identification)
        : buildUdp({ source, destination, payload }, PLAIN_ETHERNET, identification);
    return built.map((bytes) => ({
      time,
      bytes: bytes.subarray(0, bytes.length - missing),
      originalLength: bytes.length,
    }));
  });
  const linkType = linkTypeOf(PLAIN_ETHERNET);
  return writeCapture({ format: 'pcapng', linkType, nanoseconds: true, bigEndian: false, packets });
}
