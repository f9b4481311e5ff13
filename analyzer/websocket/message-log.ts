import { createHash } from 'node:crypto';
import type { Side } from '../capture/stream.ts';
import type { Message } from './message.ts';

/** A data message, without its payload. */
export interface LoggedMessage {
  readonly direction: Side;
  readonly type: 'text' | 'binary';
  readonly index: number;
  readonly frame: number;
  readonly time: bigint;
  readonly length: number;
  readonly fragments: number;
  /** Type and payload; messages with the same one are equal. null: the payload is not known. */
  readonly digest: string | null;
  /** The text, of short ones. */
  readonly short: string | null;
}

/** Messages kept of one connection: enough to pair a long day's worth; memory stays bounded. */
export const MAX_LOGGED = 100_000;
/** Heartbeats and greetings are shorter; `digest` needs no hash for these. */
const SHORT_OCTETS = 64;

/** The data messages of one connection, in order of completion. */
export class MessageLog {
  readonly messages: LoggedMessage[] = [];
  /** Messages beyond what is kept. */
  dropped = 0;

  add(message: Message): void {
    const { type, direction, index, frames, time, payload, fragments, incomplete } = message;
    if (type !== 'text' && type !== 'binary') return;
    if (this.messages.length >= MAX_LOGGED) {
      this.dropped += 1;
      return;
    }
    const known = incomplete === null;
    const short = known && payload.length <= SHORT_OCTETS ? Buffer.from(payload).toString('latin1') : null;
    this.messages.push({
      direction,
      type,
      index,
      frame: frames.at(-1) ?? 0,
      time,
      length: payload.length,
      fragments,
      digest: known ? `${type} ${short ?? hashOf(payload)}` : null,
      short: type === 'text' ? short : null,
    });
  }
}

/** Only equality counts: the length keeps short digests apart from hashes. */
function hashOf(payload: Uint8Array): string {
  return `${payload.length}#${createHash('sha1').update(payload).digest('base64')}`;
}
