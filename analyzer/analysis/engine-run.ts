import {
  type DissectedPacket,
  type DissectionEnd,
  type DissectRequest,
  type Engine,
  EngineError,
  type PluginFile,
} from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { CrossCheck } from '../compare/cross-check.ts';
import type { Diagnosis } from '../compare/difference.ts';
import { type EngineTally, joinTallies } from '../compare/tally.ts';
import { pluginView } from '../compare/view.ts';
import type { SecureCapture } from '../secure/secure-capture.ts';
import type { Connection } from '../session/connection.ts';
import type { DecodeResult } from '../session/decode-capture.ts';
import type { SessionPdu } from '../session/pdu.ts';
import { homelessDiagnosis, ownerOf } from './owners.ts';

/** A protocol with the plugin generated from the same spec. */
export interface Subject {
  readonly protocol: Protocol;
  readonly plugin: PluginFile;
}

export interface Decoded {
  readonly result: DecodeResult;
  readonly decoded: readonly [Connection, SessionPdu][];
}

/**
 * Lets an engine dissect a capture with the plugins, and compares with what we decoded.
 * @throws EngineError
 */
export async function runEngine(
  engine: Engine,
  file: string,
  subjects: readonly Subject[],
  { result, decoded }: Decoded,
): Promise<EngineTally> {
  const { session } = result;
  const label = `${engine.name} ${engine.version}`;
  const diagnosis = (frame: number): Diagnosis | null => homelessDiagnosis(session, frame);
  const checks = new Map(
    subjects.map(({ protocol }) => [protocol.id, new CrossCheck(pluginView(protocol), label, diagnosis)]),
  );
  for (const [connection, pdu] of decoded) checks.get(pdu.protocol)?.decoded(connection, pdu);
  for (const { plugin } of subjects) await engine.checkPlugin(plugin);
  const observe = (packet: DissectedPacket): void => {
    for (const check of checks.values()) check.observed(packet, () => ownerOf(session, packet));
  };
  const request = requestFor(file, subjects, result);
  const apart = apartRequest(request, session.secure);
  if (apart !== null) refuseBadEnd(await engine.dissect(apart, observe));
  const end = await engine.dissect(request, (packet) => {
    observe(packet);
    for (const check of checks.values()) check.settleBefore(packet.frame);
  });
  refuseBadEnd(end);
  return joinTallies(
    label,
    [...checks.values()].map((check) => check.finish()),
  );
}

function requestFor(
  capture: string,
  subjects: readonly Subject[],
  { connections, session: { secure } }: DecodeResult,
): DissectRequest {
  const retry = secure?.retry ?? null;
  return {
    capture,
    plugins: subjects.map(({ plugin }) => plugin),
    layers: subjects.map(({ protocol }) => protocol.filter),
    preferences: preferencesFor(connections, secure),
    decodeAs: retry !== null && retry.apart === null ? retry.decodeAs : [],
    keylog: secure?.keylog,
    twoPass: false,
    ranges: true,
    filter: null,
  };
}

/** TLS on a port that carries other traffic too is dissected in a run of its own, of which nothing else is looked at. */
function apartRequest(request: DissectRequest, secure: SecureCapture | null): DissectRequest | null {
  const apart = secure?.retry?.apart ?? null;
  if (apart === null || secure?.retry == null) return null;
  return { ...request, decodeAs: secure.retry.decodeAs, filter: `tcp.stream in {${apart.join(' ')}}` };
}

/** A capture that is cut was told of by our own reader already. */
function refuseBadEnd(end: DissectionEnd): void {
  if (end.kind === 'cut' || end.kind === 'not-json') throw new EngineError('engine-failed', end.message);
}

/**
 * Reordered segments are dissected only with the preference; at a hole the preference stops the whole direction
 * (docs/diagnoses.md).
 */
function preferencesFor(
  connections: readonly Connection[],
  secure: SecureCapture | null,
): Record<string, string> {
  const reordered = connections.some(
    ({ reorderedFrom }) => reorderedFrom.c2s !== null || reorderedFrom.s2c !== null,
  );
  return {
    'tcp.reassemble_out_of_order': reordered || secure?.reordered === true ? 'TRUE' : 'FALSE',
    ...recoveryPreferences(connections),
  };
}

/**
 * Where we found a connection without its upgrade, the plugin is asked to look for it too: on ports that have another
 * owner it does so on demand only.
 */
function recoveryPreferences(connections: readonly Connection[]): Record<string, string> {
  const filters = connections.flatMap(({ recovered, protocol }) =>
    recovered !== null && protocol.recovery !== null && protocol.framing.kind === 'self-delimiting'
      ? [protocol.filter]
      : [],
  );
  if (filters.length === 0) return {};
  const asked = Object.fromEntries(filters.map((filter) => [`${filter}.recover`, 'TRUE']));
  return { 'tcp.try_heuristic_first': 'TRUE', ...asked };
}
