import type { DecryptedCapture, DecryptedStream, Engine } from '../../engines/index.ts';
import type { Conversation } from '../capture/stream.ts';
import { sessionsIn } from './key-log.ts';
import { carriesSecrets, scanTls, type TlsScan } from './scan-tls.ts';
import type { SecureCapture, SecurePiece, SecureRetry, SecureStream } from './secure-capture.ts';
import {
  alertNote,
  cutNote,
  decryptedNote,
  emptyKeyLogNote,
  endsEarlyNote,
  noTsharkNote,
  standardInputNote,
  undecryptedNotes,
} from './secure-notes.ts';
import { alertSeen, isFailure, type TlsAlertSeen } from './tls-alert.ts';

export interface SecureOptions {
  /** File with the secrets of the TLS sessions; undefined: those that the capture carries, if it does. */
  readonly keylog: string | undefined;
  /** Of these the first that decrypts is asked, once it is known that there is something to decrypt with. */
  readonly engines: () => Promise<readonly Engine[]>;
}

/**
 * Has the TLS of a capture decrypted where secrets are at hand; null: there are none.
 * @throws CaptureError, EngineError
 */
export async function openSecure(
  file: string,
  { keylog, engines }: SecureOptions,
): Promise<SecureCapture | null> {
  const nothing = { streams: new Map<number, SecureStream>(), keylog, reordered: false, retry: null };
  if (file === '-') return keylog === undefined ? null : { ...nothing, notes: [standardInputNote()] };
  if (keylog === undefined && !(await carriesSecrets(file))) return null;
  const scan = await scanTls(file);
  for (const engine of await engines()) {
    const { reordered } = scan;
    // Segments out of order stop a decryption, unless Wireshark puts them in order.
    const preferences = { 'tcp.reassemble_out_of_order': reordered ? 'TRUE' : 'FALSE' };
    const ports = [...new Set([...scan.tls.values()].map(({ server }) => server.port))];
    const decrypted = await engine.decrypt?.({ capture: file, keylog, ports, preferences });
    if (decrypted === undefined) continue;
    const streams = streamsOf(decrypted, scan);
    const source = { engine: `${engine.name} ${engine.version}`, keylog };
    const notes = [...(decrypted.isCut ? [cutNote()] : []), ...(await notesOn(scan, streams, source))];
    return { streams, keylog, reordered, retry: retryOf(decrypted, scan), notes };
  }
  return { ...nothing, notes: [noTsharkNote(file, keylog)] };
}

/** What came of it, stream by stream. */
async function notesOn(
  { tls }: TlsScan,
  streams: ReadonlyMap<number, SecureStream>,
  { engine, keylog }: { readonly engine: string; readonly keylog: string | undefined },
): Promise<string[]> {
  const keys = keylog ?? 'the capture itself';
  const sessions = keylog === undefined ? null : await sessionsIn(keylog);
  const isEmpty = sessions?.size === 0;
  const missing = [...tls.values()].filter(({ stream }) => (streams.get(stream)?.pieces.length ?? 0) === 0);
  return [
    ...decryptedNote(streams, engine, keys),
    ...(isEmpty ? [emptyKeyLogNote(keys)] : []),
    ...undecryptedNotes(missing, { keys, sessions: isEmpty ? null : sessions }),
    ...[...tls.values()].flatMap((stream) => endsEarlyNote(stream, streams.get(stream.stream)?.pieces ?? [])),
    ...failures(streams),
  ];
}

function failures(streams: ReadonlyMap<number, SecureStream>): string[] {
  return [...streams].flatMap(([stream, { alerts }]) =>
    alerts.filter(isFailure).map((alert) => alertNote(stream, alert)),
  );
}

/** By the number of our own count, which is what the first packet of each belongs to. */
function streamsOf(decrypted: DecryptedCapture, scan: TlsScan): Map<number, SecureStream> {
  const pieces = new Map<number, SecurePiece[]>();
  const alerts = new Map<number, TlsAlertSeen[]>();
  for (const stream of decrypted.streams) {
    const number = scan.packets.get(stream.pieces[0]?.frame ?? 0);
    const conversation = number === undefined ? undefined : scan.conversations.get(number);
    if (number === undefined || conversation === undefined) continue;
    // Several sessions one after the other on one connection.
    pieces.set(number, [...(pieces.get(number) ?? []), ...piecesOf(stream, conversation)]);
  }
  for (const { frame, sourcePort, level, description } of decrypted.alerts) {
    const number = scan.packets.get(frame);
    const conversation = number === undefined ? undefined : scan.conversations.get(number);
    if (number === undefined || conversation === undefined) continue;
    const side = sourcePort === conversation.server.port ? 's2c' : 'c2s';
    alerts.set(number, [...(alerts.get(number) ?? []), alertSeen(side, level, description, frame)]);
  }
  const numbers = [...new Set([...pieces.keys(), ...alerts.keys()])].sort((a, b) => a - b);
  return new Map(
    numbers.map((number) => [number, { pieces: pieces.get(number) ?? [], alerts: alerts.get(number) ?? [] }]),
  );
}

/** Which end is which, a follow does not say; 4.0 does not even give the second one's address. */
function piecesOf({ first, pieces }: DecryptedStream, { client, server }: Conversation): SecurePiece[] {
  const isServer =
    first.port === server.port && (first.port !== client.port || first.address === server.address);
  return pieces
    .map(({ frame, time, bytes, fromFirst }) => ({ frame, time, bytes, fromServer: fromFirst === isServer }))
    .sort((a, b) => a.frame - b.frame);
}

function retryOf({ decodeAs }: DecryptedCapture, { tls, otherPorts }: TlsScan): SecureRetry | null {
  if (decodeAs.length === 0) return null;
  const ports = new Set(decodeAs.map((rule) => Number(/\d+/.exec(rule)?.[0])));
  const isMixed = [...ports].some((port) => otherPorts.has(port));
  const apart = [...tls.values()].filter(({ server }) => ports.has(server.port)).map(({ stream }) => stream);
  return { decodeAs, apart: isMixed ? apart : null };
}
