import { didYouMean } from '../diagnostics/did-you-mean.ts';
import type { DiagnosticSink, Place } from '../diagnostics/diagnostic.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-node.ts';
import { abridged, describeNode } from './yaml-node.ts';

/** Reads the keys of one map, and reports those nobody asked for. Keys that begin with `-` are others' extensions. */
export class MapReader {
  readonly node: YamlMap;
  readonly where: string;
  readonly #sink: DiagnosticSink;
  readonly #entries: ReadonlyMap<string, YamlEntry>;
  readonly #known = new Set<string>();

  constructor(node: YamlMap, where: string, sink: DiagnosticSink) {
    this.node = node;
    this.where = where;
    this.#sink = sink;
    const entries = new Map<string, YamlEntry>();
    for (const entry of node.entries) {
      if (!entries.has(entry.key.text)) entries.set(entry.key.text, entry);
    }
    this.#entries = entries;
  }

  /** The value of a key that may stand here. */
  get(key: string): YamlNode | undefined {
    this.#known.add(key);
    return this.#entries.get(key)?.value;
  }

  /** True also of a key without a value. */
  has(key: string): boolean {
    return this.#entries.has(key);
  }

  require(key: string): YamlNode | undefined {
    const value = this.get(key);
    if (value === undefined) {
      this.#sink.report('spec/missing-key', this.headPlace, { key, where: this.where });
    }
    return value;
  }

  /** A map's own extent can be hundreds of lines: messages about the whole map point at its first key. */
  get headPlace(): Place {
    const first = this.node.entries[0]?.key.place.span ?? this.node.place.span;
    return { span: first, path: this.node.place.path };
  }

  /** To be called when all keys have been asked for. True: there were unknown ones. */
  reportUnknown(explain: (key: string) => string | undefined = () => undefined): boolean {
    let found = false;
    for (const { key } of this.#entries.values()) {
      if (this.#known.has(key.text)) continue;
      if (key.text.startsWith('-')) {
        this.#reportStrayExtension(key);
        continue;
      }
      found = true;
      const help = explain(key.text) ?? this.#sink.suggest(key.text, () => this.#known) ?? this.#allowed();
      this.#sink.report(
        'spec/unknown-key',
        key.place,
        { key: abridged(key.text), where: this.where },
        { help },
      );
    }
    return found;
  }

  /** Others' extensions are none of our business; ours at a place where it means nothing is, and so is a misspelt one. */
  #reportStrayExtension(key: YamlScalar): void {
    const meant = didYouMean(key.text, ['-wireshark']);
    if (meant === undefined) return;
    const help =
      key.text === meant
        ? 'It stands at the top of a spec, in types, attributes, instances, parameters, enum values and "valid".'
        : `Did you mean "${meant}"?`;
    this.#sink.report('spec/unknown-key', key.place, { key: key.text, where: this.where }, { help });
  }

  #allowed(): string {
    return `Keys allowed here: ${[...this.#known].sort().join(', ')}.`;
  }
}

/** What the readers of single values share: each reports what it cannot use and gives undefined. */
export class ValueReader {
  readonly sink: DiagnosticSink;

  constructor(sink: DiagnosticSink) {
    this.sink = sink;
  }

  map(node: YamlNode, what: string): YamlMap | undefined {
    if (node.kind === 'map') return node;
    this.wrongShape(node, what, 'a map');
    return undefined;
  }

  /** A map reader over the node, when it is a map. */
  mapReader(node: YamlNode, what: string): MapReader | undefined {
    const map = this.map(node, what);
    return map === undefined ? undefined : new MapReader(map, what, this.sink);
  }

  list(node: YamlNode, what: string): readonly YamlNode[] {
    if (node.kind === 'list') return node.items;
    this.wrongShape(node, what, 'a list');
    return [];
  }

  /** A list, or one value for a list of one. */
  listOrOne(node: YamlNode): readonly YamlNode[] {
    return node.kind === 'list' ? node.items : [node];
  }

  /** Any scalar with a value; numbers and booleans as they were written. */
  scalar(node: YamlNode, what: string, expected = 'text'): YamlScalar | undefined {
    if (node.kind === 'scalar' && node.value !== null) return node;
    this.wrongShape(node, what, expected);
    return undefined;
  }

  text(node: YamlNode | undefined, what: string): string | undefined {
    return node === undefined ? undefined : this.scalar(node, what)?.text;
  }

  boolean(node: YamlNode | undefined, what: string): boolean | undefined {
    if (node === undefined) return undefined;
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
    this.wrongShape(node, what, 'true or false');
    return undefined;
  }

  integer(
    node: YamlNode | undefined,
    what: string,
    range: { readonly min: number; readonly max: number },
  ): number | undefined {
    if (node === undefined) return undefined;
    const expected = `an integer from ${String(range.min)} to ${String(range.max)}`;
    if (node.kind !== 'scalar' || typeof node.value !== 'bigint') {
      this.wrongShape(node, what, expected);
      return undefined;
    }
    if (node.value < BigInt(range.min) || node.value > BigInt(range.max)) {
      this.sink.report('spec/bad-value', node.place, { what, expected, found: abridged(node.text) });
      return undefined;
    }
    return Number(node.value);
  }

  /** One of some words. */
  word<W extends string>(node: YamlNode | undefined, what: string, words: readonly W[]): W | undefined {
    if (node === undefined) return undefined;
    const scalar = this.scalar(node, what);
    if (scalar === undefined) return undefined;
    const found = words.find((word) => word === scalar.text);
    if (found !== undefined) return found;
    this.sink.report(
      'spec/bad-value',
      scalar.place,
      { what, expected: oneOf(words), found: `"${abridged(scalar.text)}"` },
      { help: this.sink.suggest(scalar.text, () => words) },
    );
    return undefined;
  }

  identifier(node: YamlScalar, what: string): string | undefined {
    if (/^[a-z][a-z0-9_]*$/.test(node.text)) return node.text;
    const suggestion = node.text.toLowerCase().replace(/[^a-z0-9_]+/g, '_');
    const help = /^[a-z][a-z0-9_]*$/.test(suggestion) ? `Call it "${abridged(suggestion)}".` : undefined;
    this.sink.report('spec/bad-identifier', node.place, { what, id: abridged(node.text) }, { help });
    return undefined;
  }

  wrongShape(node: YamlNode, what: string, expected: string): void {
    const place = node.kind === 'scalar' ? node.place : headPlaceOf(node);
    this.sink.report('spec/wrong-shape', place, { what, expected, found: describeNode(node) });
  }
}

function headPlaceOf(node: YamlNode): Place {
  const first = node.kind === 'map' ? node.entries[0]?.key : node.kind === 'list' ? node.items[0] : undefined;
  return { span: first?.place.span ?? node.place.span, path: node.place.path };
}

/** `"le" or "be"` */
function oneOf(words: readonly string[]): string {
  const quoted = words.map((word) => `"${word}"`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`;
}
