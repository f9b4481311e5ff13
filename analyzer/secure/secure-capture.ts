import type { DecryptedPiece } from '../../engines/index.ts';
import type { TlsAlertSeen } from './tls-alert.ts';

/** What an engine decrypted of one TCP stream. */
export interface SecureStream {
  /** In the order of the capture. */
  readonly pieces: readonly SecurePiece[];
  readonly alerts: readonly TlsAlertSeen[];
}

export interface SecurePiece extends Pick<DecryptedPiece, 'frame' | 'time' | 'bytes'> {
  readonly fromServer: boolean;
}

/** What is known of the TLS in a capture whose secrets are at hand. */
export interface SecureCapture {
  /** By `tcp.stream`. */
  readonly streams: ReadonlyMap<number, SecureStream>;
  readonly keylog: string | undefined;
  /** Segments of a TLS stream came out of order. */
  readonly reordered: boolean;
  /** How an engine has to be asked so that it sees what was decrypted. */
  readonly retry: SecureRetry | null;
  /** What was done, and what stood in the way: sentences. */
  readonly notes: readonly string[];
}

/** TLS on ports where Wireshark does not look for it. */
export interface SecureRetry {
  /** `-d` rules */
  readonly decodeAs: readonly string[];
  /**
   * Streams that need the rules; null: the rules do no harm to any other stream, so that one run will do. Otherwise
   * other traffic on the same ports would be taken for TLS, and these streams need a run of their own.
   */
  readonly apart: readonly number[] | null;
}
