import { createHash } from 'node:crypto';
import type { Side } from '../capture/stream.ts';
import { printable } from '../report/printable.ts';

export type MessageType = 'text' | 'binary' | 'close' | 'ping' | 'pong';

/** One WebSocket message: one data frame or several fragments, or one control frame. */
export interface Message {
  readonly stream: number;
  readonly direction: Side;
  /** Counts every message of the stream and direction, from 0. */
  readonly index: number;
  readonly type: MessageType;
  /** After unmasking (and reassembly and inflation, where `incomplete` is null). */
  readonly payload: Uint8Array;
  /** Packet in which each fragment completes. */
  readonly frames: readonly number[];
  /** Nanoseconds since the epoch, of the last fragment. */
  readonly time: bigint;
  readonly fragments: number;
  readonly compressed: boolean;
  /** Why the payload is not the message; null: it is. */
  readonly incomplete: string | null;
  /** How surely it is a message, where its frames had to be looked for (0 to 1); null: their place is known. */
  readonly confidence: number | null;
  /** Of a close frame; null: its body is empty, or no close frame. */
  readonly closeCode: number | null;
  readonly closeReason: string | null;
}

/** One line of `messages --format ndjson` (contracts; docs/schema/messages.schema.json). */
export function messageLine(message: Message): string {
  const text = message.type === 'binary' ? undefined : utf8Text(message.payload);
  const close =
    message.type === 'close' ? { closeCode: message.closeCode, reason: message.closeReason ?? '' } : {};
  return JSON.stringify({
    stream: message.stream,
    direction: message.direction,
    index: message.index,
    type: message.type,
    length: message.payload.length,
    sha256: createHash('sha256').update(message.payload).digest('hex'),
    ...(text === undefined ? { base64: Buffer.from(message.payload).toString('base64') } : { text }),
    ...close,
    frames: message.frames,
    time: seconds(message.time),
    fragments: message.fragments,
    compressed: message.compressed,
    complete: message.incomplete === null,
    ...(message.incomplete === null ? {} : { incomplete: message.incomplete }),
    ...(message.confidence === null ? {} : { confidence: message.confidence }),
  });
}

const STRICT_UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** undefined: not well-formed UTF-8 (RFC 3629). */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return STRICT_UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Seconds with nine decimals, exact. */
export function seconds(nanoseconds: bigint): string {
  const whole = nanoseconds / 1_000_000_000n;
  const rest = (nanoseconds % 1_000_000_000n).toString().padStart(9, '0');
  return `${whole.toString()}.${rest}`;
}

const TEXT_CHARACTERS = 200;

/** One line for reading: packet, direction, type, length, and the text where it is one. */
export function messageText(message: Message): string {
  const place = `#${message.frames.at(-1) ?? 0}`.padEnd(7);
  const head = `${place} ${message.stream} ${message.direction}  ${message.type.padEnd(6)} ${message.payload.length} B`;
  const code = message.closeCode === null ? '' : `  ${message.closeCode}`;
  const note = message.incomplete === null ? '' : `  (${message.incomplete})`;
  return `${head}${code}${contentText(message)}${note}`;
}

function contentText(message: Message): string {
  const octets = message.type === 'close' ? message.payload.subarray(2) : message.payload;
  if (octets.length === 0) return '';
  const raw = message.type === 'binary' || (message.compressed && message.incomplete !== null);
  const text = raw ? undefined : utf8Text(octets);
  if (text === undefined)
    return `  ${Buffer.from(octets.subarray(0, 32)).toString('hex')}${octets.length > 32 ? '…' : ''}`;
  const shown = [...text.slice(0, TEXT_CHARACTERS * 2)].slice(0, TEXT_CHARACTERS).join('');
  return `  "${printable(shown)}${shown.length < text.length ? '…' : ''}"`;
}
