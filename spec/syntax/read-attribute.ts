import type { MapReader, ValueReader } from './map-reader.ts';
import { readDoc, readExpr, readId, readLocated } from './read-parts.ts';
import { readProcess } from './read-process.ts';
import { keysOf, readType, TYPE_DEPENDENT_KEYS } from './read-type.ts';
import { readValid } from './read-valid.ts';
import { readWireField } from './read-wireshark-field.ts';
import type { AttributeDecl, InstanceDecl, Located, ParentDecl, RepeatDecl } from './spec-ast.ts';
import type { YamlNode, YamlScalar } from './yaml-node.ts';

/** Reads an item of `seq`. */
export function readAttribute(node: YamlNode, read: ValueReader): AttributeDecl | undefined {
  const map = read.mapReader(node, 'An item of "seq"');
  if (map === undefined) return undefined;
  const id = readId(map.get('id'), read, 'an attribute');
  const attribute = readShared(map, read, id);
  return { ...attribute, misspelt: map.reportUnknown(explainKey) };
}

export function readInstance(key: YamlScalar, node: YamlNode, read: ValueReader): InstanceDecl | undefined {
  const id = readId({ ...key, place: { span: key.place.span, path: node.place.path } }, read, 'an instance');
  const map = read.mapReader(node, 'An instance');
  if (map === undefined || id === undefined) return undefined;
  if (!map.has('value')) {
    // The official compiler lets it stand, and takes the key of the instance.
    map.get('id');
    const pos = readExpr(map.get('pos'), read);
    const io = readExpr(map.get('io'), read);
    const shared = readShared(map, read, id);
    const misspelt = map.reportUnknown(explainKey);
    return { ...shared, misspelt, id, value: undefined, pos, io };
  }
  const value = readExpr(map.get('value'), read);
  const decl: InstanceDecl = {
    ...EMPTY_ATTRIBUTE,
    ...readTexts(map, read),
    place: map.headPlace,
    id,
    enum: readLocated(map.get('enum'), read, 'The enum'),
    when: readExpr(map.get('if'), read),
    valid: readValid(map.get('valid'), read),
    wire: readWireField(map.get('-wireshark'), read),
    value,
    pos: undefined,
    io: undefined,
  };
  map.reportUnknown((name) =>
    ATTRIBUTE_KEYS.has(name) ? `An instance with "value" reads no octets: it has no "${name}".` : undefined,
  );
  return decl;
}

const EMPTY_ATTRIBUTE = {
  type: undefined,
  contents: undefined,
  size: undefined,
  sizeEos: false,
  terminator: undefined,
  include: false,
  consume: true,
  eosError: true,
  padRight: undefined,
  encoding: undefined,
  process: undefined,
  parent: undefined,
  repeat: { kind: 'once' },
  misspelt: false,
} as const;

function readShared(map: MapReader, read: ValueReader, id: Located<string> | undefined): AttributeDecl {
  const type = readType(map.get('type'), read);
  const legal = keysOf(type);
  const optional = (key: string): YamlNode | undefined => (legal.has(key) ? map.get(key) : undefined);
  const decl = {
    place: map.headPlace,
    id,
    ...readTexts(map, read),
    type,
    contents: readContents(optional('contents'), read),
    size: readExpr(optional('size'), read),
    sizeEos: read.boolean(optional('size-eos'), '"size-eos"') ?? false,
    ...readTermination(map, read),
    padRight: readOctet(optional('pad-right'), '"pad-right"', read),
    encoding: readLocated(optional('encoding'), read, 'The encoding'),
    enum: readLocated(optional('enum'), read, 'The enum'),
    process: readProcess(optional('process'), read),
    parent: readParent(optional('parent'), read),
    when: readExpr(map.get('if'), read),
    repeat: readRepeat(map, read),
    valid: readValid(map.get('valid'), read),
    wire: readWireField(map.get('-wireshark'), read),
    misspelt: false,
  };
  reportConflicts(decl, read);
  return decl;
}

function readTermination(
  map: MapReader,
  read: ValueReader,
): Pick<AttributeDecl, 'terminator' | 'include' | 'consume' | 'eosError'> {
  return {
    terminator: readOctet(map.get('terminator'), '"terminator"', read),
    include: read.boolean(map.get('include'), '"include"') ?? false,
    consume: read.boolean(map.get('consume'), '"consume"') ?? true,
    eosError: read.boolean(map.get('eos-error'), '"eos-error"') ?? true,
  };
}

function readTexts(
  map: MapReader,
  read: ValueReader,
): { readonly doc: string; readonly origId: string | undefined } {
  const origId = map.get('-orig-id');
  return {
    doc: readDoc(map, read),
    // Some specs list several original names.
    origId: origId === undefined ? undefined : read.text(read.listOrOne(origId)[0], '"-orig-id"'),
  };
}

function reportConflicts(decl: Omit<AttributeDecl, 'wire'>, read: ValueReader): void {
  const { place } = decl;
  if (decl.size !== undefined && decl.sizeEos) {
    read.sink.report('spec/key-conflict', place, {
      detail: 'Only one of "size" and "size-eos" can be given.',
    });
  }
  if (decl.contents !== undefined && decl.valid !== undefined) {
    read.sink.report('spec/key-conflict', place, { detail: '"contents" and "valid" exclude one another.' });
  }
}

const ATTRIBUTE_KEYS = new Set([
  ...TYPE_DEPENDENT_KEYS,
  ...['type', 'terminator', 'include', 'consume', 'eos-error', 'pos', 'io'],
  ...['repeat', 'repeat-expr', 'repeat-until'],
]);

function explainKey(key: string): string | undefined {
  switch (key) {
    case 'repeat-expr':
      return 'It needs "repeat: expr".';
    case 'repeat-until':
      return 'It needs "repeat: until".';
    case 'pos':
    case 'io':
    case 'value':
      return 'Only instances have it.';
    default:
      return ATTRIBUTE_KEYS.has(key) ? 'It does not go with this type.' : undefined;
  }
}

function readOctet(node: YamlNode | undefined, what: string, read: ValueReader): Located<number> | undefined {
  if (node === undefined) return undefined;
  // What is wrong has been reported, and is not the same as nothing.
  return { value: read.integer(node, what, { min: 0, max: 255 }) ?? 0, place: node.place };
}

function readRepeat(map: MapReader, read: ValueReader): RepeatDecl {
  const node = map.get('repeat');
  const kind = read.word(node, '"repeat"', ['eos', 'expr', 'until']);
  if (node === undefined || kind === undefined) return { kind: 'once' };
  if (kind === 'eos') return { kind: 'eos' };
  const key = kind === 'expr' ? 'repeat-expr' : 'repeat-until';
  const value = readExpr(map.get(key), read);
  if (value === undefined) {
    read.sink.report('spec/missing-key', node.place, { key, where: `An attribute with "repeat: ${kind}"` });
    return { kind: 'once' };
  }
  return kind === 'expr' ? { kind: 'count', count: value } : { kind: 'until', until: value };
}

function readParent(node: YamlNode | undefined, read: ValueReader): ParentDecl | undefined {
  if (node === undefined) return undefined;
  if (node.kind === 'scalar' && node.value === false) return { kind: 'none' };
  const object = readExpr(node, read);
  return object === undefined ? undefined : { kind: 'other', object };
}

/** `contents`: a text (its UTF-8), or a list of octets and texts. */
function readContents(node: YamlNode | undefined, read: ValueReader): Located<Uint8Array> | undefined {
  if (node === undefined) return undefined;
  const isText = node.kind === 'scalar' && typeof node.value === 'string';
  if (!isText && node.kind !== 'list') {
    read.wrongShape(node, '"contents"', 'a text or a list of octets and texts');
    return { value: new Uint8Array(0), place: node.place };
  }
  const octets: number[] = [];
  for (const item of read.listOrOne(node)) {
    const scalar = read.scalar(item, 'An item of "contents"', 'an octet or a text');
    if (scalar === undefined) continue;
    if (typeof scalar.value === 'string') octets.push(...new TextEncoder().encode(scalar.text));
    // -1 is another way to write 0xff.
    else octets.push(read.integer(scalar, 'An octet of "contents"', { min: -128, max: 255 }) ?? 0);
  }
  return { value: Uint8Array.from(octets, (octet) => octet & 0xff), place: node.place };
}
