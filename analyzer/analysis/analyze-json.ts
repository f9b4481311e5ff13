import { type DissectedPacket, type DissectionEnd, readPacketsFromFd } from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { builtinView } from '../compare/builtin-view.ts';
import { CrossCheck } from '../compare/cross-check.ts';
import { type EngineTally, joinTallies } from '../compare/tally.ts';
import { pluginView, type View } from '../compare/view.ts';
import { WEBSOCKET_DEFECTS } from '../websocket/builtin-defects.ts';
import type { Diagnosis } from '../compare/difference.ts';
import type { CaptureSummary, EngineSummary } from '../report/report.ts';
import { Bindings } from '../session/bindings.ts';
import type { Connection, SessionObserver } from '../session/connection.ts';
import { decodeCapture } from '../session/decode-capture.ts';
import { decoderOptions } from '../session/decoder-options.ts';
import { datagramOf, missingFrom, segmentOf } from '../session/from-json.ts';
import type { SessionPdu } from '../session/pdu.ts';
import { decryptedInJsonNote } from '../secure/secure-notes.ts';
import type { SecureCapture } from '../secure/secure-capture.ts';
import { Session } from '../session/session.ts';
import { whyNothing } from '../session/why-nothing.ts';
import { captureSummary } from './analyze-capture.ts';
import { type Analysis, assemble, type Failure } from './analysis.ts';
import { type BookOptions, ConnectionBook } from './connection-book.ts';
import { JsonFaults } from './json-faults.ts';
import { homelessDiagnosis, ownerOf } from './owners.ts';

export interface AnalyzeJsonOptions extends BookOptions {
  /** Descriptor that the JSON is read from. */
  readonly fd: number;
  /** How messages name the JSON. */
  readonly name: string;
  /** Capture to decode from; null: from the JSON's own `tcp.payload`. */
  readonly capture: string | null;
  /** What an engine decrypted of that capture. */
  readonly secure?: SecureCapture | null;
  /** JSON without our plugin's layers is a failure, also when it has the built-in's. */
  readonly requirePlugin: boolean;
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
  readonly reasons: readonly string[];
  readonly failures: readonly Failure[];
}

class JsonRun {
  private readonly protocols: readonly Protocol[];
  private readonly options: AnalyzeJsonOptions;
  private readonly book: ConnectionBook;
  private readonly bindings: Bindings;
  /** With our plugin's layers, and with those of the dissector that it replaces: which are there shows in the end. */
  private readonly checks: Record<'plugin' | 'builtin', ReadonlyMap<string, CrossCheck>>;
  private readonly layers: readonly string[];
  private readonly faults = new JsonFaults();
  private session: Session | undefined;
  private packets = 0;
  private decodedPdus = 0;

  constructor(protocols: readonly Protocol[], options: AnalyzeJsonOptions) {
    this.protocols = protocols;
    this.options = options;
    this.bindings = new Bindings(protocols, decoderOptions());
    this.book = new ConnectionBook(options, this.bindings.all);
    const views = this.bindings.all.map(({ protocol, decoder }) => ({
      id: protocol.id,
      plugin: pluginView(protocol),
      builtin: builtinView(protocol, decoder, protocol.id === 'websocket' ? WEBSOCKET_DEFECTS : undefined),
    }));
    const check = (view: View): CrossCheck =>
      new CrossCheck(view, PIPE_ENGINE, (frame) => this.homeless(frame));
    this.checks = {
      plugin: new Map(views.map(({ id, plugin }) => [id, check(plugin)])),
      builtin: new Map(
        views.flatMap(({ id, builtin }) => (builtin === undefined ? [] : [[id, check(builtin)]])),
      ),
    };
    this.layers = views.flatMap(({ plugin, builtin }) => [
      plugin.layer,
      ...(builtin === undefined ? [] : [builtin.layer]),
    ]);
  }

  async analyze(): Promise<Analysis> {
    const { capture } = this.options;
    return capture === null ? this.fromJson() : this.fromCapture(capture);
  }

  /** Our own decoding from the octets that the JSON carries, packet by packet beside the engine's. */
  private fromJson(): Analysis {
    const session = new Session(this.bindings, this.observer());
    this.session = session;
    const end = this.read((packet) => {
      const transport = segmentOf(packet) ?? datagramOf(packet);
      if (transport !== undefined) session.push(transport);
      this.faults.missing(missingFrom(packet), packet.frame);
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
    return this.conclude(end, { capture: summary, reasons, failures: [] });
  }

  private async fromCapture(file: string): Promise<Analysis> {
    const result = await decodeCapture(file, this.bindings, this.observer(), {
      secure: this.options.secure ?? null,
    });
    const { session, capture } = result;
    this.session = session;
    const end = this.read((packet) => this.observed(session, packet, packet.frame));
    const failures: Failure[] =
      capture.end.kind === 'complete'
        ? []
        : [{ kind: 'input', message: `${result.file}: ${capture.end.message}` }];
    const summary = captureSummary(result.file, capture, result.connections);
    return this.conclude(end, { capture: summary, reasons: result.reasons, failures });
  }

  private homeless(frame: number): Diagnosis | null {
    return this.session === undefined ? null : homelessDiagnosis(this.session, frame);
  }

  private observer(): SessionObserver {
    return {
      opened: (connection: Connection) => this.book.opened(connection),
      delivered: (connection: Connection, pdu: SessionPdu) => this.book.delivered(connection, pdu),
      pdu: (connection: Connection, pdu: SessionPdu) => {
        this.decodedPdus += 1;
        this.book.pdu(connection, pdu);
        const id = pdu.protocol;
        this.checks.plugin.get(id)?.decoded(connection, pdu);
        this.checks.builtin.get(id)?.decoded(connection, pdu);
      },
    };
  }

  private read(onPacket: (packet: DissectedPacket) => void): DissectionEnd {
    return readPacketsFromFd(this.options.fd, { layers: this.layers }, (packet) => {
      this.packets += 1;
      this.faults.packet(packet);
      onPacket(packet);
    });
  }

  private observed(session: Session, packet: DissectedPacket, settled: number): void {
    for (const check of [...this.checks.plugin.values(), ...this.checks.builtin.values()]) {
      check.observed(packet, () => ownerOf(session, packet));
      check.settleBefore(settled);
    }
  }

  private conclude(end: DissectionEnd, own: OwnSide): Analysis {
    const { capture, reasons, failures } = own;
    const sawPlugin = sawAny(this.checks.plugin);
    const sawBuiltin = !sawPlugin && sawAny(this.checks.builtin);
    const compared = sawPlugin || sawBuiltin;
    const against = sawBuiltin ? 'builtin' : 'plugin';
    const comparable = this.isComparable(compared);
    const jsonFailures = this.faults.failures({
      end,
      name: this.options.name,
      sawProtocol: compared && !(sawBuiltin && this.options.requirePlugin),
      decodedPdus: this.decodedPdus,
      protocols: this.protocols,
    });
    const tallies = comparable ? talliesOf(this.checks[against]) : [];
    const connections = this.session === undefined ? [] : this.book.reports(this.session.transport);
    return assemble({
      capture,
      engines: this.protocols.map(({ id }) => engineOf(sawPlugin ? id : null)),
      connections,
      tallies,
      against,
      notes: comparable
        ? [
            ...reasons,
            ...this.book.notes,
            ...this.decryptedNotes(tallies),
            ...(sawBuiltin ? [BUILTIN_NOTE] : []),
          ]
        : [],
      failures: [...failures, ...jsonFailures],
      unanalysed: this.session?.sightings.hasUnanalysed === true,
    });
  }

  /** The engine had the keys, and the JSON has only what it showed. */
  private decryptedNotes(tallies: readonly EngineTally[]): string[] {
    const shown = tallies
      .flatMap(({ explained }) => explained)
      .filter(({ diagnosis }) => diagnosis === 'tls')
      .reduce((sum, { count }) => sum + count, 0);
    return shown === 0 ? [] : [decryptedInJsonNote(shown)];
  }

  /** Where one side has nothing to go by, there is a failure, not a row of differences. */
  private isComparable(sawLayers: boolean): boolean {
    if (this.decodedPdus > 0) return sawLayers;
    return !this.faults.lacksOctets;
  }
}

const BUILTIN_NOTE =
  "The JSON comes from a tshark without our plugin: compared with Wireshark's own dissector, which has fewer fields " +
  'and known faults. Load the plugin with -X lua_script:plugin-out/websocket.lua for the full comparison.';

function engineOf(plugin: string | null): EngineSummary {
  return { name: PIPE_ENGINE, version: null, lua: null, plugin, pluginHash: null };
}

function sawAny(checks: ReadonlyMap<string, CrossCheck>): boolean {
  return [...checks.values()].some((check) => check.sawProtocol);
}

function talliesOf(checks: ReadonlyMap<string, CrossCheck>): EngineTally[] {
  return [
    joinTallies(
      PIPE_ENGINE,
      [...checks.values()].map((check) => check.finish()),
    ),
  ];
}
