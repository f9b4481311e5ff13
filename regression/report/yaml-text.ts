/** What is written as YAML. A scalar is text already, quoted where it has to be. */
export type YamlTree =
  | { readonly kind: 'scalar'; readonly text: string }
  /** Words that may be broken into lines: hex. */
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'list'; readonly items: readonly YamlTree[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [string, YamlTree])[] };

/** What fits into a line of that many characters stands in one. */
const WIDTH = 100;

export function scalar(text: string): YamlTree {
  return { kind: 'scalar', text };
}

export function map(entries: readonly (readonly [string, YamlTree])[]): YamlTree {
  return { kind: 'map', entries };
}

/** One item stands for a list of one. */
export function listOrOne(items: readonly YamlTree[]): YamlTree {
  const [only] = items;
  return items.length === 1 && only !== undefined ? only : { kind: 'list', items };
}

/** Words of YAML 1.1 that some readers take for something else than text. */
const OTHERS = /^(true|false|null|yes|no|on|off|y|n)$/i;

/** Text that a reader takes for this very text: plain where nobody can misread it. */
export function textScalar(text: string): YamlTree {
  const isPlain = /^[A-Za-z]([A-Za-z0-9 _./-]*[A-Za-z0-9_])?$/.test(text) && !OTHERS.test(text);
  return scalar(isPlain ? text : quoted(text));
}

/** In single quotes; in double quotes what has characters that cannot stand there, or that nobody would see. */
export function quoted(text: string): string {
  const isVisible = /^[^\p{C}\p{Zl}\p{Zp}]*$/u.test(text);
  if (isVisible) return `'${text.replaceAll("'", "''")}'`;
  return `"${[...text].map(escaped).join('')}"`;
}

const NAMED = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

function escaped(character: string): string {
  const named = NAMED.get(character);
  if (named !== undefined) return named;
  if (!/[\p{C}\p{Zl}\p{Zp}]/u.test(character)) return character;
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
  return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** A list item of the map, as it stands below a key: the first line begins with a dash. */
export function itemLines(
  entries: readonly (readonly [string, YamlTree])[],
  indent: number,
): readonly string[] {
  const lines = entries.flatMap(([key, value]) => entryLines(key, value, indent + 2));
  return lines.map((line, index) => (index === 0 ? `${' '.repeat(indent)}- ${line.trimStart()}` : line));
}

function entryLines(key: string, value: YamlTree, indent: number): readonly string[] {
  const lead = `${' '.repeat(indent)}${key}:`;
  const flow = flowText(value);
  if (lead.length + 1 + flow.length <= WIDTH || value.kind === 'scalar') return [`${lead} ${flow}`.trimEnd()];
  switch (value.kind) {
    case 'words':
      return [lead, ...wrapped(value.words, indent + 2)];
    case 'map':
      return [lead, ...value.entries.flatMap(([inner, item]) => entryLines(inner, item, indent + 2))];
    case 'list':
      return [lead, ...value.items.flatMap((item) => listItem(item, indent + 2))];
  }
}

function listItem(item: YamlTree, indent: number): readonly string[] {
  const flow = flowText(item);
  if (indent + 2 + flow.length <= WIDTH || item.kind === 'scalar' || item.kind === 'list') {
    return [`${' '.repeat(indent)}- ${flow}`];
  }
  if (item.kind === 'map') return itemLines(item.entries, indent);
  const lines = wrapped(item.words, indent + 2);
  return lines.map((line, index) => (index === 0 ? `${' '.repeat(indent)}- ${line.trimStart()}` : line));
}

function flowText(tree: YamlTree): string {
  switch (tree.kind) {
    case 'scalar':
      return tree.text;
    case 'words':
      return tree.words.join(' ');
    case 'list':
      return `[${tree.items.map(flowText).join(', ')}]`;
    case 'map': {
      const entries = tree.entries.map(([key, value]) => `${key}: ${flowText(value)}`.trimEnd());
      return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
    }
  }
}

function wrapped(words: readonly string[], indent: number): readonly string[] {
  const lines: string[] = [];
  const lead = ' '.repeat(indent);
  let line = lead;
  for (const word of words) {
    if (line !== lead && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = lead;
    }
    line += line === lead ? word : ` ${word}`;
  }
  return [...lines, line];
}
