import { parseExpression } from '../expression/parse-expression.ts';
import type { MapReader, ValueReader } from './map-reader.ts';
import type { ExprText, Located } from './spec-ast.ts';
import type { YamlNode } from './yaml-node.ts';

/** `doc` as text; `doc-ref` is only looked at. */
export function readDoc(map: MapReader, read: ValueReader): string {
  const doc = map.get('doc');
  const references = map.get('doc-ref');
  if (references !== undefined) {
    for (const reference of read.listOrOne(references)) read.scalar(reference, '"doc-ref"');
  }
  return doc === undefined ? '' : (read.text(doc, '"doc"') ?? '').trim();
}

export function readExpr(node: YamlNode | undefined, read: ValueReader): ExprText | undefined {
  if (node === undefined) return undefined;
  const scalar = read.scalar(node, 'This', 'an expression');
  if (scalar === undefined) return { text: '', place: node.place, ast: undefined, textStart: undefined };
  return parseExpression(scalar, read.sink);
}

export function readLocated(
  node: YamlNode | undefined,
  read: ValueReader,
  what: string,
): Located<string> | undefined {
  const scalar = node === undefined ? undefined : read.scalar(node, what);
  return scalar === undefined ? undefined : { value: scalar.text, place: scalar.place };
}

export function readId(
  node: YamlNode | undefined,
  read: ValueReader,
  what: string,
): Located<string> | undefined {
  const scalar = node === undefined ? undefined : read.scalar(node, 'The id', 'a name');
  if (scalar === undefined) return undefined;
  const id = read.identifier(scalar, what);
  return id === undefined ? undefined : { value: id, place: scalar.place };
}
