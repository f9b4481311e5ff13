/** What is said about TLS and HTTP/2: each sentence with what to do next. */
import type { SecurePiece, SecureStream } from './secure-capture.ts';
import type { TlsStream } from './scan-tls.ts';
import type { TlsAlertSeen } from './tls-alert.ts';

/** Streams named in one sentence. */
const NAMED = 8;
/** What the encrypted end of a session (an alert, RFC 8446 6.1, and a change of keys) has at most. */
const CLOSING_OCTETS = 80;

export const KEY_RECIPE =
  'Record the keys while it is captured: a browser started with SSLKEYLOGFILE=keys.log, node --tls-keylog=keys.log, ' +
  'or KeyLogWriter in the tls.Config of a Go program';

export function noKeysNote(streams: readonly number[]): string {
  return (
    `${named(streams, 'is', 'are')} TLS, whose content cannot be read without its keys. ${KEY_RECIPE}; ` +
    'then: wiretwin analyze CAPTURE --keylog keys.log'
  );
}

export function noTsharkNote(file: string, keylog: string | undefined): string {
  const option = keylog === undefined ? '' : ` --keylog ${keylog}`;
  return (
    'The keys of the TLS in this capture are at hand, but only tshark decrypts with them, and none was asked. Install ' +
    `Wireshark, then: wiretwin analyze ${file}${option} --engine tshark`
  );
}

export function standardInputNote(): string {
  return 'A capture from standard input cannot be decrypted: save it to a file and name that.';
}

export function decryptedNote(
  streams: ReadonlyMap<number, SecureStream>,
  engine: string,
  keys: string,
): string[] {
  const read = [...streams]
    .filter(([, { pieces }]) => pieces.length > 0)
    .map(([stream]) => stream)
    .sort((a, b) => a - b);
  if (read.length === 0) return [];
  return [`${named(read, 'is', 'are')} TLS, decrypted by ${engine} with keys from ${keys}.`];
}

export function decryptedInJsonNote(pdus: number): string {
  return (
    `tshark decrypted TLS and shows ${pdus} ${pdus === 1 ? 'PDU' : 'PDUs'} of it. The JSON carries no decrypted octets, so ` +
    'nothing was decoded or compared here. Give us the capture and the keys, and tshark is asked for the octets: ' +
    'wiretwin analyze CAPTURE --keylog keys.log'
  );
}

export function cutNote(): string {
  return 'There is more decrypted content than can be kept (1 GiB, 10000 streams): the rest was left out. Split the capture.';
}

export function emptyKeyLogNote(keys: string): string {
  return `${keys} is no TLS key log: none of its lines has a label, a client random and a secret. ${KEY_RECIPE}.`;
}

export interface KeysAtHand {
  readonly keys: string;
  /** Client randoms; null: not known. */
  readonly sessions: ReadonlySet<string> | null;
}

/** TLS streams that stayed closed, by reason. */
export function undecryptedNotes(missing: readonly TlsStream[], { keys, sessions }: KeysAtHand): string[] {
  const silent = missing.filter(({ watch }) => watch.lastData.c2s.length + watch.lastData.s2c.length > 0);
  const isForeign = ({ watch }: TlsStream): boolean =>
    watch.clientRandom !== null && sessions?.has(watch.clientRandom) === false;
  const foreign = silent.filter(isForeign);
  const others = silent.filter((stream) => !isForeign(stream));
  const notes: string[] = [];
  if (foreign.length > 0) {
    notes.push(
      `The key log ${keys} has no secrets of ${streamList(numbers(foreign))} ` +
        `(client random ${foreign[0]?.watch.clientRandom?.slice(0, 16) ?? ''}… is not in it): it belongs to another ` +
        `run, or to the wrong program. ${KEY_RECIPE}; then give that file with --keylog.`,
    );
  }
  if (others.length > 0) {
    notes.push(
      `${named(numbers(others), 'was', 'were')} not decrypted with the keys from ${keys}: the capture must have the ` +
        'whole TLS handshake, done to its end, and no packet lost. Start it before the client connects.',
    );
  }
  return notes;
}

/** Content was decrypted up to some packet only. */
export function endsEarlyNote({ stream, watch }: TlsStream, pieces: readonly SecurePiece[]): string[] {
  return (['c2s', 's2c'] as const).flatMap((side) => {
    const last = pieces.findLast(({ fromServer }) => fromServer === (side === 's2c'))?.frame;
    if (last === undefined) return [];
    const later = watch.lastData[side].filter(({ frame }) => frame > last);
    const octets = later.reduce((sum, { length }) => sum + length, 0);
    if (octets <= CLOSING_OCTETS) return [];
    return [
      `Stream ${stream}: after packet ${last} nothing more of the ${side === 'c2s' ? 'client' : 'server'} could be ` +
        'decrypted: packets were lost, or the keys changed.',
    ];
  });
}

export function alertNote(stream: number, { side, name, frame }: TlsAlertSeen): string {
  const who = side === 'c2s' ? 'client' : 'server';
  return `Stream ${stream}: the ${who} ended TLS with the alert "${name}" (packet ${frame}).`;
}

export function http2Note(streams: ReadonlyMap<number, readonly number[]>): string[] {
  const asked = [...streams].filter(([, websockets]) => websockets.length > 0);
  const plain = [...streams].filter(([, websockets]) => websockets.length === 0).map(([stream]) => stream);
  const notes = asked
    .slice(0, NAMED)
    .map(
      ([stream, websockets]) =>
        `Stream ${stream} carries WebSocket over HTTP/2 (RFC 8441; HTTP/2 stream ${websockets.slice(0, NAMED).join(', ')}): ` +
        'seen, not analysed. Have the client use HTTP/1.1 (a server that does not announce ' +
        'SETTINGS_ENABLE_CONNECT_PROTOCOL is asked so), and capture again.',
    );
  if (plain.length > 0) {
    notes.push(
      `${named(plain, 'is', 'are')} HTTP/2, and no WebSocket was asked for in what was captured of it; ` +
        'WebSocket over HTTP/2 (RFC 8441) is not analysed.',
    );
  }
  return notes;
}

function numbers(streams: readonly TlsStream[]): number[] {
  return streams.map(({ stream }) => stream);
}

function named(streams: readonly number[], one: string, many: string): string {
  const list = streamList(streams);
  return `S${list.slice(1)} ${streams.length === 1 ? one : many}`;
}

function streamList(streams: readonly number[]): string {
  const list = streams.slice(0, NAMED).join(', ');
  const more = streams.length > NAMED ? ` and ${streams.length - NAMED} more` : '';
  return streams.length === 1 ? `stream ${list}` : `streams ${list}${more}`;
}
