import { parseExpression } from '../expression/parse-expression.ts';
import type { MapReader, ValueReader } from './map-reader.ts';
import { readExpr, readId, readLocated } from './read-parts.ts';
import type { EndianCase, EndianDecl, Located, MetaDecl } from './spec-ast.ts';
import type { YamlNode } from './yaml-node.ts';
import { abridged } from './yaml-node.ts';

/** The version of Kaitai Struct whose language this is, and the oldest one whose specs mean the same today. */
const LANGUAGE_VERSION = [0, 11] as const;
const OLDEST_VERSION = [0, 6] as const;

export interface TopMeta extends MetaDecl {
  readonly id: Located<string> | undefined;
  readonly title: string;
  readonly opaqueTypes: boolean;
}

export const NO_META: TopMeta = {
  endian: undefined,
  bitEndian: undefined,
  encoding: undefined,
  id: undefined,
  title: '',
  imports: [],
  opaqueTypes: false,
};

export function readMeta(node: YamlNode | undefined, read: ValueReader): TopMeta {
  const map = node === undefined ? undefined : read.mapReader(node, '"meta"');
  if (map === undefined) return NO_META;
  const importsNode = map.get('imports');
  const meta: TopMeta = {
    id: readId(map.get('id'), read, 'a spec'),
    title: readTitle(map.get('title')),
    endian: readEndian(map.get('endian'), read),
    bitEndian: read.word(map.get('bit-endian'), 'The order of bits', ['le', 'be']),
    encoding: readLocated(map.get('encoding'), read, 'The encoding'),
    imports: importsNode === undefined ? [] : readImports(importsNode, read),
    opaqueTypes: read.boolean(map.get('ks-opaque-types'), '"ks-opaque-types"') ?? false,
  };
  readVersion(map.get('ks-version'), read);
  readInformation(map, read);
  map.reportUnknown();
  return meta;
}

function readTitle(node: YamlNode | undefined): string {
  return node?.kind === 'scalar' ? node.text : '';
}

/** Keys that say something to people only: as in the official compiler, any value will do. */
function readInformation(map: MapReader, read: ValueReader): void {
  for (const key of ['application', 'file-extension', 'license', 'tags', 'xref']) map.get(key);
  read.boolean(map.get('ks-debug'), '"ks-debug"');
  read.boolean(map.get('ks-zero-copy-substream'), '"ks-zero-copy-substream"');
}

function readImports(node: YamlNode, read: ValueReader): readonly Located<string>[] {
  return read
    .listOrOne(node)
    .map((item) => readLocated(item, read, 'An import'))
    .filter((path) => path !== undefined);
}

function readVersion(node: YamlNode | undefined, read: ValueReader): void {
  const scalar =
    node === undefined ? undefined : read.scalar(node, '"ks-version"', 'a version, such as 0.11');
  if (scalar === undefined) return;
  const parts = scalar.text.split('.');
  if (!parts.every((part) => /^[0-9]{1,9}$/.test(part))) {
    const found = `"${abridged(scalar.text)}"`;
    read.sink.report('spec/bad-value', scalar.place, {
      what: '"ks-version"',
      expected: 'a version, such as 0.11',
      found,
    });
    return;
  }
  // Unquoted, `0.10` is the number 0.1 to every other tool that reads the file.
  const lossy = typeof scalar.value === 'number' && String(scalar.value) !== scalar.text;
  const wanted = (lossy ? String(scalar.value).split('.') : parts).map(Number);
  if (compareVersions(wanted, LANGUAGE_VERSION) > 0) {
    const reason = `this compiler knows the language up to ${LANGUAGE_VERSION.join('.')}`;
    read.sink.report('spec/version', scalar.place, { wanted: scalar.text, reason });
  } else if (compareVersions(wanted, OLDEST_VERSION) < 0) {
    const reason = `the oldest one whose specs still mean the same is ${OLDEST_VERSION.join('.')}`;
    const help =
      typeof scalar.value === 'number'
        ? `Put it in quotes: without them, "${scalar.text}" is the number ${String(scalar.value)}.`
        : undefined;
    read.sink.report('spec/version', scalar.place, { wanted: scalar.text, reason }, { help });
  }
}

/** `0.11.0` is not newer than `0.11`: missing parts count as what is known. */
function compareVersions(left: readonly number[], right: readonly number[]): number {
  for (const [index, part] of right.entries()) {
    const difference = (left[index] ?? 0) - part;
    if (difference !== 0) return difference;
  }
  return 0;
}

function readEndian(node: YamlNode | undefined, read: ValueReader): EndianDecl | undefined {
  if (node === undefined) return undefined;
  if (node.kind === 'map') return readCalculatedEndian(node, read);
  const value = read.word(node, 'The order of octets', ['le', 'be']);
  return value === undefined ? undefined : { kind: 'fixed', value };
}

function readCalculatedEndian(node: YamlNode, read: ValueReader): EndianDecl | undefined {
  const map = read.mapReader(node, 'A switched "endian"');
  if (map === undefined) return undefined;
  const on = readExpr(map.require('switch-on'), read);
  const casesNode = map.require('cases');
  map.reportUnknown();
  const casesMap = casesNode === undefined ? undefined : read.map(casesNode, '"cases"');
  const cases: EndianCase[] = [];
  for (const { key, value } of casesMap?.entries ?? []) {
    const endian = read.word(value, 'The order of octets', ['le', 'be']);
    const caseValue = key.text === '_' ? undefined : parseExpression(key, read.sink);
    if (endian !== undefined) cases.push({ value: caseValue, endian });
  }
  return on === undefined ? undefined : { kind: 'switch', on, cases };
}
