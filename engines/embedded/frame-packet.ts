import type { DissectedNode, DissectedPacket, ExpertInfo, RawRange } from '../dissected.ts';
import { engineError } from '../json/expert-info.ts';
import { PacketDraft, tellsOfTrouble } from '../json/packet-draft.ts';
import { TextCache } from '../json/text-cache.ts';
import { TransportFields } from '../json/transport-fields.ts';
import { KEYS, TRANSPORT_LAYERS } from '../json/transport-slots.ts';
import { readBitPattern } from './bit-pattern.ts';
import { readExpertLabel } from './expert-label.ts';
import type { FieldNames } from './field-names.ts';
import { type FilterText, readFilterText } from './filter-text.ts';
import { listOf, type Session, type TreeItem } from './wiregasm.ts';

/** tshark's own trees end there too (`gui.max_tree_depth`). */
const MAX_DEPTH = 500;

/** Makes packets of the embedded engine's frames. */
export class FrameReader {
  readonly #session: Session;
  readonly #names: FieldNames;
  readonly #wanted: ReadonlySet<string>;
  readonly #fields = new TransportFields(new TextCache());
  #draft = new PacketDraft();
  #sources: readonly Buffer[] = [];
  #layer = '';

  constructor(session: Session, names: FieldNames, layers: readonly string[]) {
    this.#session = session;
    this.#names = names;
    this.#wanted = new Set(layers);
  }

  read(number: number): DissectedPacket {
    this.#draft = new PacketDraft();
    this.#fields.reset();
    const frame = this.#session.getFrame(number);
    const items = listOf(frame.tree);
    this.#sources = listOf(frame.data_sources).map(({ data }) => Buffer.from(data, 'base64'));
    for (const item of items) {
      this.#readLayer(item);
      item.tree.delete();
    }
    return this.#draft.finish(number, this.#fields);
  }

  #readLayer(item: TreeItem): void {
    const name = readFilterText(item.filter).name ?? item.label;
    this.#layer = name;
    this.#draft.addName(name, 1);
    if (TRANSPORT_LAYERS.has(name)) this.#readTransport(name, item);
    if (this.#wanted.has(name)) this.#draft.layers.push({ ...this.#node(item, '', 0), name, value: null });
    else if (tellsOfTrouble(name)) this.#draft.addTrouble(this.#trouble(item, name), false);
  }

  /** A layer without children shows its label in JSON, and so it is here. */
  #trouble(item: TreeItem, name: string): DissectedNode {
    const node = this.#node(item, '', 0);
    return { ...node, name, value: node.children.length === 0 ? item.label : null };
  }

  #readTransport(layer: string, item: TreeItem): void {
    this.#fields.begin(layer);
    eachItem(item, (child) => {
      const { name, value } = readFilterText(child.filter);
      const slot = name === null ? null : KEYS.get(name)?.value;
      if (slot === null || slot === undefined || value === null) return;
      const bytes = Buffer.from(value);
      if (!this.#fields.takeText(slot, bytes, 0, bytes.length)) {
        this.#draft.problems.push(`"${String(name)}" is not what its values look like, and was left out.`);
      }
    });
  }

  #node(item: TreeItem, parent: string, depth: number): DissectedNode {
    const { name, value, isField } = this.#nameAndValue(item, parent);
    const children: DissectedNode[] = [];
    const experts: ExpertInfo[] = [];
    if (depth >= MAX_DEPTH)
      this.#draft.problems.push(`Below "${name}" the tree is too deep and was left out.`);
    else {
      eachItem(item, (child) => {
        if (child.filter === '_ws.expert') experts.push(this.#expert(child));
        else children.push(this.#node(child, name, depth + 1));
      });
    }
    // As in JSON, an item without value is "" when nothing hangs on it, and free text has no octets.
    const isBare = value === null && children.length === 0 && experts.length === 0;
    return { name, value: isBare ? '' : value, raw: isField ? this.#range(item) : null, children, experts };
  }

  #nameAndValue(
    item: TreeItem,
    parent: string,
  ): FilterText & { readonly name: string; readonly isField: boolean } {
    const { name, value } = readFilterText(item.filter);
    const field = name ?? this.#names.find(this.#layer, parent, item.label);
    return { name: field ?? item.label, value, isField: field !== null };
  }

  #expert(item: TreeItem): ExpertInfo {
    let name = '';
    eachItem(item, (child) => {
      name ||= readFilterText(child.filter).name ?? '';
    });
    const expert = { name, ...readExpertLabel(item.label) };
    const error = engineError(expert);
    if (error !== null) this.#draft.errors.push(error);
    return expert;
  }

  /** An item without octets has no range, as with `-x`. */
  #range(item: TreeItem): RawRange | null {
    const source = this.#sources[item.data_source_idx];
    if (item.length <= 0 || item.start < 0) return null;
    const octets = source?.subarray(item.start, item.start + item.length);
    const pattern = readBitPattern(item.label);
    return {
      hex: pattern !== null || octets?.length !== item.length ? null : octets.toString('hex'),
      position: item.start,
      length: item.length,
      bitmask: pattern?.bitmask ?? 0n,
      masked: pattern?.masked ?? null,
      dataSource: source === undefined ? null : item.data_source_idx,
    };
  }
}

/** Children are copies that must be given back one by one. */
function eachItem(item: TreeItem, visit: (child: TreeItem) => void): void {
  const count = item.tree.size();
  for (let index = 0; index < count; index++) {
    const child = item.tree.get(index);
    visit(child);
    child.tree.delete();
  }
}
