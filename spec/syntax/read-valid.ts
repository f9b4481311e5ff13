import type { MapReader, ValueReader } from './map-reader.ts';
import { readExpr } from './read-parts.ts';
import type { ExprText, ValidDecl, ValidRuleDecl } from './spec-ast.ts';
import type { YamlNode } from './yaml-node.ts';

/** `valid`: a value for short, or a map with one rule. */
export function readValid(node: YamlNode | undefined, read: ValueReader): ValidDecl | undefined {
  if (node === undefined) return undefined;
  if (node.kind !== 'map') {
    const value = readExpr(node, read);
    if (value === undefined) return undefined;
    return { place: node.place, rule: { kind: 'equal', value }, severity: 'error', message: undefined };
  }
  const map = read.mapReader(node, '"valid"');
  if (map === undefined) return undefined;
  const rule = readRule(map, read);
  const wire = readWireValid(map.get('-wireshark'), read);
  map.reportUnknown();
  return rule === undefined ? undefined : { place: map.headPlace, rule, ...wire };
}

function readWireValid(
  node: YamlNode | undefined,
  read: ValueReader,
): Pick<ValidDecl, 'severity' | 'message'> {
  const map = node === undefined ? undefined : read.mapReader(node, '"-wireshark" of "valid"');
  if (map === undefined) return { severity: 'error', message: undefined };
  const severity = read.word(map.get('severity'), 'The severity', ['error', 'warning', 'info']) ?? 'error';
  const message = read.text(map.get('message'), 'The message');
  map.reportUnknown();
  return { severity, message };
}

/** In this order: of two rules the first holds, and the other is refused. */
const RULE_KEYS = ['eq', 'min', 'max', 'any-of', 'in-enum', 'expr'];

function readRule(map: MapReader, read: ValueReader): ValidRuleDecl | undefined {
  const equal = readExpr(map.get('eq'), read);
  const min = readExpr(map.get('min'), read);
  const max = readExpr(map.get('max'), read);
  const anyOf = readAnyOf(map.get('any-of'), read);
  const inEnum = map.get('in-enum');
  const expr = readExpr(map.get('expr'), read);
  const given = RULE_KEYS.filter((key) => map.has(key));
  const [first] = given;
  if (first === undefined) {
    const key = 'eq", "min", "max", "any-of", "in-enum" or "expr';
    read.sink.report('spec/missing-key', map.headPlace, { key, where: '"valid"' });
    return undefined;
  }
  const isRange = first === 'min' || first === 'max';
  for (const other of given) {
    if (other !== first && !(isRange && other === 'max')) refuseSecondRule(map, first, other, read);
  }
  if (equal !== undefined) return { kind: 'equal', value: equal };
  if (isRange) return { kind: 'range', min, max };
  if (anyOf !== undefined) return { kind: 'any-of', values: anyOf };
  if (inEnum !== undefined)
    return readInEnum(inEnum, read) ? { kind: 'in-enum', place: inEnum.place } : undefined;
  return expr === undefined ? undefined : { kind: 'expression', expr };
}

function refuseSecondRule(map: MapReader, first: string, other: string, read: ValueReader): void {
  const key = map.node.entries.find((entry) => entry.key.text === other)?.key;
  const detail = `"valid" takes one rule: "${other}" does not go with "${first}".`;
  read.sink.report('spec/key-conflict', key?.place ?? map.headPlace, { detail });
}

function readInEnum(node: YamlNode, read: ValueReader): boolean {
  const value = read.boolean(node, '"in-enum"');
  if (value === false) {
    read.sink.report(
      'spec/bad-value',
      node.place,
      { what: '"in-enum"', expected: 'true', found: 'false' },
      { help: 'Leave the key away to accept any value.' },
    );
  }
  return value === true;
}

function readAnyOf(node: YamlNode | undefined, read: ValueReader): readonly ExprText[] | undefined {
  if (node === undefined) return undefined;
  return read
    .list(node, '"any-of"')
    .map((item) => readExpr(item, read))
    .filter((expr) => expr !== undefined);
}
