import {
  aliasView,
  comparePdu,
  countAliases,
  type Decoder,
  observePdu,
  type View,
} from '../../analyzer/index.ts';
import { type DissectedNode, type Engine, EngineError, type PluginFile } from '../../engines/index.ts';
import type { Protocol } from '../../spec/index.ts';
import { byClient, type Case } from '../capture/cases.ts';
import { caseOfPacket, type FoundPdu, type WholeCases } from './whole-cases.ts';

/** What is wrong with the built-in's names below our plugin's layer, by case; sentences. */
export type AliasFaults = ReadonlyMap<Case, readonly string[]>;

/** Wireshark's own setting; hidden items are in its output only then. */
const SHOW_HIDDEN = { 'protocols.display_hidden_proto_items': 'TRUE' };

interface Shown {
  readonly frame: number;
  /** The item of the built-in's protocol, below ours. */
  readonly layer: DissectedNode | undefined;
}

/**
 * Lets an engine dissect the cases with the plugin, and holds the items that it has under the built-in's names against
 * the spec: they are hidden, and filters that people have use them. null: the spec names no built-in.
 * @throws EngineError
 */
export async function checkAliases(
  engine: Engine,
  whole: WholeCases,
  plugin: PluginFile,
): Promise<AliasFaults | null> {
  const { protocol, cases, found, decoder } = whole;
  const view = aliasView(protocol, decoder);
  if (view === undefined) return null;
  const shown = await dissect(engine, whole, plugin);
  const judge = new AliasJudge(protocol, decoder, view);
  return new Map(cases.map((item) => [item, judge.faultsOf(found.get(item) ?? [], shown.get(item) ?? [])]));
}

async function dissect(
  engine: Engine,
  { capture, cases, preferences, protocol }: WholeCases,
  plugin: PluginFile,
): Promise<ReadonlyMap<Case, readonly Shown[]>> {
  const clients = byClient(cases);
  const shown = new Map<Case, Shown[]>(cases.map((item) => [item, []]));
  const request = {
    capture,
    plugins: [plugin],
    layers: [protocol.filter],
    preferences: { ...preferences, ...SHOW_HIDDEN },
    decodeAs: [],
    twoPass: false,
    ranges: true,
    filter: protocol.filter,
  };
  const end = await engine.dissect(request, (packet) => {
    const item = caseOfPacket(packet, clients);
    const own = item === undefined ? undefined : shown.get(item);
    for (const node of packet.layers) {
      if (node.name !== protocol.filter) continue;
      const layer = node.children.find(({ name }) => name === protocol.replaces?.dissector);
      own?.push({ frame: packet.frame, layer });
    }
  });
  if (end.kind !== 'complete') throw new EngineError('engine-failed', end.message);
  return shown;
}

class AliasJudge {
  readonly #name: string;
  readonly #decoder: Decoder;
  readonly #view: View;

  constructor(protocol: Protocol, decoder: Decoder, view: View) {
    this.#name = protocol.replaces?.dissector ?? '';
    this.#decoder = decoder;
    this.#view = view;
  }

  /** PDUs that are not whole have no aliases, and their number is judged elsewhere. */
  faultsOf(found: readonly FoundPdu[], shown: readonly Shown[]): readonly string[] {
    return found.flatMap(({ connection, pdu }, index) => {
      const seen = shown[index];
      if (seen === undefined || pdu.problem !== null) return [];
      const place = `PDU ${index + 1}`;
      if (seen.layer === undefined) return [`${place}: there is no item "${this.#name}" below the plugin's.`];
      const { raw, ...rest } = seen.layer;
      const observed = observePdu(seen.frame, { ...rest, raw }, this.#view.plan.names);
      const { differences } = comparePdu(this.#view.expect(connection, pdu), observed, this.#view);
      const texts = differences.map(
        ({ field, decoded, tshark, kind }) =>
          `${place}: ${field} ${kind === 'range' ? 'covers' : 'is'} ${tshark ?? '(absent)'}, the spec says ${decoded ?? '(absent)'}.`,
      );
      return [...texts, ...this.#counts(pdu, seen.layer, place)];
    });
  }

  /** Of a name with a type that depends on the version, only whether it is there. */
  #counts(pdu: FoundPdu['pdu'], layer: DissectedNode, place: string): readonly string[] {
    const wanted = countAliases(pdu, this.#decoder);
    const names = new Set([...wanted.keys(), ...layer.children.map(({ name }) => name)]);
    return [...names]
      .filter((name) => !this.#view.plan.names.has(name))
      .flatMap((name) => {
        const expected = wanted.get(name) ?? 0;
        const found = layer.children.filter((child) => child.name === name).length;
        return expected === found
          ? []
          : [`${place}: ${name} is there ${found} times, the spec says ${expected}.`];
      });
  }
}
