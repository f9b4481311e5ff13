import type { ValueReader } from './map-reader.ts';
import { readDoc, readId } from './read-parts.ts';
import { resolveScalar } from './resolve-scalar.ts';
import type { EnumDecl, EnumValueDecl } from './spec-ast.ts';
import type { YamlEntry, YamlNode, YamlScalar } from './yaml-node.ts';
import { abridged } from './yaml-node.ts';

const LOWEST = -(1n << 63n);
const HIGHEST = (1n << 64n) - 1n;

/** `enums/NAME`: from integers to names, or to maps with an `id`. */
export function readEnum(key: YamlScalar, node: YamlNode, read: ValueReader): EnumDecl | undefined {
  const place = { span: key.place.span, path: node.place.path };
  const id = read.identifier({ ...key, place }, 'an enum');
  const map = read.map(node, 'An enum');
  if (id === undefined || map === undefined) return undefined;
  const values: EnumValueDecl[] = [];
  const named = new Map<string, EnumValueDecl>();
  for (const entry of map.entries) {
    const value = readValue(entry, place.path, read);
    if (value === undefined) continue;
    const first = named.get(value.id.value);
    if (first === undefined) named.set(value.id.value, value);
    else {
      const note = { message: 'It first stands here.', place: first.id.place };
      const params = { what: 'a value of this enum', id: value.id.value };
      read.sink.report('spec/duplicate-id', value.id.place, params, { notes: [note] });
    }
    values.push(value);
  }
  return { id, place, values };
}

function readValue(
  { key, value: node }: YamlEntry,
  enumPath: string,
  read: ValueReader,
): EnumValueDecl | undefined {
  const value = readKey(key, enumPath, read);
  if (value === undefined) return undefined;
  if (node.kind !== 'map') {
    const id = readId(node, read, 'a value of an enum');
    return id === undefined ? undefined : { value, id, label: id.value, doc: '' };
  }
  const map = read.mapReader(node, 'A value of an enum');
  if (map === undefined) return undefined;
  const id = readId(map.require('id'), read, 'a value of an enum');
  const doc = readDoc(map, read);
  const label = readLabel(map.get('-wireshark'), read) ?? originalName(map.get('-orig-id'), read);
  map.reportUnknown();
  return id === undefined ? undefined : { value, id, label: label ?? id.value, doc };
}

/** The number; quoted or not. Keys that begin with `-` but are none are others' extensions. */
function readKey(key: YamlScalar, enumPath: string, read: ValueReader): bigint | undefined {
  const value = typeof key.value === 'string' ? resolveScalar(key.text) : key.value;
  if (typeof value !== 'bigint') {
    const place = { span: key.place.span, path: enumPath };
    if (!key.text.startsWith('-') || key.text === '-wireshark')
      read.wrongShape({ ...key, place }, 'A key of an enum', 'an integer');
    return undefined;
  }
  if (value >= LOWEST && value <= HIGHEST) return value;
  read.sink.report('spec/integer-range', key.place, { text: abridged(key.text) });
  return undefined;
}

function originalName(node: YamlNode | undefined, read: ValueReader): string | undefined {
  return node === undefined ? undefined : read.text(read.listOrOne(node)[0], '"-orig-id"');
}

function readLabel(node: YamlNode | undefined, read: ValueReader): string | undefined {
  const map = node === undefined ? undefined : read.mapReader(node, '"-wireshark" of an enum value');
  const name = read.text(map?.get('name'), 'The name');
  map?.reportUnknown();
  return name;
}
