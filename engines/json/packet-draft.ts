import type { DissectedNode, DissectedPacket, RawRange } from '../dissected.ts';
import type { TransportFields } from './transport-fields.ts';

/** Layers that tell of a dissection that broke off, not of a protocol. */
const BROKEN_OFF: ReadonlySet<string> = new Set(['_ws.malformed', '_ws.short', '_ws.unreassembled']);
const DISSECTOR_BUG = '_ws.dissector_bug';
const LUA_ERROR = 'Lua Error: ';

/** Whether a layer must be read whole although nobody asked for it. */
export function tellsOfTrouble(layer: string): boolean {
  if (!layer.startsWith('_ws.')) return layer.startsWith(LUA_ERROR);
  return BROKEN_OFF.has(layer) || layer === DISSECTOR_BUG || layer === '_ws.expert';
}

/** One packet while its layers come in. */
export class PacketDraft {
  readonly layerNames: string[] = [];
  readonly layers: DissectedNode[] = [];
  readonly errors: string[] = [];
  readonly filtered: string[] = [];
  readonly problems: string[] = [];
  readonly #malformed: string[] = [];
  /** Ranges under `NAME_raw`, which stands before the layers of that name. */
  rangesOf = '';
  ranges: readonly (RawRange | null)[] = [];

  addName(layer: string, count: number): void {
    for (let index = 0; index < count; index++) this.layerNames.push(layer);
  }

  /** `-j` or `-J` kept out what the layer or item holds; each name once. */
  addFiltered(name: string): void {
    if (!this.filtered.includes(name)) this.filtered.push(name);
  }

  /**
   * A layer that tells of trouble. The expert infos of a Lua error or dissector bug are in `errors` already; what is
   * left to see is one whose content was filtered away.
   */
  addTrouble(node: DissectedNode, isFiltered: boolean): void {
    if (BROKEN_OFF.has(node.name)) {
      const message = node.experts.find((expert) => expert.message !== '')?.message;
      this.#malformed.push(message ?? (node.value === null || node.value === '' ? node.name : node.value));
    } else if (isFiltered) {
      this.errors.push(
        node.name === DISSECTOR_BUG ? 'Dissector bug (its text was filtered away)' : node.name,
      );
    }
  }

  finish(count: number, transport: TransportFields): DissectedPacket {
    const { frame } = transport;
    return {
      frame: frame ?? count,
      frameKnown: frame !== null,
      time: transport.time,
      layerNames: this.layerNames,
      layers: this.layers,
      tcp: transport.tcp(),
      udp: transport.udp(),
      engineErrors: this.errors,
      malformed: this.#malformed,
      filtered: this.filtered,
      problems: this.problems,
    };
  }
}
