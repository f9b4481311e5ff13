/** What an engine hands out of the TLS in a capture. The secrets are the user's; no cipher is known here. */
export interface DecryptRequest {
  readonly capture: string;
  /** File with the secrets (SSLKEYLOGFILE); undefined: the capture carries its own. */
  readonly keylog: string | undefined;
  /** TCP ports on which TLS was seen: those where the engine does not look for it by itself are retried. */
  readonly ports: readonly number[];
  readonly preferences: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export interface DecryptedCapture {
  readonly streams: readonly DecryptedStream[];
  readonly alerts: readonly TlsAlert[];
  /** `-d` rules without which this engine does not see all of the TLS. */
  readonly decodeAs: readonly string[];
  /** Octets were left out because there are more than can be kept. */
  readonly isCut: boolean;
}

/** The application data of one TLS session, in the order of the capture. */
export interface DecryptedStream {
  /** The end that `DecryptedPiece.fromFirst` speaks of, as `address` and `port`. */
  readonly first: { readonly address: string; readonly port: number };
  readonly pieces: readonly DecryptedPiece[];
}

/** Content of one TLS record. */
export interface DecryptedPiece {
  /** Packet in which the record is complete. */
  readonly frame: number;
  /** Nanoseconds since the epoch. */
  readonly time: bigint;
  /** Sent by the end named first. */
  readonly fromFirst: boolean;
  readonly bytes: Uint8Array;
}

export interface TlsAlert {
  readonly frame: number;
  readonly sourcePort: number;
  /** RFC 8446 6: 1 warning, 2 fatal. */
  readonly level: number;
  readonly description: number;
}
