import { locate, type MapReader, type ValueReader, type YamlNode } from '../../spec/index.ts';
import type { VectorContext } from './read-vector.ts';
import type { HandshakeChange, HeadChange } from './suite.ts';

const UNCHANGED: HeadChange = { line: null, fields: new Map() };

/** `handshake`: what the heads of the upgrade have that the usual ones have not. */
export function readHandshake(
  node: YamlNode | undefined,
  { protocol, values }: VectorContext,
): HandshakeChange | null {
  const map = node === undefined ? undefined : values.mapReader(node, '"handshake"');
  if (node === undefined || map === undefined) return null;
  if (!protocol.binds.some(({ kind }) => kind === 'http-upgrade')) {
    const expected = 'in tests of a spec that is bound to an http-upgrade only';
    values.sink.report('spec/bad-value', map.headPlace, { what: '"handshake"', expected, found: 'this one' });
  }
  const request = readHead(map.get('request'), '"request"', values);
  const response = readHead(map.get('response'), '"response"', values);
  map.reportUnknown();
  return { request, response };
}

function readHead(node: YamlNode | undefined, what: string, values: ValueReader): HeadChange {
  const map = node === undefined ? undefined : values.mapReader(node, what);
  if (map === undefined) return UNCHANGED;
  const line = values.text(map.get('line'), '"line"') ?? null;
  const fields = readFields(map, values);
  map.reportUnknown();
  return { line, fields };
}

/** A value, several in a list, or none: the field is left out. What is no field stays possible: rules are about that. */
function readFields(map: MapReader, values: ValueReader): ReadonlyMap<string, readonly string[]> {
  const node = map.get('headers');
  const fields = new Map<string, readonly string[]>();
  for (const { key, value } of (node === undefined ? undefined : values.map(node, '"headers"'))?.entries ??
    []) {
    const isAbsent = value.kind === 'scalar' && value.value === null;
    const texts = isAbsent
      ? []
      : values.listOrOne(value).flatMap((item) => values.scalar(item, 'A header')?.text ?? []);
    for (const text of [key.text, ...texts]) {
      if (!/[\r\n]/.test(text)) continue;
      const expected = `a single line (line ${locate(key.place.span).line} holds a line break)`;
      values.sink.report('spec/bad-value', key.place, { what: 'A header', expected, found: 'several' });
    }
    fields.set(key.text, texts);
  }
  return fields;
}
