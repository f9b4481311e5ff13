import type { Side } from '../../analyzer/index.ts';
import {
  locate,
  type MapReader,
  type Protocol,
  type ValueReader,
  type YamlNode,
  type YamlScalar,
} from '../../spec/index.ts';
import { readExpect } from './read-expect.ts';
import { readFrames } from './read-frames.ts';
import { readOctets } from './octets.ts';
import { PROBLEM_KINDS, VALID_RULE, type Vector } from './suite.ts';
import { parseVersionRange, type VersionRange } from './version-range.ts';

export interface VectorContext {
  readonly protocol: Protocol;
  readonly values: ValueReader;
}

/** @param names of the vectors so far */
export function readVector(node: YamlNode, context: VectorContext, names: Set<string>): Vector | undefined {
  const { values } = context;
  const map = values.mapReader(node, 'A vector');
  if (map === undefined) return undefined;
  const name = readName(map, values, names);
  const side =
    values.word(map.get('from'), '"from"', ['client', 'server']) === 'server' ? 's2c' : ('c2s' as const);
  const parts = readParts(map, context, side);
  const expect = map.get('expect');
  const info = map.get('info');
  const vector = {
    name: name ?? '',
    line: locate(map.headPlace.span).line,
    side,
    parts: parts.map((octets) => ({ side, octets }) as const),
    handshake: null,
    params: new Map(),
    messages: null,
    connection: null,
    differs: new Map(),
    builtin: [],
    expect: expect === undefined ? null : readExpect(expect, context),
    findings: readFindings(map.get('expect_findings'), context),
    info: info === undefined ? null : (values.text(info, '"info"') ?? null),
    problem: values.word(map.get('problem'), '"problem"', PROBLEM_KINDS) ?? null,
    requires: readRequires(map.get('requires'), values),
  } satisfies Vector;
  map.reportUnknown();
  return name === undefined ? undefined : vector;
}

function readName(map: MapReader, values: ValueReader, names: Set<string>): string | undefined {
  const node = map.require('name');
  const name = values.text(node, '"name"');
  if (name === undefined || node === undefined) return undefined;
  if (names.has(name)) values.sink.report('spec/duplicate-id', node.place, { what: 'a vector', id: name });
  names.add(name);
  return name;
}

/** As octets, or as values that the spec makes octets of. */
function readParts(map: MapReader, context: VectorContext, side: Side): readonly Uint8Array[] {
  const { values } = context;
  const [frame, frames] = [map.get('frame'), map.get('frames')];
  const hex = frame === undefined && frames === undefined ? map.require('hex') : map.get('hex');
  const [node, other] = [hex, frame, frames].filter((one) => one !== undefined);
  if (other !== undefined) {
    const params = { what: 'A vector', expected: 'one of "hex", "frame" and "frames"', found: 'two of them' };
    values.sink.report('spec/bad-value', other.place, params);
  }
  if (node === undefined) return [];
  return node === hex ? readHex(node, values) : readFrames(node, context, side);
}

function readHex(node: YamlNode, values: ValueReader): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const item of values.listOrOne(node)) {
    const scalar = values.scalar(item, '"hex"', 'hex digits');
    const octets = scalar === undefined ? undefined : octetsOf(scalar, values);
    if (octets === undefined) continue;
    if (octets.length === 0) reportNoOctets(item, values);
    parts.push(octets);
  }
  if (node.kind === 'list' && node.items.length === 0) reportNoOctets(node, values);
  return parts;
}

function reportNoOctets({ place }: YamlNode, { sink }: ValueReader): void {
  sink.report('spec/bad-value', place, { what: '"hex"', expected: 'at least one octet', found: 'none' });
}

function octetsOf(scalar: YamlScalar, { sink }: ValueReader): Uint8Array | undefined {
  const read = readOctets(scalar.text);
  if (read.kind === 'octets') return read.octets;
  const { span, path } = scalar.place;
  const start = (scalar.textStart ?? span.start) + read.start;
  const place =
    scalar.textStart === undefined
      ? scalar.place
      : { span: { source: span.source, start, end: start + read.end - read.start }, path };
  const found = `"${scalar.text.slice(read.start, read.end).slice(0, 40)}"`;
  sink.report('spec/bad-value', place, { what: '"hex"', expected: read.message, found });
  return undefined;
}

function readFindings(node: YamlNode | undefined, { protocol, values }: VectorContext): ReadonlySet<string> {
  if (node === undefined) return new Set();
  const rules = [...protocol.types.flatMap(({ checks }) => checks.map(({ id }) => id)), VALID_RULE];
  const known = [...new Set(rules)];
  return new Set(
    values.listOrOne(node).flatMap((item) => values.word(item, 'A rule in "expect_findings"', known) ?? []),
  );
}

function readRequires(node: YamlNode | undefined, values: ValueReader): VersionRange | null {
  const map = node === undefined ? undefined : values.mapReader(node, '"requires"');
  const tshark = map?.get('tshark');
  map?.reportUnknown();
  const scalar = tshark === undefined ? undefined : values.scalar(tshark, '"tshark"');
  if (scalar === undefined) return null;
  const range = parseVersionRange(scalar.text);
  if (range === undefined) {
    const expected = 'versions such as ">=4.0" or ">=4.0 <4.6"';
    const found = `"${scalar.text.slice(0, 40)}"`;
    values.sink.report('spec/bad-value', scalar.place, { what: '"tshark"', expected, found });
  }
  return range ?? null;
}
