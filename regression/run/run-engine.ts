import {
  type EngineTally,
  type FieldPlan,
  observePdu,
  type ObservedPdu,
  planFields,
} from '../../analyzer/index.ts';
import {
  type DissectedNode,
  type DissectedPacket,
  type Engine,
  EngineError,
  type ExpertInfo,
  type PluginFile,
} from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { byClient, type Case } from '../capture/cases.ts';
import type { InTurn } from './in-turn.ts';
import { withoutCarrier } from './carrier-columns.ts';
import { LossyChecks } from './lossy-checks.ts';
import type { SessionRun } from './run-session.ts';

/** One PDU as an engine shows it. */
export interface ShownPdu {
  readonly observed: ObservedPdu;
  readonly experts: readonly ExpertInfo[];
}

/** What an engine shows of one case. */
export interface EngineCase {
  readonly shown: readonly ShownPdu[];
  /** Lua errors and Wireshark's own notes that a dissection broke off, with their packets. */
  readonly troubles: readonly string[];
  /** Display filters of the expert infos at the heads of its upgrade. */
  readonly atHeads: ReadonlySet<string>;
  /** Where octets are missing: how it compares with what our session makes of the same capture; null: none are. */
  readonly tally: EngineTally | null;
}

/** One engine's view of the capture. */
export interface EngineRun {
  readonly engine: Engine;
  /** `tshark 4.0.17` */
  readonly label: string;
  readonly cases: ReadonlyMap<Case, EngineCase>;
  /** The Info column by packet; null: not asked for, or the engine has none. */
  readonly columns: ReadonlyMap<number, string> | null;
  /** The engine or the plugin failed: what it showed may be incomplete. */
  readonly failure: string | null;
}

export interface EngineTask {
  readonly capture: string;
  readonly plugin: PluginFile;
  readonly protocol: Protocol;
  readonly cases: readonly Case[];
  /** What an engine is asked first does not need it. */
  readonly session: SessionRun | Promise<SessionRun>;
  /** Takes turns with all other runs of engines; undefined: there are no others. */
  readonly inTurn?: InTurn | undefined;
  readonly preferences: Readonly<Record<string, string>>;
  readonly wantsColumns: boolean;
  readonly keylog?: string | undefined;
}

interface Draft {
  readonly shown: ShownPdu[];
  readonly troubles: string[];
  readonly atHeads: Set<string>;
  tally: EngineTally | null;
}

export function labelOf({ name, version }: Engine): string {
  return `${name} ${version}`;
}

/** Lets one engine dissect the capture with the generated plugin. A failure of the engine is a result, not thrown. */
export async function runEngine(engine: Engine, task: EngineTask): Promise<EngineRun> {
  const drafts = new Map<Case, Draft>(
    task.cases.map((item) => [item, { shown: [], troubles: [], atHeads: new Set(), tally: null }]),
  );
  const base = { engine, label: labelOf(engine), cases: drafts };
  try {
    const caseOfFrame = new Map<number, Case>();
    const inTurn: InTurn = task.inTurn ?? ((job) => job());
    const shown = async (): Promise<void> => {
      const session = await task.session;
      await inTurn(() => dissect(engine, { ...task, session }, { drafts, caseOfFrame }));
    };
    const asked = await Promise.allSettled([inTurn(() => columnsOf(engine, task)), shown()]);
    const [columns, dissection] = asked;
    if (dissection.status === 'rejected') throw dissection.reason;
    if (columns.status === 'rejected') throw columns.reason;
    return { ...base, columns: withoutCarrier(columns.value, caseOfFrame), failure: null };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { ...base, columns: null, failure: error.message };
  }
}

/** One engine's runs over several captures as one; the columns are those of the first. */
export function mergeRuns(runs: readonly EngineRun[]): EngineRun | undefined {
  const [first] = runs;
  if (first === undefined) return undefined;
  return {
    ...first,
    cases: new Map(runs.flatMap(({ cases }) => [...cases])),
    failure: runs.find(({ failure }) => failure !== null)?.failure ?? null,
  };
}

interface Drafts {
  readonly drafts: ReadonlyMap<Case, Draft>;
  /** Whose packets are those with our layer. */
  readonly caseOfFrame: Map<number, Case>;
}

async function dissect(
  engine: Engine,
  task: Omit<EngineTask, 'session'> & { readonly session: SessionRun },
  { drafts, caseOfFrame }: Drafts,
): Promise<void> {
  const plan = planFields(task.protocol);
  const clients = byClient(task.cases);
  const lossy = new LossyChecks(task, labelOf(engine));
  const end = await engine.dissect(requestOf(task), (packet) => {
    const item = caseOf(packet, clients);
    const draft = item === undefined ? undefined : drafts.get(item);
    if (item === undefined || draft === undefined) return;
    if (packet.layers.some(({ name }) => name === plan.protocol)) caseOfFrame.set(packet.frame, item);
    takeLayers(packet, plan, draft);
    takeHeads(packet, headsLayers(task.protocol), draft);
    if (item.lossy) lossy.observed(item, packet);
    takeTroubles(packet, item, draft);
  });
  for (const [item, tally] of lossy.finish()) {
    const draft = drafts.get(item);
    if (draft !== undefined) draft.tally = tally;
  }
  if (end.kind !== 'complete') throw new EngineError('engine-failed', end.message);
}

function requestOf({
  capture,
  plugin,
  protocol,
  preferences,
  keylog,
}: Omit<EngineTask, 'session'>): Parameters<Engine['dissect']>[0] {
  return {
    capture,
    plugins: [plugin],
    layers: [protocol.filter, ...headsLayers(protocol)],
    preferences,
    decodeAs: [],
    keylog,
    twoPass: false,
    ranges: true,
    filter: packetsToShow(protocol),
  };
}

/**
 * Packets with PDUs, heads of an upgrade that something is wrong with, and those in which a dissection failed. Writing
 * all the others takes long. Severity: above `chat`, which is what Wireshark has to say of every head.
 */
function packetsToShow(protocol: Protocol): string {
  const heads = headsLayers(protocol).map((layer) => `(${layer} and _ws.expert.severity > 0x200000)`);
  return [protocol.filter, ...heads, ...TROUBLES].join(' or ');
}

/** Names that every Wireshark from 4.0 on has. */
const TROUBLES = [
  '_ws.lua',
  '_ws.malformed',
  '_ws.short',
  '_ws.unreassembled',
  // Of severity error; a fault of a dissector has no name of its own before 4.4.
  '_ws.expert.severity == 0x800000',
];

function caseOf({ tcp, udp }: DissectedPacket, clients: ReadonlyMap<string, Case>): Case | undefined {
  const transport = tcp ?? udp;
  if (transport === null) return undefined;
  return clients.get(transport.sourceAddress) ?? clients.get(transport.destinationAddress);
}

function takeLayers(packet: DissectedPacket, plan: FieldPlan, { shown }: Draft): void {
  for (const layer of packet.layers) {
    if (layer.name !== plan.protocol) continue;
    shown.push({ observed: observePdu(packet.frame, layer, plan.names), experts: expertsOf(layer) });
  }
}

/** The plugin's second layer, where a protocol is switched to by an HTTP upgrade; Wireshark refuses names it lacks. */
function headsLayers({ filter, binds }: Protocol): readonly string[] {
  return binds.some(({ kind }) => kind === 'http-upgrade') ? [`${filter}_http`] : [];
}

function takeHeads(packet: DissectedPacket, layers: readonly string[], { atHeads }: Draft): void {
  for (const node of packet.layers) {
    if (layers.includes(node.name)) for (const { name } of expertsOf(node)) atHeads.add(name);
  }
}

/** What Wireshark says of a packet that is cut is no fault of the plugin's; a Lua error is one everywhere. */
function takeTroubles(packet: DissectedPacket, { lossy }: Case, { troubles }: Draft): void {
  const { engineErrors, malformed, problems } = packet;
  const words = lossy ? engineErrors : [...engineErrors, ...malformed, ...problems];
  for (const text of words) troubles.push(`packet ${packet.frame}: ${text}`);
}

/** As deep as the reader of the engine's output lets trees be. */
function expertsOf(node: DissectedNode): readonly ExpertInfo[] {
  return [...node.experts, ...node.children.flatMap(expertsOf)];
}

async function columnsOf(engine: Engine, task: EngineTask): Promise<ReadonlyMap<number, string> | null> {
  if (!task.wantsColumns || engine.infoColumns === undefined) return null;
  return engine.infoColumns({ ...requestOf(task), filter: task.protocol.filter });
}
