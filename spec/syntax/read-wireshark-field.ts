import type { Display, ProtocolFieldType } from '../ir/protocol.ts';
import type { MapReader, ValueReader } from './map-reader.ts';
import { readExpr, readLocated } from './read-parts.ts';
import type { Located } from './spec-ast.ts';
import type { WireAlias, WireDisplay, WireField, WireParam } from './wireshark-ast.ts';
import { readTexts } from './read-wireshark-state.ts';
import type { WireHandover } from './wireshark-state-ast.ts';
import type { YamlNode } from './yaml-node.ts';
import { abridged } from './yaml-node.ts';

export const NO_WIRE_FIELD: WireField = {
  name: undefined,
  filter: undefined,
  display: undefined,
  unit: '',
  hidden: false,
  aliases: [],
  handover: undefined,
};
const NO_WIRE_PARAM: WireParam = {
  source: { kind: 'argument' },
  hidden: false,
  name: undefined,
  filter: undefined,
};

/** Keys of a later part of the language: known, so that they are refused by name and not as misspelt. */
export function refuseLaterKeys(map: MapReader, keys: readonly string[], read: ValueReader): void {
  for (const key of keys) {
    if (map.get(key) === undefined) continue;
    const entry = map.node.entries.find((candidate) => candidate.key.text === key);
    if (entry === undefined) continue;
    read.sink.report('spec/not-supported', entry.key.place, { feature: `"${key}" of the key "-wireshark"` });
  }
}

const LATER_FIELD_KEYS = ['checksum', 'sync'];

/** `-wireshark` of an item of `seq` or an instance. */
export function readWireField(node: YamlNode | undefined, read: ValueReader): WireField {
  const map = node === undefined ? undefined : read.mapReader(node, '"-wireshark" of an attribute');
  if (map === undefined) return NO_WIRE_FIELD;
  const aliasNode = map.get('alias');
  const field: WireField = {
    name: read.text(map.get('name'), 'The label'),
    filter: readLocated(map.get('filter'), read, 'The filter name'),
    display: readDisplay(map.get('display'), read),
    unit: read.text(map.get('unit'), 'The unit') ?? '',
    hidden: read.boolean(map.get('hidden'), '"hidden"') ?? false,
    aliases: aliasNode === undefined ? [] : readAliases(aliasNode, read),
    handover: readHandover(map, read),
  };
  refuseLaterKeys(map, LATER_FIELD_KEYS, read);
  map.reportUnknown();
  return field;
}

/** Who else gets the octets: dissector tables with the key to ask for, heuristic lists, a dissector by name. */
function readHandover(map: MapReader, read: ValueReader): WireHandover | undefined {
  const tables = readTables(map, read);
  const lists = map.get('heuristics');
  const heuristics = lists === undefined ? [] : readTexts(lists, read);
  const dissector = read.text(map.get('dissector'), 'The dissector');
  if (tables.length === 0 && heuristics.length === 0 && dissector === undefined) return undefined;
  return { tables, heuristics, dissector };
}

function readTables(map: MapReader, read: ValueReader): WireHandover['tables'] {
  const node = map.get('tables');
  const several = node === undefined ? undefined : read.map(node, '"tables"');
  const tables = (several?.entries ?? []).flatMap(({ key, value }) => {
    const expression = readExpr(value, read);
    return expression === undefined ? [] : [{ table: key.text, key: expression }];
  });
  const table = read.text(map.get('table'), 'The name of the table');
  const key = readExpr(table === undefined ? map.get('key') : map.require('key'), read);
  return table === undefined || key === undefined ? tables : [...tables, { table, key }];
}

const DISPLAYS: Readonly<Partial<Record<string, Display>>> = {
  dec: 'dec',
  hex: 'hex',
  oct: 'oct',
  'dec-hex': 'dec-hex',
  'hex-dec': 'hex-dec',
  colon: 'colon',
  dot: 'dot',
  dash: 'dash',
  none: 'none',
};
const DISPLAY_TYPES: Readonly<Partial<Record<string, ProtocolFieldType>>> = {
  ipv4: { kind: 'ipv4' },
  ipv6: { kind: 'ipv6' },
  ether: { kind: 'ether' },
  guid: { kind: 'guid' },
  'absolute-time': { kind: 'absolute-time' },
  'relative-time': { kind: 'relative-time' },
};

function readDisplay(node: YamlNode | undefined, read: ValueReader): Located<WireDisplay> | undefined {
  const words = [...Object.keys(DISPLAYS), ...Object.keys(DISPLAY_TYPES)];
  const normalized = node?.kind === 'scalar' ? withText(node, node.text.replaceAll('_', '-')) : node;
  const word = read.word(normalized, '"display"', words);
  if (word === undefined || node === undefined) return undefined;
  const display = DISPLAYS[word];
  if (display !== undefined) return { value: { kind: 'base', display }, place: node.place };
  const type = DISPLAY_TYPES[word];
  return type === undefined ? undefined : { value: { kind: 'type', type }, place: node.place };
}

function withText(node: Extract<YamlNode, { kind: 'scalar' }>, text: string): YamlNode {
  return { ...node, value: node.value === null ? null : text, text };
}

const FIELD_TYPES: Readonly<Partial<Record<string, ProtocolFieldType>>> = {
  none: { kind: 'group' },
  uint8: { kind: 'uint', bits: 8 },
  uint16: { kind: 'uint', bits: 16 },
  uint24: { kind: 'uint', bits: 24 },
  uint32: { kind: 'uint', bits: 32 },
  uint64: { kind: 'uint', bits: 64 },
  int8: { kind: 'int', bits: 8 },
  int16: { kind: 'int', bits: 16 },
  int24: { kind: 'int', bits: 24 },
  int32: { kind: 'int', bits: 32 },
  int64: { kind: 'int', bits: 64 },
  float: { kind: 'float' },
  double: { kind: 'double' },
  bool: { kind: 'bool' },
  bytes: { kind: 'bytes' },
  string: { kind: 'string' },
  ...DISPLAY_TYPES,
};

function readAliases(node: YamlNode, read: ValueReader): readonly WireAlias[] {
  return read
    .listOrOne(node)
    .map((item) => readAlias(item, read))
    .filter((alias) => alias !== undefined);
}

/** The highest mask that every version of Wireshark takes from Lua (4.0 cuts off the rest without a word). */
const HIGHEST_MASK = 0xffff_ffff;

function readAlias(node: YamlNode, read: ValueReader): WireAlias | undefined {
  const map = read.mapReader(node, 'An alias');
  if (map === undefined) return undefined;
  const filter = readLocated(map.require('filter'), read, 'The filter name');
  const alias = {
    label: read.text(map.get('label'), 'The label'),
    types: readAliasTypes(map, read),
    mask: read.integer(map.get('mask'), 'The mask', { min: 0, max: HIGHEST_MASK }) ?? 0,
    when: readExpr(map.get('when'), read),
  };
  map.reportUnknown();
  return filter === undefined ? undefined : { ...alias, place: map.headPlace, filter };
}

function readAliasTypes(map: MapReader, read: ValueReader): WireAlias['types'] {
  const single = map.get('type');
  const several = map.get('types');
  if ((single === undefined) === (several === undefined)) {
    read.sink.report('spec/key-conflict', map.headPlace, {
      detail: 'An alias needs either "type" or "types", and not both.',
    });
  }
  if (single !== undefined) {
    const type = readFieldType(single, read);
    return type === undefined ? [] : [{ since: '', type }];
  }
  const versions = several === undefined ? undefined : read.map(several, '"types"');
  const types: { since: string; type: ProtocolFieldType }[] = [];
  for (const { key, value } of versions?.entries ?? []) {
    const type = readFieldType(value, read);
    const valid = types.length === 0 ? key.text === '' : /^[0-9]+\.[0-9]+$/.test(key.text);
    if (!valid) {
      read.sink.report('spec/bad-value', key.place, {
        what: 'A key of "types"',
        expected: "'' first, then Wireshark versions such as '4.6'",
        found: `"${abridged(key.text)}"`,
      });
    } else if (type !== undefined) types.push({ since: key.text, type });
  }
  return types;
}

function readFieldType(node: YamlNode, read: ValueReader): ProtocolFieldType | undefined {
  const word = read.word(node, 'The type of an alias', Object.keys(FIELD_TYPES));
  return word === undefined ? undefined : FIELD_TYPES[word];
}

/** `-wireshark` of a parameter: where its value comes from. */
export function readWireParam(node: YamlNode | undefined, read: ValueReader): WireParam {
  const map = node === undefined ? undefined : read.mapReader(node, '"-wireshark" of a parameter');
  if (map === undefined) return NO_WIRE_PARAM;
  const source = readParamSource(map, read);
  const param: WireParam = {
    source,
    hidden: read.boolean(map.get('hidden'), '"hidden"') ?? false,
    // Of a preference, `name` is the preference's own name.
    name: source.kind === 'preference' ? undefined : read.text(map.get('name'), 'The label'),
    filter: readLocated(map.get('filter'), read, 'The filter name'),
  };
  map.reportUnknown();
  return param;
}

function readParamSource(map: MapReader, read: ValueReader): WireParam['source'] {
  const node = map.get('source');
  if (node?.kind === 'scalar' && node.text.startsWith('field')) {
    read.sink.report('spec/not-supported', node.place, { feature: `"source: ${abridged(node.text)}"` });
    return { kind: 'argument' };
  }
  const word = read.word(node, '"source"', ['direction', 'server-port', 'session', 'pref']);
  if (word === undefined || node === undefined) return { kind: 'argument' };
  if (word === 'direction' || word === 'server-port') return { kind: word, place: node.place };
  if (word === 'session') {
    const variable = readLocated(map.get('variable'), read, 'The name of the session variable');
    return { kind: 'session', place: node.place, variable };
  }
  const name = readLocated(map.require('name'), read, 'The name of the preference');
  const initial = readExpr(map.require('init'), read);
  const label = read.text(map.get('label'), 'The label');
  if (name === undefined || initial === undefined) return { kind: 'argument' };
  return { kind: 'preference', place: node.place, name, initial, label: label ?? name.value };
}
