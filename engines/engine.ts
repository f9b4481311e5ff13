import type { DecryptedCapture, DecryptRequest } from './decrypted.ts';
import type { DissectedPacket, DissectionEnd } from './dissected.ts';
import type { Registered } from './registered.ts';

/** One Wireshark that can be asked: a tshark binary, or the embedded WebAssembly build. */
export interface Engine {
  readonly name: 'tshark' | 'embedded';
  /** e.g. `4.0.17` */
  readonly version: string;
  /** Version of Lua it embeds, e.g. `5.2.4`; null when it has none (then it cannot run plugins). */
  readonly lua: string | null;
  /** For messages: path of the binary, or the package's name. */
  readonly location: string;
  /**
   * Proves that the plugin loads: its protocol is registered and nothing was said against it.
   * @throws EngineError `plugin-not-loaded`, with Wireshark's own words
   */
  checkPlugin(plugin: PluginFile): Promise<void>;
  /**
   * Dissects a capture, after its plugins passed `checkPlugin`. Packets come in capture order; the next is read when
   * `onPacket` returns. What `onPacket` throws ends the run and is thrown on.
   * @throws EngineError when the engine could not run, a plugin did not load, or Lua failed on the way; the last only
   * after all packets were handed out
   */
  dissect(request: DissectRequest, onPacket: (packet: DissectedPacket) => void): Promise<DissectionEnd>;
  /**
   * Numbers of the packets that `request.filter` matches (all without one), in order.
   * @throws EngineError as `dissect`, and when it is no display filter of this Wireshark
   */
  matchingFrames(request: DissectRequest): Promise<readonly number[]>;
  /**
   * What the Info column says of each packet that `request.filter` matches, by packet number. Absent: this engine
   * cannot tell.
   * @throws EngineError as `matchingFrames`
   */
  infoColumns?(request: DissectRequest): Promise<ReadonlyMap<number, string>>;
  /**
   * What is registered by these protocols, or under their names, with the plugin loaded. Absent: this engine cannot
   * tell.
   * @throws EngineError as `checkPlugin`, and when the engine could not run
   */
  registered?(plugin: PluginFile, protocols: readonly string[]): Promise<Registered>;
  /**
   * What is inside the capture's TLS, as far as the secrets go. Absent: this engine hands out no decrypted octets.
   * @throws EngineError when the engine could not run
   */
  decrypt?(request: DecryptRequest): Promise<DecryptedCapture>;
}

export interface PluginFile {
  readonly path: string;
  /** Display filter name of the protocol the plugin registers, e.g. `ws`. */
  readonly protocol: string;
}

export interface DissectRequest {
  readonly capture: string;
  readonly plugins: readonly PluginFile[];
  /** Layers to hand back, by name. */
  readonly layers: readonly string[];
  /** `-o name:value` */
  readonly preferences: Readonly<Record<string, string>>;
  /** `-d tcp.port==8080,ws` */
  readonly decodeAs: readonly string[];
  /** File with the secrets of TLS sessions (SSLKEYLOGFILE); none: those that the capture itself carries. */
  readonly keylog?: string | undefined;
  /** Read the file twice (`-2`): what a second pass shows. The embedded engine always does. */
  readonly twoPass: boolean;
  /** Ask for byte ranges (`-x`). The embedded engine always has them. */
  readonly ranges: boolean;
  /** Display filter, or null. */
  readonly filter: string | null;
  /** Ends the run with an EngineError `aborted`. */
  readonly signal?: AbortSignal;
  /** How long the engine may stay silent before it counts as hung. */
  readonly silenceLimitSeconds?: number;
}

export type EngineErrorCode =
  | 'engine-not-found'
  | 'engine-failed'
  | 'plugin-not-loaded'
  | 'lua-error'
  | 'capture-unreadable'
  | 'hung'
  | 'aborted';

/** A fault of the outside world, told in one sentence with what to do next. */
export class EngineError extends Error {
  readonly code: EngineErrorCode;
  constructor(code: EngineErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EngineError';
    this.code = code;
  }
}
