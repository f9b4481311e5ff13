import type { Side } from '../capture/stream.ts';

/** An alert that could be read: it was sent in the clear, or decrypted. */
export interface TlsAlertSeen {
  readonly side: Side;
  readonly level: 'warning' | 'fatal';
  readonly description: number;
  /** As in RFC 8446 6, with spaces. */
  readonly name: string;
  readonly frame: number;
}

const FATAL = 2;

/** RFC 8446 6 and RFC 5246 7.2. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'close notify'],
  [10, 'unexpected message'],
  [20, 'bad record MAC'],
  [21, 'decryption failed'],
  [22, 'record overflow'],
  [30, 'decompression failure'],
  [40, 'handshake failure'],
  [41, 'no certificate'],
  [42, 'bad certificate'],
  [43, 'unsupported certificate'],
  [44, 'certificate revoked'],
  [45, 'certificate expired'],
  [46, 'certificate unknown'],
  [47, 'illegal parameter'],
  [48, 'unknown CA'],
  [49, 'access denied'],
  [50, 'decode error'],
  [51, 'decrypt error'],
  [70, 'protocol version'],
  [71, 'insufficient security'],
  [80, 'internal error'],
  [86, 'inappropriate fallback'],
  [90, 'user canceled'],
  [100, 'no renegotiation'],
  [109, 'missing extension'],
  [110, 'unsupported extension'],
  [112, 'unrecognized name'],
  [113, 'bad certificate status response'],
  [115, 'unknown PSK identity'],
  [116, 'certificate required'],
  [120, 'no application protocol'],
]);

export function alertSeen(side: Side, level: number, description: number, frame: number): TlsAlertSeen {
  const name = NAMES.get(description) ?? `alert ${description}`;
  return { side, level: level === FATAL ? 'fatal' : 'warning', description, name, frame };
}

/** An alert that ends a session otherwise than in order. */
export function isFailure(alert: TlsAlertSeen): boolean {
  return alert.level === 'fatal';
}
