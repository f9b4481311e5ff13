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

function readRule(map: MapReader, read: ValueReader): ValidRuleDecl | undefined {
  const equal = readExpr(map.get('eq'), read);
  const min = readExpr(map.get('min'), read);
  const max = readExpr(map.get('max'), read);
  const anyOf = readAnyOf(map.get('any-of'), read);
  const expr = readExpr(map.get('expr'), read);
  const inEnumNode = map.get('in-enum');
  const rules: ValidRuleDecl[] = [];
  if (equal !== undefined) rules.push({ kind: 'equal', value: equal });
  if (min !== undefined || max !== undefined) rules.push({ kind: 'range', min, max });
  if (anyOf !== undefined) rules.push({ kind: 'any-of', values: anyOf });
  if (expr !== undefined) rules.push({ kind: 'expression', expr });
  if (inEnumNode !== undefined && readInEnum(inEnumNode, read)) {
    rules.push({ kind: 'in-enum', place: inEnumNode.place });
  }
  if (rules.length > 1) {
    read.sink.report('spec/key-conflict', map.headPlace, {
      detail: '"valid" takes one rule: "eq", "min" and "max", "any-of", "in-enum" or "expr".',
    });
  }
  if (rules.length === 0 && inEnumNode === undefined) {
    read.sink.report('spec/missing-key', map.headPlace, {
      key: 'eq", "min", "max", "any-of", "in-enum" or "expr',
      where: '"valid"',
    });
  }
  return rules[0];
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
