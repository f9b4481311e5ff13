import type { DissectedPacket, DissectionEnd } from '../dissected.ts';
import type { EngineErrorCode, PluginFile } from '../engine.ts';

/** What the embedded engine's own process is asked. It answers one job and ends. */
export type Job =
  | { readonly kind: 'version' }
  | { readonly kind: 'check-plugin'; readonly plugin: PluginFile }
  | { readonly kind: 'dissect' | 'matching-frames'; readonly request: JobRequest };

/** A `DissectRequest` without what cannot be sent, or makes no difference here. */
export interface JobRequest {
  readonly capture: string;
  readonly plugins: readonly PluginFile[];
  readonly layers: readonly string[];
  readonly preferences: Readonly<Record<string, string>>;
  readonly decodeAs: readonly string[];
  readonly filter: string | null;
}

export type Answer =
  | { readonly kind: 'version'; readonly version: string; readonly lua: string }
  | { readonly kind: 'plugin-loaded' }
  /** The next ones are sent when the parent says `more`. */
  | { readonly kind: 'packets'; readonly packets: readonly DissectedPacket[] }
  | { readonly kind: 'frames'; readonly frames: readonly number[] }
  | { readonly kind: 'end'; readonly end: DissectionEnd }
  | { readonly kind: 'error'; readonly code: EngineErrorCode; readonly message: string };

/** Sent by the parent once it is done with the packets it has. */
export const MORE = 'more';
