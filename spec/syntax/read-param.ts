import type { ValueReader } from './map-reader.ts';
import { readDoc, readId, readLocated } from './read-parts.ts';
import { readTypeUse, valueTypeName } from './read-type-use.ts';
import { readWireParam } from './read-wireshark-field.ts';
import type { ParamDecl, TypeUse } from './spec-ast.ts';
import type { YamlNode } from './yaml-node.ts';

/** Reads an item of `params`. */
export function readParam(node: YamlNode, read: ValueReader): ParamDecl | undefined {
  const map = read.mapReader(node, 'A parameter');
  if (map === undefined) return undefined;
  const id = readId(map.require('id'), read, 'a parameter');
  const type = readParamType(map.get('type'), read);
  const enumName = readLocated(map.get('enum'), read, 'The enum');
  const doc = readDoc(map, read);
  const origId = map.get('-orig-id');
  const wire = readWireParam(map.get('-wireshark'), read);
  map.reportUnknown();
  if (id === undefined) return undefined;
  const originalName = origId === undefined ? undefined : read.text(read.listOrOne(origId)[0], '"-orig-id"');
  return {
    id,
    place: map.headPlace,
    doc,
    origId: originalName,
    type: type ?? { place: map.headPlace, text: 'bytes', name: { kind: 'bytes' } },
    enum: enumName,
    wire,
  };
}

/** Without a type a parameter is octets. */
export function readParamType(node: YamlNode | undefined, read: ValueReader): TypeUse | undefined {
  const scalar = node === undefined ? undefined : read.scalar(node, 'The type', 'the name of a type');
  if (scalar === undefined) return undefined;
  const name = valueTypeName(scalar.text);
  if (name !== undefined) return { place: scalar.place, text: scalar.text, name };
  const use = readTypeUse(scalar, read.sink);
  if (use.name.kind === 'user' && use.name.args.length > 0) {
    const params = {
      what: 'The type of a parameter',
      expected: 'a name without arguments',
      found: `"${use.text}"`,
    };
    read.sink.report('spec/bad-value', use.place, params);
  }
  return use;
}
