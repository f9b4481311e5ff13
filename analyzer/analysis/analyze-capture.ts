import { type Engine, EngineError } from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { linkTypeName } from '../capture/link-types.ts';
import type { CaptureSummary as FileSummary } from '../capture/captured-packet.ts';
import type { EngineTally } from '../compare/tally.ts';
import type { CaptureSummary, EngineSummary } from '../report/report.ts';
import { Bindings } from '../session/bindings.ts';
import type { Connection } from '../session/connection.ts';
import { decodeCapture, type DecodeResult } from '../session/decode-capture.ts';
import { decoderOptions } from '../session/decoder-options.ts';
import type { SessionPdu } from '../session/pdu.ts';
import { type Analysis, assemble, type Failure } from './analysis.ts';
import { type BookOptions, ConnectionBook } from './connection-book.ts';
import { runEngine, type Subject } from './engine-run.ts';
import { openSecure } from '../secure/open-secure.ts';

export interface AnalyzeOptions extends BookOptions {
  /** File with the secrets of TLS sessions; undefined: those that the capture carries. */
  readonly keylog?: string | undefined;
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
  const bindings = new Bindings(protocolsOf(subjects), decoderOptions());
  const book = new ConnectionBook(options, bindings.all);
  const decoded: [Connection, SessionPdu][] = [];
  const observer = {
    opened: (connection: Connection): void => book.opened(connection),
    pdu: (connection: Connection, pdu: SessionPdu): void => {
      book.pdu(connection, pdu);
      if (engines.length > 0) decoded.push([connection, pdu]);
    },
    delivered: (connection: Connection, pdu: SessionPdu): void => book.delivered(connection, pdu),
  };
  const secure = await openSecure(file, { keylog: options.keylog, engines: () => Promise.resolve(engines) });
  const result = await decodeCapture(file, bindings, observer, { ...options, secure });
  const failures = inputFailures(result);
  const tallies: EngineTally[] = [];
  for (const engine of engines) {
    try {
      tallies.push(await runEngine(engine, file, subjects, { result, decoded }));
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      failures.push({ kind: 'engine', message: `${engine.name} ${engine.version}: ${error.message}` });
    }
  }
  const connections = book.reports(result.session.transport);
  return assemble({
    capture: captureSummary(result.file, result.capture, result.connections),
    engines: engines.flatMap((engine) => subjects.map((subject) => engineSummary(engine, subject))),
    connections,
    tallies: engines.length === 0 ? null : tallies,
    against: 'plugin',
    notes: [...result.reasons, ...book.notes],
    failures,
    unanalysed: result.session.sightings.hasUnanalysed,
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
