import { fieldValues } from '../http/head.ts';
import type { Connection } from '../session/connection.ts';
import type { FindingInput } from '../judge/finding.ts';
import { type CloseSummary, SHORTEST_TIMEOUT_SECONDS } from './close-cause.ts';
import { HINTS } from './hints.ts';
import { plural } from './sides.ts';

/** A connection among the others of its capture. */
export interface Peer {
  readonly connection: Connection;
  readonly close: CloseSummary;
  /** When it began and ended; null: not seen. */
  readonly began: bigint | null;
  readonly ended: bigint | null;
  readonly isBrowser: boolean;
  readonly hasPings: boolean;
}

/** Silences that differ by less are the same timeout: a timer, and how busy the machine was. */
const SAME_SECONDS = 0.1;
const SAME_SHARE = 0.03;
/** What may be explained otherwise when several connections show it at once. */
const MAY_BE_IDLE: readonly string[] = ['fin-without-close', 'idle-timeout-suspected', 'rst'];

/** The close causes, of each connection in the light of all others to the same server. */
export function compareCloses(peers: readonly Peer[]): Map<Connection, CloseSummary> {
  const byServer = new Map<string, Peer[]>();
  for (const peer of peers) {
    const key = serverKey(peer.connection);
    byServer.set(key, [...(byServer.get(key) ?? []), peer]);
  }
  return new Map(
    peers.map((peer) => [peer.connection, inContext(peer, byServer.get(serverKey(peer.connection)) ?? [])]),
  );
}

function inContext(peer: Peer, group: readonly Peer[]): CloseSummary {
  const { close } = peer;
  const { idle } = close;
  if (idle === null || !MAY_BE_IDLE.includes(close.cause)) return close;
  const alike = group.filter((other) => other.close.by === close.by && isSame(other.close, idle));
  const suspected = close.cause === 'idle-timeout-suspected' || (alike.length > 1 && isLong(idle));
  if (!suspected) return close;
  const browser = peer.isBrowser && !peer.hasPings ? '; no ping was sent, and a browser cannot send any' : '';
  const others =
    alike.length > 1
      ? `; ${alike.length} of ${plural(group.length, 'connection')} to ${peer.connection.server.address}:${peer.connection.server.port} cut alike after ${seconds(idle)} s of silence`
      : '';
  const hint = close.cause === 'idle-timeout-suspected' && close.hint !== null ? close.hint : HINTS.idleProxy;
  return {
    ...close,
    cause: 'idle-timeout-suspected',
    evidence: `${close.evidence}${others}${browser}`,
    hint,
  };
}

function isSame(other: CloseSummary, idle: bigint): boolean {
  if (other.idle === null || !MAY_BE_IDLE.includes(other.cause)) return false;
  const [a, b] = [Number(other.idle) / 1e9, Number(idle) / 1e9];
  return Math.abs(a - b) <= Math.max(SAME_SECONDS, b * SAME_SHARE);
}

function isLong(idle: bigint): boolean {
  return Number(idle) / 1e9 >= SHORTEST_TIMEOUT_SECONDS - SAME_SECONDS;
}

function seconds(idle: bigint): string {
  return (Number(idle) / 1e9).toFixed(1);
}

function serverKey({ server }: Connection): string {
  return `${server.address} ${server.port}`;
}

/** Pairs of legs that are told one by one. */
const MAX_LEGS = 5;

/** A proxy passes the key on: two connections with one key are two legs of the same way. */
export function findLegs(peers: readonly Peer[]): string[] {
  const byKey = new Map<string, Peer[]>();
  for (const peer of peers) {
    const request = peer.connection.upgrade?.request ?? null;
    const [key] = request === null ? [] : fieldValues(request, 'Sec-WebSocket-Key');
    if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), peer]);
  }
  const legs = [...byKey.values()].filter(
    (group) => new Set(group.map(({ connection }) => serverKey(connection))).size > 1,
  );
  const told = legs.slice(0, MAX_LEGS).map((group) => {
    const streams = group.map(({ connection }) => `#${connection.stream}`).sort();
    const ends = group.map(
      ({ connection, close }) => `#${connection.stream} ${close.cause} by the ${close.by ?? 'nobody'}`,
    );
    return `${streams.join(' and ')} are legs of one connection through a proxy (same Sec-WebSocket-Key): ${ends.join(', ')}.`;
  });
  return legs.length > MAX_LEGS
    ? [...told, `So are ${legs.length - MAX_LEGS} more pairs of connections.`]
    : told;
}

/** So many connections in a row ... */
const STORM_CONNECTIONS = 4;
/** ... of which each comes so soon after the one before has ended ... */
const STORM_PAUSE_SECONDS = 5;
/** ... and lives no longer than this. */
const STORM_LIFE_SECONDS = 10;

/** A client that comes back at once, again and again: told with the last of its connections. */
export function findReconnects(peers: readonly Peer[]): Map<Connection, FindingInput> {
  const byPair = new Map<string, Peer[]>();
  for (const peer of peers) {
    const key = `${peer.connection.client.address} ${serverKey(peer.connection)}`;
    byPair.set(key, [...(byPair.get(key) ?? []), peer]);
  }
  const found = new Map<Connection, FindingInput>();
  for (const group of byPair.values()) {
    const run = longestRun(group);
    const last = run.at(-1);
    if (run.length < STORM_CONNECTIONS || last === undefined) continue;
    found.set(last.connection, reconnectFinding(run, last));
  }
  return found;
}

function longestRun(group: readonly Peer[]): Peer[] {
  const known = group.filter(({ began, ended }) => began !== null && ended !== null);
  known.sort((a, b) => Number((a.began ?? 0n) - (b.began ?? 0n)));
  let best: Peer[] = [];
  let run: Peer[] = [];
  for (const peer of known) {
    const before = run.at(-1);
    const pause = before === undefined ? 0 : secondsBetween(before.ended, peer.began);
    const short = secondsBetween(peer.began, peer.ended) <= STORM_LIFE_SECONDS;
    const unwanted = isUnwanted(peer);
    // One that begins before the other has ended is a second connection, not the same one again.
    const again = before === undefined || (pause >= 0 && pause <= STORM_PAUSE_SECONDS);
    if (!short || !unwanted) run = [];
    else run = again ? [...run, peer] : [peer];
    if (run.length > best.length) best = run;
  }
  return best;
}

/** A client that says goodbye wanted to go, and one that breaks the rules is being tested. */
function isUnwanted({ close }: Peer): boolean {
  if (close.cause === 'protocol-error') return false;
  return close.cause !== 'clean' || close.by === 'server';
}

function reconnectFinding(run: readonly Peer[], last: Peer): FindingInput {
  const gaps = run.slice(1).map((peer, at) => secondsBetween(run[at]?.ended ?? null, peer.began));
  const shown = gaps
    .slice(0, 8)
    .map((gap) => (gap < 1 ? `${Math.round(gap * 1000)} ms` : `${gap.toFixed(1)} s`));
  const lived = run.map(({ began, ended }) => secondsBetween(began, ended));
  const longest = Math.max(...lived);
  const { client, server } = last.connection;
  return {
    rule: 'RECONNECTS',
    severity: 'info',
    direction: 'c2s',
    frame: last.connection.ends[0]?.frame ?? 1,
    offset: null,
    reference: 'RFC 6455 7.2.3',
    message:
      `${client.address} connected ${run.length} times in a row to ${server.address}:${server.port}, each time gone within ` +
      `${longest.toFixed(1)} s; pauses between: ${shown.join(', ')}${gaps.length > shown.length ? ', …' : ''}`,
    hint: HINTS.reconnects,
  };
}

function secondsBetween(from: bigint | null, to: bigint | null): number {
  return from === null || to === null ? 0 : Number(to - from) / 1e9;
}
