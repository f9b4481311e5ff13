import type { DissectRequest } from '../engine.ts';
import { TRANSPORT_LAYERS } from '../json/transport-slots.ts';

/** Layers that tell that Wireshark failed, or broke off. */
const TROUBLE = ['_ws.expert', '_ws.malformed', '_ws.short', '_ws.unreassembled', '_ws.dissector_bug'];

/** The files of a request as tshark gets at them. */
export interface ReadableFiles {
  /** A path, or `-` for standard input. */
  readonly capture: string;
  readonly plugins: readonly string[];
  readonly keylog: string | null;
}

/** Options common to every question about a capture. */
export function readingOptions(
  request: DissectRequest,
  { capture, plugins, keylog }: ReadableFiles,
): string[] {
  return [
    // Names of hosts and the like would be looked up.
    '-n',
    ...(request.twoPass ? ['-2'] : []),
    '-r',
    capture,
    ...plugins.flatMap((path) => ['-X', `lua_script:${path}`]),
    ...(keylog === null ? [] : ['-o', `tls.keylog_file:${keylog}`]),
    ...Object.entries(request.preferences).flatMap(([name, value]) => ['-o', `${name}:${value}`]),
    ...request.decodeAs.flatMap((rule) => ['-d', rule]),
    ...(request.filter === null ? [] : ['-Y', request.filter]),
  ];
}

/**
 * `-J` keeps tshark from writing the insides of layers nobody looks into; writing is most of its work. Lua errors stay
 * visible: the key `Lua Error: ...` is there even when what it holds is filtered away.
 */
export function dissectionOptions(request: DissectRequest): string[] {
  const layers = new Set([...TRANSPORT_LAYERS, ...request.layers, ...TROUBLE]);
  return ['-T', 'json', ...(request.ranges ? ['-x'] : []), '-J', [...layers].join(' ')];
}
