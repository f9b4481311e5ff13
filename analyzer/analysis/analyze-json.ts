import { type DissectedPacket, type DissectionEnd, readPacketsFromFd } from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { CrossCheck } from '../compare/cross-check.ts';
import type { Diagnosis } from '../compare/difference.ts';
import type { CaptureSummary } from '../report/report.ts';
import { Bindings } from '../session/bindings.ts';
import type { Connection, SessionObserver } from '../session/connection.ts';
import { decodeCapture } from '../session/decode-capture.ts';
import { decoderOptions } from '../session/decoder-options.ts';
import { datagramOf, missingFrom, segmentOf } from '../session/from-json.ts';
import type { SessionPdu } from '../session/pdu.ts';
import { Session } from '../session/session.ts';
import { whyNothing } from '../session/why-nothing.ts';
import { captureSummary } from './analyze-capture.ts';
import { type Analysis, assemble, type Failure } from './analysis.ts';
import { ConnectionBook } from './connection-book.ts';
import { JsonFaults } from './json-faults.ts';
import { homelessDiagnosis, ownerOf } from './owners.ts';

export interface AnalyzeJsonOptions {
  /** Descriptor that the JSON is read from. */
  readonly fd: number;
  /** How messages name the JSON. */
  readonly name: string;
  /** Capture to decode from; null: from the JSON's own `tcp.payload`. */
  readonly capture: string | null;
  readonly strict: boolean;
}

/** How an engine that somebody else ran is called in the report. */
const PIPE_ENGINE = 'tshark';

/**
 * Cross-checks the JSON of a tshark that somebody else ran.
 * @throws BindingClash, CaptureError
 */
export async function analyzeJson(
  protocols: readonly Protocol[],
  options: AnalyzeJsonOptions,
): Promise<Analysis> {
  const run = new JsonRun(protocols, options);
  return run.analyze();
}

/** What our own decoding came to. */
interface OwnSide {
  readonly capture: CaptureSummary;
  readonly connections: readonly Connection[];
  readonly reasons: readonly string[];
  readonly failures: readonly Failure[];
}

class JsonRun {
  private readonly protocols: readonly Protocol[];
  private readonly options: AnalyzeJsonOptions;
  private readonly book: ConnectionBook;
  private readonly checks: ReadonlyMap<string, CrossCheck>;
  private readonly faults = new JsonFaults();
  private session: Session | undefined;
  private packets = 0;
  private decodedPdus = 0;

  constructor(protocols: readonly Protocol[], options: AnalyzeJsonOptions) {
    this.protocols = protocols;
    this.options = options;
    this.book = new ConnectionBook(options.strict);
    this.checks = new Map(
      protocols.map((protocol) => [
        protocol.id,
        new CrossCheck(protocol, PIPE_ENGINE, (frame) => this.homeless(frame)),
      ]),
    );
  }

  async analyze(): Promise<Analysis> {
    const { capture } = this.options;
    return capture === null ? this.fromJson() : this.fromCapture(capture);
  }

  /** Our own decoding from the octets that the JSON carries, packet by packet beside the engine's. */
  private fromJson(): Analysis {
    const session = new Session(new Bindings(this.protocols, decoderOptions()), this.observer());
    this.session = session;
    const end = this.read((packet) => {
      const transport = segmentOf(packet) ?? datagramOf(packet);
      if (transport !== undefined) session.push(transport);
      if (packet.tcp !== null) this.faults.missing(missingFrom(packet.tcp), packet.frame);
      this.observed(session, packet, session.settledBefore(packet.frame));
    });
    session.finish();
    const summary: CaptureSummary = {
      file: this.options.name,
      linkTypes: [],
      frames: this.packets,
      truncated: end.kind !== 'complete',
      gaps: session.connections.reduce((sum, { holes }) => sum + holes.length, 0),
    };
    const reasons = this.packets === 0 ? [] : whyNothing(session, this.packets);
    return this.conclude(end, { capture: summary, connections: session.connections, reasons, failures: [] });
  }

  private async fromCapture(file: string): Promise<Analysis> {
    const result = await decodeCapture(file, this.protocols, this.observer());
    const { session, capture } = result;
    this.session = session;
    const end = this.read((packet) => this.observed(session, packet, packet.frame));
    const failures: Failure[] =
      capture.end.kind === 'complete'
        ? []
        : [{ kind: 'input', message: `${result.file}: ${capture.end.message}` }];
    const summary = captureSummary(result.file, capture, result.connections);
    const { connections, reasons } = result;
    return this.conclude(end, { capture: summary, connections, reasons, failures });
  }

  private homeless(frame: number): Diagnosis | null {
    return this.session === undefined ? null : homelessDiagnosis(this.session, frame);
  }

  private observer(): SessionObserver {
    return {
      opened: (connection: Connection) => this.book.opened(connection),
      pdu: (connection: Connection, pdu: SessionPdu) => {
        this.decodedPdus += 1;
        this.book.pdu(connection, pdu);
        this.checks.get(connection.protocol.id)?.decoded(connection, pdu);
      },
    };
  }

  private read(onPacket: (packet: DissectedPacket) => void): DissectionEnd {
    const layers = this.protocols.map(({ filter }) => filter);
    return readPacketsFromFd(this.options.fd, { layers }, (packet) => {
      this.packets += 1;
      this.faults.packet(packet);
      onPacket(packet);
    });
  }

  private observed(session: Session, packet: DissectedPacket, settled: number): void {
    for (const check of this.checks.values()) {
      check.observed(packet, () => ownerOf(session, packet));
      check.settleBefore(settled);
    }
  }

  private conclude(end: DissectionEnd, own: OwnSide): Analysis {
    const { capture, connections, reasons, failures } = own;
    const tallies = [...this.checks.values()].map((check) => check.finish());
    const sawProtocol = [...this.checks.values()].some((check) => check.sawProtocol);
    const jsonFailures = this.faults.failures({
      end,
      name: this.options.name,
      packets: this.packets,
      sawProtocol,
      decodedPdus: this.decodedPdus,
      protocols: this.protocols,
    });
    return assemble({
      capture,
      engines: this.protocols.map(({ id }) => ({
        name: PIPE_ENGINE,
        version: null,
        lua: null,
        plugin: sawProtocol ? id : null,
        pluginHash: null,
      })),
      connections: this.book.reports(),
      // Without the plugin's layers there is nothing to compare with; that is a failure, not a row of differences.
      tallies: sawProtocol || this.decodedPdus === 0 ? tallies : [],
      against: 'plugin',
      notes: connections.length === 0 || reasons.length > 0 ? reasons : [],
      failures: [...failures, ...jsonFailures],
    });
  }
}
