import type { Place } from '../diagnostics/diagnostic.ts';

/** YAML as the rest of the compiler sees it: plain data with places, scalars resolved by our own rules. */
export type YamlNode = YamlMap | YamlList | YamlScalar;

export interface YamlMap {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: readonly YamlEntry[];
}

export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
}

export interface YamlList {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly YamlNode[];
}

export interface YamlScalar {
  readonly kind: 'scalar';
  readonly place: Place;
  readonly value: string | bigint | number | boolean | null;
  /** The scalar's text, without quotes and with escapes resolved. */
  readonly text: string;
  /** Source offset of each character of `text`, when it stands in the source as it is; else undefined. */
  readonly textStart: number | undefined;
}

/** For messages: what was found. */
export function describeNode(node: YamlNode): string {
  switch (node.kind) {
    case 'map':
      return 'a map';
    case 'list':
      return 'a list';
    case 'scalar':
      return describeScalar(node);
  }
}

function describeScalar(node: YamlScalar): string {
  if (node.value === null) return 'empty';
  if (typeof node.value === 'string') return `the text "${abridged(node.text)}"`;
  if (typeof node.value === 'boolean') return node.value ? 'true' : 'false';
  return `the number ${abridged(node.text)}`;
}

const LONGEST_QUOTED = 60;

/** Texts quoted in messages are cut: a spec may hold a string of megabytes. */
export function abridged(text: string): string {
  return text.length <= LONGEST_QUOTED ? text : `${text.slice(0, LONGEST_QUOTED)}...`;
}
