import { leaves, type Side, wirePosition } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { DirectDecoding, DirectPdu } from '../run/decode-vector.ts';
import type { Part, Vector } from '../suite/suite.ts';

/** Where a PDU lies among the octets that its side sends. */
export interface PduPlace {
  readonly side: Side;
  /** First octet, counted in all that the side sends (of datagrams this says nothing). */
  readonly start: number;
  readonly length: number;
  /** Octets before its content begins; at least one where it has any. */
  readonly header: number;
  /** What it consists of: PDUs that are built alike have the same. */
  readonly shape: string;
}

/** What a capture of a vector is made from, beside its parts. */
export interface VectorPlan {
  /** In order of sending; the octets after the last one are nobody's. */
  readonly pdus: readonly PduPlace[];
  /** What travels by itself where there is no stream. */
  readonly datagrams: readonly Part[];
}

export function planVector(protocol: Protocol, vector: Vector, { pdus }: DirectDecoding): VectorPlan {
  const places = pdus.map((pdu) => {
    const { side, offset: start, octets } = pdu;
    return { side, start, length: octets.length, header: headerOctets(protocol, pdu), shape: shapeOf(pdu) };
  });
  const alone = pdus.map(({ side, octets }) => ({ side, octets, after: 0n }));
  return { pdus: places, datagrams: vector.parts.length > 1 ? vector.parts : alone };
}

/** Which members it has (not how many elements), how it is carried on, and what is wrong with it. */
function shapeOf({ side, decoded, problem, message }: DirectPdu): string {
  const members = new Set<string>();
  for (const { path } of leaves(decoded)) members.add(path.replaceAll(/\[\d+\]/g, '[]'));
  return [side, problem ?? 'whole', message === null ? '' : 'message', ...members].join(' ');
}

/**
 * Up to where the PDU's last content of many octets begins: text or octets. Before it stands what says how long things
 * are and what they mean, which is what a dissector needs before it can go on.
 */
function headerOctets({ protocolFields }: Protocol, { decoded, octets }: DirectPdu): number {
  let content: number | null = null;
  for (const { field, range, group } of leaves(decoded)) {
    const kind = protocolFields[field]?.type.kind;
    if (group || range === null || (kind !== 'bytes' && kind !== 'string')) continue;
    const { start } = wirePosition(range);
    content = Math.max(content ?? 0, Math.floor(start / 8));
  }
  return Math.max(1, Math.min(content ?? octets.length, octets.length));
}
