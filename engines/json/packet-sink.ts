import type { DissectedPacket } from '../dissected.ts';
import { BrokenJson } from './broken-json.ts';
import type { JsonSink, Verdict } from './json-tokenizer.ts';
import { OctetReader } from './octet-reader.ts';
import { OPEN_BRACKET } from './octets.ts';
import { PacketDraft, tellsOfTrouble } from './packet-draft.ts';
import { isRangeNext, readRanges } from './raw-range.ts';
import { TextCache } from './text-cache.ts';
import { TransportFields } from './transport-fields.ts';
import { TransportReader } from './transport-reader.ts';
import { TRANSPORT_LAYERS } from './transport-slots.ts';
import { TreeReader } from './tree-reader.ts';
import { ValueSkipper } from './value-skipper.ts';

type Container = 'document' | 'packet' | 'source' | 'layers' | 'layer-list';

/** How a layer is read; `octets`: what `-x` says of a layer that is wanted. */
type LayerUse = 'wanted' | 'octets' | 'trouble' | 'transport' | 'other';

/** Makes packets of the pieces of JSON, and passes over what nobody asked for. */
export class PacketSink implements JsonSink {
  readonly #wanted: ReadonlySet<string>;
  readonly #onPacket: (packet: DissectedPacket) => void;
  readonly #texts = new TextCache();
  readonly #reader = new OctetReader(this.#texts, new ValueSkipper());
  readonly #tree = new TreeReader(this.#reader);
  readonly #fields = new TransportFields(this.#texts);
  readonly #transport = new TransportReader(this.#reader, this.#fields);
  readonly #containers: Container[] = [];
  #draft = new PacketDraft();
  #key = '';
  #layer = '';
  #use: LayerUse = 'other';
  #hasLayers = false;
  /** Whole packets handed out. */
  count = 0;

  constructor(layers: readonly string[], onPacket: (packet: DissectedPacket) => void) {
    this.#wanted = new Set(layers);
    this.#onPacket = onPacket;
  }

  key(bytes: Buffer, start: number, end: number): Verdict {
    const key = this.#texts.text(bytes, start, end);
    if (this.#containers.at(-1) === 'layers') return this.#layerKey(key);
    this.#key = key;
    return key === (this.#containers.at(-1) === 'packet' ? '_source' : 'layers') ? 'take' : 'skip';
  }

  /** A layer, in one piece. */
  whole(bytes: Buffer, at: number): number {
    const reader = this.#reader;
    reader.begin(bytes, at);
    switch (this.#use) {
      case 'transport':
        this.#readTransport();
        break;
      case 'octets':
        this.#readRanges();
        break;
      case 'wanted':
      case 'trouble':
      case 'other':
        this.#readLayer();
        break;
    }
    this.skipped(reader.errors);
    return reader.at;
  }

  tooLong(length: number): void {
    this.#draft.problems.push(`Layer "${this.#layer}" was left out: ${length} octets of JSON are too many.`);
  }

  scalar(): void {
    const container = this.#containers.at(-1);
    if (container === 'layers' || container === 'layer-list') this.#draft.addName(this.#layer, 1);
    else this.#refuse();
  }

  open(isObject: boolean): Verdict {
    const container = this.#containers.at(-1);
    switch (container) {
      case undefined:
        return isObject ? this.#openPacket() : this.#enter('document');
      case 'document':
        if (!isObject) this.#refuse();
        return this.#openPacket();
      case 'packet':
        if (!isObject) this.#refuse();
        return this.#enter('source');
      case 'source':
        if (!isObject) this.#refuse();
        this.#hasLayers = true;
        return this.#enter('layers');
      case 'layers':
      case 'layer-list':
        return this.#openOther(isObject, container);
    }
  }

  close(): void {
    if (this.#containers.pop() === 'packet') this.#closePacket();
  }

  skipped(errors: number): void {
    if (errors > 0) this.#draft.errors.push(`Lua error or dissector bug inside the layer "${this.#layer}"`);
  }

  #enter(container: Container): Verdict {
    this.#containers.push(container);
    return 'take';
  }

  #openPacket(): Verdict {
    this.#draft = new PacketDraft();
    this.#fields.reset();
    this.#tree.reset();
    this.#hasLayers = false;
    return this.#enter('packet');
  }

  #closePacket(): void {
    if (!this.#hasLayers) this.#refuse();
    this.count++;
    this.#onPacket(this.#draft.finish(this.count, this.#fields));
  }

  #layerKey(key: string): Verdict {
    if (key === '_ws.lua.fake') return 'skip';
    this.#layer = key;
    this.#use = this.#useOf(key);
    return this.#use === 'other' ? 'take' : 'whole';
  }

  #useOf(key: string): LayerUse {
    if (this.#wanted.has(key)) return 'wanted';
    if (TRANSPORT_LAYERS.has(key)) return 'transport';
    if (tellsOfTrouble(key)) return 'trouble';
    return key.endsWith('_raw') && this.#wanted.has(key.slice(0, -'_raw'.length)) ? 'octets' : 'other';
  }

  /** A layer that nobody wants is passed over; of an array of them (`--no-duplicate-keys`) each one. */
  #openOther(isObject: boolean, container: Container): Verdict {
    if (isObject) {
      this.#draft.addName(this.#layer, 1);
      return 'skip';
    }
    // Octets that `-x` gives for a layer, or an array in an array.
    if (container === 'layer-list' || this.#layer.endsWith('_raw')) return 'skip';
    return this.#enter('layer-list');
  }

  #readTransport(): void {
    const count = this.#transport.read(this.#layer);
    this.#draft.addName(this.#layer, count);
    if (this.#transport.isFiltered) this.#draft.addFiltered(this.#layer);
    for (const key of this.#transport.unreadable) {
      this.#draft.problems.push(`"${key}" is not what its values look like, and was left out.`);
    }
  }

  #readRanges(): void {
    const reader = this.#reader;
    if (reader.peek() !== OPEN_BRACKET || !isRangeNext(reader)) {
      reader.skip();
      this.#draft.addName(this.#layer, 1);
      return;
    }
    this.#draft.ranges = readRanges(reader);
    this.#draft.rangesOf = this.#layer.slice(0, -'_raw'.length);
  }

  #readLayer(): void {
    const draft = this.#draft;
    const { bytes, at } = this.#reader;
    const nodes = this.#tree.layers(this.#layer, draft.rangesOf === this.#layer ? draft.ranges : []);
    draft.addName(this.#layer, nodes.length);
    draft.errors.push(...this.#tree.errors);
    if (this.#tree.leftOut > 0) {
      draft.problems.push(
        `${this.#tree.leftOut} branches of "${this.#layer}" were left out: too deep, or too many.`,
      );
    }
    if (this.#use === 'wanted') {
      for (const node of nodes) draft.layers.push({ ...node, value: null });
      for (const name of this.#tree.filtered) draft.addFiltered(name);
      if (TRANSPORT_LAYERS.has(this.#layer)) {
        this.#reader.begin(bytes, at);
        this.#transport.read(this.#layer);
      }
    } else {
      for (const node of nodes) draft.addTrouble(node, this.#tree.filtered.includes(node.name));
    }
  }

  #refuse(): never {
    const hint =
      this.#key === 'index' || this.#key === 'layers'
        ? 'this looks like "tshark -T ek"; "-T json" is needed'
        : 'it has no "_source" with "layers"';
    throw new BrokenJson(`JSON, but item ${this.count + 1} is no packet of "tshark -T json": ${hint}`);
  }
}
