import type { DiagnosticSink, Place } from '../diagnostics/diagnostic.ts';
import type { SourceText } from '../source.ts';
import { MapReader, ValueReader } from './map-reader.ts';
import { readAttribute, readInstance } from './read-attribute.ts';
import { readEnum } from './read-enum.ts';
import { NO_META, readMeta } from './read-meta.ts';
import type { TopMeta } from './read-meta.ts';
import { readParam } from './read-param.ts';
import { readDoc, readExpr } from './read-parts.ts';
import { readWireTop, readWireType } from './read-wireshark.ts';
import { readYaml } from './read-yaml.ts';
import type { SpecFile, TypeDecl } from './spec-ast.ts';
import type { WireType } from './wireshark-ast.ts';
import type { YamlNode, YamlScalar } from './yaml-node.ts';

/** Text -> AST. undefined: nothing usable in the file; the sink says why. */
export function readSpec(source: SourceText, sink: DiagnosticSink): SpecFile | undefined {
  const root = readYaml(source, sink);
  if (root === undefined) return undefined;
  const read = new ValueReader(sink);
  const map = read.mapReader(root, 'A spec');
  if (map === undefined) return undefined;
  const metaNode = map.get('meta');
  if (metaNode === undefined) {
    const place = { span: map.headPlace.span, path: '/meta' };
    sink.report('spec/missing-key', place, { key: 'meta', where: 'A spec' });
  }
  const meta = readMeta(metaNode, read);
  if (metaNode?.kind === 'map' && !metaNode.entries.some(({ key }) => key.text === 'id')) {
    const place = new MapReader(metaNode, '"meta"', sink).headPlace;
    sink.report('spec/missing-key', place, { key: 'id', where: '"meta" of a spec' });
  }
  const wire = readWireTop(map.get('-wireshark'), read);
  const top = readTypeBody(
    map,
    meta,
    { id: meta.id?.value ?? 'spec', place: map.headPlace, wire: wire.type },
    read,
  );
  map.reportUnknown();
  return { source, top, opaqueTypes: meta.opaqueTypes, wire: wire.top };
}

function readNestedType(key: YamlScalar, node: YamlNode, read: ValueReader): TypeDecl | undefined {
  const id = read.identifier({ ...key, place: { span: key.place.span, path: node.place.path } }, 'a type');
  const map = read.mapReader(node, 'A type');
  if (id === undefined || map === undefined) return undefined;
  const metaNode = map.get('meta');
  const meta = metaNode === undefined ? NO_META : readMeta(metaNode, read);
  const wire = readWireType(map.get('-wireshark'), read);
  const place = { span: key.place.span, path: node.place.path };
  const type = readTypeBody(map, meta, { id, place, wire }, read);
  map.reportUnknown();
  return type;
}

interface TypeHead {
  readonly id: string;
  readonly place: Place;
  readonly wire: WireType | undefined;
}

function readTypeBody(map: MapReader, meta: TopMeta, head: TypeHead, read: ValueReader): TypeDecl {
  return {
    ...head,
    title: meta.title,
    doc: readDoc(map, read),
    meta,
    params: listOf(map.get('params'), '"params"', read, readParam),
    seq: listOf(map.get('seq'), '"seq"', read, readAttribute),
    instances: entriesOf(map.get('instances'), '"instances"', read, readInstance),
    types: entriesOf(map.get('types'), '"types"', read, readNestedType),
    enums: entriesOf(map.get('enums'), '"enums"', read, readEnum),
    toStringExpr: readExpr(map.get('to-string'), read),
  };
}

function listOf<T>(
  node: YamlNode | undefined,
  what: string,
  read: ValueReader,
  readItem: (item: YamlNode, read: ValueReader) => T | undefined,
): readonly T[] {
  if (node === undefined) return [];
  return read
    .list(node, what)
    .map((item) => readItem(item, read))
    .filter((item) => item !== undefined);
}

function entriesOf<T>(
  node: YamlNode | undefined,
  what: string,
  read: ValueReader,
  readEntry: (key: YamlScalar, value: YamlNode, read: ValueReader) => T | undefined,
): readonly T[] {
  const map = node === undefined ? undefined : read.map(node, what);
  return (map?.entries ?? [])
    .map(({ key, value }) => readEntry(key, value, read))
    .filter((entry) => entry !== undefined);
}
