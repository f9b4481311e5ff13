import type { Connection, Endpoint, SessionPdu, Side } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { Part, VectorEnd } from '../suite/suite.ts';
import type { Conversation, Opening } from './conversation.ts';
import type { Gathered } from './gather.ts';
import { changeOf, type HeadItem, headItems } from './heads.ts';

/** One PDU that is sent, or what has become of it. */
export interface DraftPart {
  readonly side: Side;
  readonly octets: Uint8Array;
  /** Nanoseconds since the first part. */
  readonly at: bigint;
  /** The PDU it was in the capture. */
  readonly origin: SessionPdu;
  /** What it is part of, inflated, where that was compressed anew. */
  readonly inflated?: Uint8Array;
}

type OpeningKind = Opening['kind'];

/** A conversation in the pieces that may be left out. */
export interface Draft {
  readonly protocol: Protocol;
  readonly client: Endpoint;
  readonly server: Endpoint;
  readonly opening: OpeningKind;
  readonly token: string;
  readonly answered: boolean;
  readonly heads: readonly HeadItem[];
  readonly parts: readonly DraftPart[];
  readonly end: VectorEnd;
  /** When it ends, in nanoseconds since the first part. */
  readonly endAt: bigint;
}

export const OPEN_END: VectorEnd = { kind: 'open', side: null };

/** The connection as it was captured, and other ways it may have come about where its beginning was not captured. */
export function draftsOf({ connection, pdus, resetBy }: Gathered): readonly Draft[] {
  const { protocol, client, server, upgrade, refusal } = connection;
  const start = pdus[0]?.time ?? 0n;
  const parts = pdus.map((pdu) => ({
    side: pdu.direction,
    octets: pdu.bytes,
    at: toMilliseconds(later(pdu.time - start, 0n)),
    origin: pdu,
  }));
  const token = tokenOf(connection);
  const seen = upgrade ?? refusal;
  return openingsOf(connection).flatMap((opening) => {
    const whole = {
      protocol,
      client,
      server,
      opening,
      token: token ?? '',
      answered: refusal === null || refusal.response !== null,
      heads: seen === null || token === null ? [] : headItems(token, seen),
      parts: connection.transport === 'udp' ? datagrams(parts) : parts,
      ...endOf(connection, resetBy, start),
    };
    // What came after one side had ended belongs before its end, or nowhere.
    const early = whole.parts.filter(({ at }) => at <= whole.endAt);
    return early.length === parts.length || whole.end.kind === 'open'
      ? [whole]
      : [whole, { ...whole, parts: early }];
  });
}

export function conversationOf(draft: Draft): Conversation {
  const { protocol, client, server, end, token, answered } = draft;
  const opening: Opening =
    draft.opening === 'upgrade'
      ? { kind: 'upgrade', token, change: changeOf(draft.heads), answered }
      : { kind: draft.opening };
  let before = 0n;
  const parts = draft.parts.map(({ side, octets, at }): Part => {
    const after = later(at - before, 0n);
    before = later(at, before);
    return { side, octets, after };
  });
  return { protocol, client, server, opening, parts, end, endAfter: later(draft.endAt - before, 0n) };
}

/** Without the times of the capture, or without the pause before the end: one packet comes right after the other. */
export function evenPaces(draft: Draft): readonly Draft[] {
  const prompt = { ...draft, endAt: 0n };
  return [{ ...prompt, parts: draft.parts.map((part) => ({ ...part, at: 0n })) }, prompt];
}

function openingsOf({
  transport,
  upgrade,
  refusal,
  recovered,
  protocol,
}: Connection): readonly OpeningKind[] {
  if (transport === 'udp') return ['datagrams'];
  if (upgrade !== null || refusal !== null) return ['upgrade'];
  const isUpgraded = protocol.binds.some(({ kind }) => kind === 'http-upgrade');
  if (recovered === null) return ['bound', 'midstream'];
  return isUpgraded ? ['upgrade', 'midstream', 'bound'] : ['bound', 'midstream'];
}

function tokenOf({ protocol }: Connection): string | null {
  return protocol.binds.flatMap((bind) => (bind.kind === 'http-upgrade' ? [bind.token] : []))[0] ?? null;
}

function endOf({ ends }: Connection, resetBy: Side | null, start: bigint): Pick<Draft, 'end' | 'endAt'> {
  const [first] = [...ends].sort((a, b) => Number(a.time - b.time));
  const fin = ends.find(({ reason }) => reason === 'fin');
  if (fin !== undefined)
    return { end: { kind: 'fin', side: fin.side }, endAt: toMilliseconds(later(fin.time - start, 0n)) };
  const endAt = toMilliseconds(later((first?.time ?? start) - start, 0n));
  return resetBy === null ? { end: OPEN_END, endAt: 0n } : { end: { kind: 'rst', side: resetBy }, endAt };
}

/** PDUs of one packet are one datagram. */
function datagrams(parts: readonly DraftPart[]): readonly DraftPart[] {
  const joined: DraftPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (last?.origin.frame !== part.origin.frame) joined.push(part);
    else joined[joined.length - 1] = { ...last, octets: new Uint8Array([...last.octets, ...part.octets]) };
  }
  return joined;
}

function later(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

const MILLISECOND = 1_000_000n;

/** Rounded up, as a tests file has it. */
function toMilliseconds(nanoseconds: bigint): bigint {
  return ((nanoseconds + MILLISECOND - 1n) / MILLISECOND) * MILLISECOND;
}
