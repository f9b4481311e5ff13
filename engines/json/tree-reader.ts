import type { DissectedNode, ExpertInfo, RawRange } from '../dissected.ts';
import { engineError, readExpert } from './expert-info.ts';
import type { OctetReader } from './octet-reader.ts';
import * as octets from './octets.ts';
import { isRangeNext, readRanges } from './raw-range.ts';

/** tshark's own trees end at 500 levels (`gui.max_tree_depth`). */
const MAX_DEPTH = 512;
/** tshark's own cap on the items of one packet (`gui.max_tree_items`). */
const MAX_NODES = 1_000_000;

const NO_NODES: readonly DissectedNode[] = [];
const NO_EXPERTS: readonly ExpertInfo[] = [];

/** A node while its children may still come. */
interface Draft {
  readonly name: string;
  readonly value: string | null;
  readonly raw: RawRange | null;
  children: readonly DissectedNode[];
  experts: readonly ExpertInfo[];
}

/** What one object has given so far. */
interface Level {
  readonly depth: number;
  readonly nodes: Draft[];
  experts: ExpertInfo[] | null;
  /** The first node of the key read last. */
  group: number;
  /** Ranges that came under `NAME_raw`, ahead of the nodes they belong to. */
  ranges: readonly (RawRange | null)[];
  rangesOf: string;
}

/**
 * Turns a layer's JSON back into the items it was written from.
 *
 * tshark writes up to three members for an item, next to each other: `NAME_raw` (octets, `-x`), `NAME` (its value, or
 * its children when it has no value) and `NAME_tree` (its children when it has a value). With `--no-duplicate-keys`
 * each is an array when the object has several such items, in the same order, with `""` where one has no children.
 */
export class TreeReader {
  readonly #reader: OctetReader;
  #count = 0;
  /** Branches passed over because a limit was reached. */
  leftOut = 0;
  /** Items whose content `-j` or `-J` kept out. */
  filtered: string[] = [];
  /** Lua errors and dissector bugs met in the tree. */
  errors: string[] = [];

  constructor(reader: OctetReader) {
    this.#reader = reader;
  }

  /** A packet begins. */
  reset(): void {
    this.#count = 0;
  }

  /** The layer, or layers, whose JSON comes next. One without children has its label for a value, as tshark writes it. */
  layers(name: string, ranges: readonly (RawRange | null)[]): readonly DissectedNode[] {
    this.leftOut = 0;
    this.filtered = [];
    this.errors = [];
    const level: Level = { depth: 0, nodes: [], experts: null, group: 0, ranges, rangesOf: name };
    this.#member(level, name);
    return level.nodes;
  }

  #branch(into: Draft, depth: number): void {
    const reader = this.#reader;
    if (depth >= MAX_DEPTH || this.#count >= MAX_NODES) {
      this.leftOut++;
      reader.skip();
      return;
    }
    if (!reader.enter(octets.CLOSE_BRACE)) return;
    const level: Level = { depth, nodes: [], experts: null, group: 0, ranges: [], rangesOf: '' };
    do {
      reader.key();
      const name = reader.text();
      if (level.rangesOf !== '' && name !== level.rangesOf) this.#onlyRanges(level);
      this.#member(level, name);
    } while (reader.another(octets.CLOSE_BRACE));
    if (level.rangesOf !== '') this.#onlyRanges(level);
    const [first] = level.nodes;
    if (level.nodes.length === 1 && first?.name === 'filtered' && first.value === into.name) {
      this.filtered.push(into.name);
      return;
    }
    into.children = level.nodes;
    if (level.experts !== null) into.experts = level.experts;
  }

  #member(level: Level, name: string): void {
    const reader = this.#reader;
    const octet = reader.peek();
    if (octet === octets.QUOTE) {
      reader.string();
      level.group = level.nodes.length;
      this.#add(level, name, reader.text(), 0);
    } else if (octet === octets.OPEN_BRACE) {
      this.#object(level, name);
    } else if (octet === octets.OPEN_BRACKET) {
      this.#array(level, name);
    } else {
      reader.literal();
      level.group = level.nodes.length;
      this.#add(level, name, reader.text(), 0);
    }
    if (name === level.rangesOf && level.ranges.length > 0 && octet !== octets.OPEN_BRACKET)
      this.#usedRanges(level);
  }

  #object(level: Level, name: string): void {
    if (name === '_ws.expert') {
      this.#expert(level);
      return;
    }
    if (isTreeOf(level, name)) {
      this.#branch(level.nodes[level.group] as Draft, level.depth + 1);
      return;
    }
    level.group = level.nodes.length;
    this.#branch(this.#add(level, name, null, 0), level.depth + 1);
  }

  #array(level: Level, name: string): void {
    const reader = this.#reader;
    if (name.endsWith('_raw') && isRangeNext(reader)) {
      if (level.rangesOf !== '') this.#onlyRanges(level);
      level.ranges = readRanges(reader);
      level.rangesOf = name.slice(0, -'_raw'.length);
      return;
    }
    if (!reader.enter(octets.CLOSE_BRACKET)) return;
    const trees = isTreeOf(level, name);
    if (!trees) level.group = level.nodes.length;
    let index = 0;
    do {
      this.#element(level, name, index, trees);
      index++;
    } while (reader.another(octets.CLOSE_BRACKET));
    if (name === level.rangesOf) this.#usedRanges(level);
  }

  #element(level: Level, name: string, index: number, trees: boolean): void {
    const reader = this.#reader;
    const octet = reader.peek();
    if (octet === octets.OPEN_BRACE) {
      if (name === '_ws.expert') {
        this.#expert(level);
        return;
      }
      const owner = trees ? level.nodes[level.group + index] : undefined;
      this.#branch(owner ?? this.#add(level, name, null, index), level.depth + 1);
    } else if (octet === octets.QUOTE) {
      reader.string();
      if (!trees) this.#add(level, name, reader.text(), index);
    } else {
      reader.skip();
    }
  }

  #add(level: Level, name: string, value: string | null, index: number): Draft {
    const raw = name === level.rangesOf ? (level.ranges[index] ?? null) : null;
    const node: Draft = { name, value, raw, children: NO_NODES, experts: NO_EXPERTS };
    level.nodes.push(node);
    this.#count++;
    return node;
  }

  #expert(level: Level): void {
    const expert = readExpert(this.#reader);
    if (expert === null) {
      this.filtered.push('_ws.expert');
      return;
    }
    (level.experts ??= []).push(expert);
    const error = engineError(expert);
    if (error !== null) this.errors.push(error);
  }

  /** `-T jsonraw` has ranges and children, but no values. */
  #onlyRanges(level: Level): void {
    const { ranges, rangesOf } = level;
    level.group = level.nodes.length;
    ranges.forEach((_, index) => this.#add(level, rangesOf, null, index));
    this.#usedRanges(level);
  }

  #usedRanges(level: Level): void {
    level.ranges = [];
    level.rangesOf = '';
  }
}

/** Whether the key holds the children of the item, or items, read last. */
function isTreeOf(level: Level, name: string): boolean {
  const owner = level.nodes[level.group];
  if (owner?.children !== NO_NODES || name.length !== owner.name.length + '_tree'.length) return false;
  return name.endsWith('_tree') && name.startsWith(owner.name);
}
