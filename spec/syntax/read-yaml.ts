import { Composer, isAlias, isCollection, isMap, isNode, isPair, isScalar, Parser } from 'yaml';
import type { Alias, CST, Document, Node, Pair, ParsedNode, Scalar } from 'yaml';
import type { DiagnosticSink, Place } from '../diagnostics/diagnostic.ts';
import type { SourceText } from '../source.ts';
import { resolveScalar } from './resolve-scalar.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml-node.ts';
import { abridged } from './yaml-node.ts';
import { reportYamlFaults } from './yaml-fault.ts';

/** The largest spec of the Kaitai gallery has 176 KB; a megabyte takes the YAML parser about a second. */
export const MAX_SPEC_LENGTH = 1 << 20;
/** Types nested in types take two levels each; the parser's and our own recursion must stay far from the stack's end. */
export const MAX_YAML_DEPTH = 200;
/** Values of one file, aliases written out: nine lines of nested aliases could otherwise name billions. */
export const MAX_YAML_NODES = 300_000;

/** Reads one YAML document; undefined when it has no usable tree (the sink says why). */
export function readYaml(source: SourceText, sink: DiagnosticSink): YamlNode | undefined {
  const place = (start: number, end: number, path = '/'): Place => ({ span: { source, start, end }, path });
  if (source.text.length > MAX_SPEC_LENGTH) {
    sink.report('spec/too-large', place(0, 0), { length: source.text.length, limit: MAX_SPEC_LENGTH });
    return undefined;
  }
  const tokens = [...new Parser().parse(source.text)];
  const tooDeep = firstTooDeep(tokens);
  if (tooDeep !== undefined) {
    sink.report('spec/too-deep', place(tooDeep, tooDeep + 1), {
      what: 'Maps and lists',
      limit: MAX_YAML_DEPTH,
    });
    return undefined;
  }
  const options = { schema: 'failsafe', uniqueKeys: false, strict: true, prettyErrors: false } as const;
  const documents = [...new Composer(options).compose(tokens, true, source.text.length)];
  const [document, second] = documents;
  if (document === undefined) return undefined;
  if (second !== undefined) {
    sink.report('spec/yaml-feature', place(second.range[0], second.range[0]), {
      feature: 'A second YAML document',
    });
  }
  reportYamlFaults(document.errors, source, sink);
  if (document.errors.length > 0) return undefined;
  return new TreeReader(source, sink, document).read();
}

/** Offset of the first token nested too deep. Iterative: depth is what it must survive. */
function firstTooDeep(tokens: readonly CST.Token[]): number | undefined {
  const pending: { readonly token: CST.Token; readonly depth: number }[] = tokens.map((token) => ({
    token,
    depth: 0,
  }));
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { token, depth } = next;
    if (depth > MAX_YAML_DEPTH) return 'offset' in token ? token.offset : 0;
    if (token.type === 'document' && token.value !== undefined) pending.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const item of token.items) {
      if (item.key !== undefined && item.key !== null) pending.push({ token: item.key, depth: depth + 1 });
      if (item.value !== undefined) pending.push({ token: item.value, depth: depth + 1 });
    }
  }
  return undefined;
}

/** Turns the package's tree into ours. State: nodes made so far, and the anchors being written out (no cycles). */
class TreeReader {
  readonly #source: SourceText;
  readonly #sink: DiagnosticSink;
  readonly #contents: Node | null;
  readonly #targets: ReadonlyMap<Alias, Node>;
  readonly #open = new Set<Node>();
  #nodes = 0;

  constructor(source: SourceText, sink: DiagnosticSink, document: Document) {
    this.#source = source;
    this.#sink = sink;
    this.#contents = document.contents;
    this.#targets = aliasTargets(document.contents);
  }

  read(): YamlNode | undefined {
    if (this.#contents === null) return this.#empty(0, '/');
    return this.#node(this.#contents, '', undefined);
  }

  /** `at`: the alias through which the node is reached, whose place it then has. */
  #node(node: Node, path: string, at: Place | undefined): YamlNode | undefined {
    this.#nodes += 1;
    if (this.#nodes > MAX_YAML_NODES) {
      if (this.#nodes === MAX_YAML_NODES + 1) {
        this.#sink.report('spec/too-many-nodes', at ?? this.#place(node, path), { limit: MAX_YAML_NODES });
      }
      return undefined;
    }
    if (isAlias(node)) return this.#alias(node, path, at);
    const place = at === undefined ? this.#place(node, path) : { span: at.span, path };
    if (node.tag !== undefined && isUnusualTag(node.tag)) {
      this.#sink.report('spec/yaml-feature', place, { feature: `The tag "${abridged(node.tag)}"` });
    }
    if (isScalar(node)) return this.#scalar(node, place);
    if (!isCollection(node)) return undefined;
    this.#open.add(node);
    const result = isMap(node) ? this.#map(node.items, path, place, at) : this.#list(node, path, place, at);
    this.#open.delete(node);
    return result;
  }

  #alias(node: Alias, path: string, at: Place | undefined): YamlNode | undefined {
    const place = at ?? this.#place(node, path);
    const target = this.#targets.get(node);
    if (target === undefined || this.#open.has(target)) {
      this.#sink.report('spec/yaml-feature', place, {
        feature: target === undefined ? `The alias "${node.source}" without its anchor` : 'An endless alias',
      });
      return undefined;
    }
    return this.#node(target, path, place);
  }

  #map(items: readonly Pair[], path: string, place: Place, at: Place | undefined): YamlMap {
    const entries: YamlEntry[] = [];
    const seen = new Map<string, YamlScalar>();
    for (const item of items) {
      const key = this.#key(item.key as Node | null, path, at);
      if (key === undefined) continue;
      const name = String(key.value);
      const first = seen.get(name);
      if (first === undefined) seen.set(name, key);
      else this.#reportTwice(key, first);
      const below = `${path}/${name}`;
      const value =
        item.value === null || item.value === undefined
          ? this.#empty(key.place.span.end, below)
          : this.#node(item.value as Node, below, at);
      if (value !== undefined) entries.push({ key, value });
    }
    return { kind: 'map', place, entries };
  }

  #reportTwice(key: YamlScalar, first: YamlScalar): void {
    this.#sink.report(
      'spec/duplicate-key',
      key.place,
      { key: abridged(key.text) },
      { notes: [{ message: 'It first stands here.', place: first.place }] },
    );
  }

  #key(key: Node | null, path: string, at: Place | undefined): YamlScalar | undefined {
    const node = key === null ? this.#empty(0, path) : this.#node(key, path, at);
    if (node === undefined) return undefined;
    if (node.kind !== 'scalar') {
      this.#sink.report('spec/yaml-feature', node.place, { feature: 'A map or a list as a key' });
      return undefined;
    }
    return { ...node, place: { span: node.place.span, path: `${path}/${String(node.value)}` } };
  }

  #list(
    node: { readonly items: readonly unknown[] },
    path: string,
    place: Place,
    at: Place | undefined,
  ): YamlNode {
    const items: YamlNode[] = [];
    for (const [index, item] of node.items.entries()) {
      const below = `${path}/${String(index)}`;
      const value = this.#listItem(item as ParsedNode | Pair | null, below, place, at);
      if (value !== undefined) items.push(value);
    }
    return { kind: 'list', place, items };
  }

  #listItem(
    item: Node | Pair | null,
    path: string,
    list: Place,
    at: Place | undefined,
  ): YamlNode | undefined {
    if (item === null) return this.#empty(list.span.start, path);
    if ('key' in item && 'value' in item && !('range' in item)) {
      // `[a: 1]` is a list of one-entry maps.
      return this.#map([item], path, { span: list.span, path }, at);
    }
    return this.#node(item as Node, path, at);
  }

  #scalar(node: Scalar, place: Place): YamlScalar {
    const text = typeof node.value === 'string' ? node.value : (node.source ?? '');
    const value = node.type === 'PLAIN' && node.tag !== STRING_TAG ? resolveScalar(text) : text;
    return { kind: 'scalar', place, value, text, textStart: this.#textStart(text, place) };
  }

  /** Text stands in the source as it is when it is on one line and has no escapes. */
  #textStart(text: string, place: Place): number | undefined {
    const { start } = place.span;
    for (const skipped of [0, 1]) {
      if (this.#source.text.startsWith(text, start + skipped)) return start + skipped;
    }
    return undefined;
  }

  #empty(offset: number, path: string): YamlScalar {
    const place = {
      span: { source: this.#source, start: offset, end: offset },
      path: path === '' ? '/' : path,
    };
    return { kind: 'scalar', place, value: null, text: '', textStart: undefined };
  }

  #place(node: Node, path: string): Place {
    const [start, end] = node.range ?? [0, 0];
    return { span: { source: this.#source, start, end }, path: path === '' ? '/' : path };
  }
}

const STRING_TAG = 'tag:yaml.org,2002:str';

function isUnusualTag(tag: string): boolean {
  return !['tag:yaml.org,2002:str', 'tag:yaml.org,2002:map', 'tag:yaml.org,2002:seq', '!'].includes(tag);
}

/** What each alias stands for: the last node before it with its anchor. One walk, where the package takes one an alias. */
function aliasTargets(contents: Node | null): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  const walk = (node: unknown): void => {
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target !== undefined) targets.set(node, target);
    } else if (isPair(node)) {
      walk(node.key);
      walk(node.value);
    } else if (isNode(node)) {
      if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) anchors.set(node.anchor, node);
      if (isCollection(node)) node.items.forEach(walk);
    }
  };
  walk(contents);
  return targets;
}
