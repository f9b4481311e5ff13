import { type DissectionEnd, type Engine, EngineError, type PluginFile } from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { linkTypeName } from '../capture/link-types.ts';
import type { CaptureSummary as FileSummary } from '../capture/captured-packet.ts';
import { CrossCheck } from '../compare/cross-check.ts';
import type { Diagnosis } from '../compare/difference.ts';
import type { EngineTally } from '../compare/tally.ts';
import { pluginView } from '../compare/view.ts';
import type { CaptureSummary, EngineSummary } from '../report/report.ts';
import type { Connection } from '../session/connection.ts';
import { decodeCapture, type DecodeResult } from '../session/decode-capture.ts';
import type { SessionPdu } from '../session/pdu.ts';
import { type Analysis, assemble, type Failure } from './analysis.ts';
import { type BookOptions, ConnectionBook } from './connection-book.ts';
import { homelessDiagnosis, ownerOf } from './owners.ts';

/** A protocol with the plugin generated from the same spec. */
export interface Subject {
  readonly protocol: Protocol;
  readonly plugin: PluginFile;
}

export interface AnalyzeOptions extends BookOptions {
  readonly onProgress?: (octets: number) => void;
}

/**
 * Decodes a capture on its own, lets every engine dissect it with the generated plugins, compares and judges.
 * @throws BindingClash, CaptureError
 */
export async function analyzeCapture(
  file: string,
  subjects: readonly Subject[],
  engines: readonly Engine[],
  options: AnalyzeOptions,
): Promise<Analysis> {
  const book = new ConnectionBook(options);
  const decoded: [Connection, SessionPdu][] = [];
  const observer = {
    opened: (connection: Connection): void => book.opened(connection),
    pdu: (connection: Connection, pdu: SessionPdu): void => {
      book.pdu(connection, pdu);
      if (engines.length > 0) decoded.push([connection, pdu]);
    },
    delivered: (connection: Connection, pdu: SessionPdu): void => book.delivered(connection, pdu),
  };
  const result = await decodeCapture(file, protocolsOf(subjects), observer, options);
  const failures = inputFailures(result);
  const tallies: EngineTally[] = [];
  for (const engine of engines) {
    try {
      tallies.push(...(await runEngine(engine, file, subjects, { result, decoded })));
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      failures.push({ kind: 'engine', message: `${engine.name} ${engine.version}: ${error.message}` });
    }
  }
  return assemble({
    capture: captureSummary(result.file, result.capture, result.connections),
    engines: engines.flatMap((engine) => subjects.map((subject) => engineSummary(engine, subject))),
    connections: book.reports(result.session.transport),
    tallies: engines.length === 0 ? null : tallies,
    against: 'plugin',
    notes: result.reasons,
    failures,
  });
}

function protocolsOf(subjects: readonly Subject[]): Protocol[] {
  return subjects.map(({ protocol }) => protocol);
}

function inputFailures({ file, capture }: DecodeResult): Failure[] {
  return capture.end.kind === 'complete'
    ? []
    : [{ kind: 'input', message: `${file}: ${capture.end.message}` }];
}

interface Decoded {
  readonly result: DecodeResult;
  readonly decoded: readonly [Connection, SessionPdu][];
}

async function runEngine(
  engine: Engine,
  file: string,
  subjects: readonly Subject[],
  { result, decoded }: Decoded,
): Promise<EngineTally[]> {
  const label = `${engine.name} ${engine.version}`;
  const diagnosis = (frame: number): Diagnosis | null => homelessDiagnosis(result.session, frame);
  const checks = new Map(
    subjects.map(({ protocol }) => [protocol.id, new CrossCheck(pluginView(protocol), label, diagnosis)]),
  );
  for (const [connection, pdu] of decoded) checks.get(connection.protocol.id)?.decoded(connection, pdu);
  for (const { plugin } of subjects) await engine.checkPlugin(plugin);
  const request = {
    capture: file,
    plugins: subjects.map(({ plugin }) => plugin),
    layers: subjects.map(({ protocol }) => protocol.filter),
    preferences: preferencesFor(result.connections),
    decodeAs: [],
    twoPass: false,
    ranges: true,
    filter: null,
  };
  const end = await engine.dissect(request, (packet) => {
    for (const check of checks.values()) {
      check.observed(packet, () => ownerOf(result.session, packet));
      check.settleBefore(packet.frame);
    }
  });
  refuseBadEnd(end);
  return [...checks.values()].map((check) => check.finish());
}

/** A capture that is cut was told of by our own reader already. */
function refuseBadEnd(end: DissectionEnd): void {
  if (end.kind === 'cut' || end.kind === 'not-json') throw new EngineError('engine-failed', end.message);
}

/**
 * Reordered segments are dissected only with the preference; at a hole the preference stops the whole direction
 * (docs/diagnoses.md).
 */
function preferencesFor(connections: readonly Connection[]): Record<string, string> {
  const reordered = connections.some(
    ({ reorderedFrom }) => reorderedFrom.c2s !== null || reorderedFrom.s2c !== null,
  );
  return { 'tcp.reassemble_out_of_order': reordered ? 'TRUE' : 'FALSE' };
}

export function captureSummary(
  file: string,
  capture: FileSummary,
  connections: readonly Connection[],
): CaptureSummary {
  return {
    file,
    linkTypes: capture.linkTypes.map((type) => linkTypeName(type) ?? `LINKTYPE ${type}`),
    frames: capture.packets,
    truncated: capture.end.kind !== 'complete',
    gaps: connections.reduce((sum, { holes }) => sum + holes.length, 0),
  };
}

function engineSummary(engine: Engine, { protocol }: Subject): EngineSummary {
  const { name, version, lua } = engine;
  return { name, version, lua, plugin: protocol.id, pluginHash: protocol.hash };
}
