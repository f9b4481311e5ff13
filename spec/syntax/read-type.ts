import { parseExpression } from '../expression/parse-expression.ts';
import type { ValueReader } from './map-reader.ts';
import { readExpr } from './read-parts.ts';
import { readTypeUse } from './read-type-use.ts';
import type { SwitchCase, SwitchDecl, TypeUse } from './spec-ast.ts';
import type { YamlNode } from './yaml-node.ts';

/** What stands after `type:`; undefined: nothing, so the attribute is octets. */
export function readType(node: YamlNode | undefined, read: ValueReader): TypeUse | SwitchDecl | undefined {
  if (node === undefined) return undefined;
  if (node.kind === 'map') return readSwitch(node, read);
  const scalar = read.scalar(node, 'The type', 'a name or a map with "switch-on"');
  if (scalar === undefined) return { place: node.place, text: '', name: { kind: 'broken' } };
  return readTypeUse(scalar, read.sink);
}

function readSwitch(node: YamlNode, read: ValueReader): SwitchDecl | TypeUse {
  const broken: TypeUse = { place: node.place, text: '', name: { kind: 'broken' } };
  const map = read.mapReader(node, 'A switched type');
  if (map === undefined) return broken;
  const on = readExpr(map.require('switch-on'), read);
  const casesNode = map.require('cases');
  map.reportUnknown();
  const cases: SwitchCase[] = [];
  const casesMap = casesNode === undefined ? undefined : read.map(casesNode, '"cases"');
  for (const { key, value } of casesMap?.entries ?? []) {
    const scalar = read.scalar(value, 'The type of a case', 'the name of a type');
    if (scalar === undefined) continue;
    const caseValue = key.text === '_' ? undefined : parseExpression(key, read.sink);
    cases.push({ place: key.place, value: caseValue, type: readTypeUse(scalar, read.sink) });
  }
  if (casesNode?.kind === 'map' && cases.length === 0) {
    const params = { what: '"cases"', expected: 'a map with at least one case', found: 'none' };
    read.sink.report('spec/bad-value', casesNode.place, params);
  }
  return on === undefined || casesMap === undefined ? broken : { place: map.headPlace, on, cases };
}

const OF_OCTETS = ['contents', 'size', 'size-eos', 'pad-right', 'parent', 'process'];

/** Keys that some types of attributes have and others do not. */
export const TYPE_DEPENDENT_KEYS: ReadonlySet<string> = new Set([...OF_OCTETS, 'encoding', 'enum']);

/** Which of the keys that depend on the type may stand. */
export function keysOf(type: TypeUse | SwitchDecl | undefined): ReadonlySet<string> {
  if (type === undefined) return new Set(OF_OCTETS);
  if ('on' in type) return TYPE_DEPENDENT_KEYS;
  switch (type.name.kind) {
    case 'number':
    case 'bits':
      return new Set(['enum']);
    case 'str':
      return new Set(['size', 'size-eos', 'pad-right', 'encoding', 'enum']);
    case 'user':
      return new Set(['size', 'size-eos', 'pad-right', 'parent', 'process', 'enum']);
    case 'bytes':
    case 'bool':
    case 'io':
    case 'struct':
    case 'any':
    case 'array':
    case 'broken':
      return TYPE_DEPENDENT_KEYS;
  }
}
