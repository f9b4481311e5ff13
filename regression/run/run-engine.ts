import { type FieldPlan, observePdu, type ObservedPdu, planFields } from '../../analyzer/index.ts';
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
  readonly wantsColumns: boolean;
  readonly keylog?: string | undefined;
}

interface Draft {
  readonly shown: ShownPdu[];
  readonly troubles: string[];
}

export function labelOf({ name, version }: Engine): string {
  return `${name} ${version}`;
}

/** Lets one engine dissect the capture with the generated plugin. A failure of the engine is a result, not thrown. */
export async function runEngine(engine: Engine, task: EngineTask): Promise<EngineRun> {
  const drafts = new Map<Case, Draft>(task.cases.map((item) => [item, { shown: [], troubles: [] }]));
  const base = { engine, label: labelOf(engine), cases: drafts };
  try {
    const asked = await Promise.allSettled([columnsOf(engine, task), dissect(engine, task, drafts)]);
    const [columns, dissection] = asked;
    if (dissection.status === 'rejected') throw dissection.reason;
    if (columns.status === 'rejected') throw columns.reason;
    return { ...base, columns: columns.value, failure: null };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { ...base, columns: null, failure: error.message };
  }
}

async function dissect(engine: Engine, task: EngineTask, drafts: ReadonlyMap<Case, Draft>): Promise<void> {
  const plan = planFields(task.protocol);
  const clients = byClient(task.cases);
  const end = await engine.dissect(requestOf(task), (packet) => {
    const item = caseOf(packet, clients);
    const draft = item === undefined ? undefined : drafts.get(item);
    if (draft !== undefined) take(packet, plan, draft);
  });
  if (end.kind !== 'complete') throw new EngineError('engine-failed', end.message);
}

function requestOf({ capture, plugin, protocol, keylog }: EngineTask): Parameters<Engine['dissect']>[0] {
  return {
    capture,
    plugins: [plugin],
    layers: [protocol.filter],
    preferences: { 'tcp.reassemble_out_of_order': 'FALSE' },
    decodeAs: [],
    keylog,
    twoPass: false,
    ranges: true,
    filter: null,
  };
}

function caseOf({ tcp, udp }: DissectedPacket, clients: ReadonlyMap<string, Case>): Case | undefined {
  const transport = tcp ?? udp;
  if (transport === null) return undefined;
  return clients.get(transport.sourceAddress) ?? clients.get(transport.destinationAddress);
}

function take(packet: DissectedPacket, plan: FieldPlan, { shown, troubles }: Draft): void {
  for (const layer of packet.layers) {
    if (layer.name !== plan.protocol) continue;
    shown.push({ observed: observePdu(packet.frame, layer, plan.names), experts: expertsOf(layer) });
  }
  const words = [...packet.engineErrors, ...packet.malformed, ...packet.problems];
  for (const text of words) troubles.push(`packet ${packet.frame}: ${text}`);
}

/** As deep as the reader of the engine's output lets trees be. */
function expertsOf(node: DissectedNode): readonly ExpertInfo[] {
  return [...node.experts, ...node.children.flatMap(expertsOf)];
}

async function columnsOf(engine: Engine, task: EngineTask): Promise<ReadonlyMap<number, string> | null> {
  if (!task.wantsColumns || engine.infoColumns === undefined) return null;
  return engine.infoColumns(requestOf(task));
}
