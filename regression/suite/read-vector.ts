import { locate, type MapReader, type Protocol, type ValueReader, type YamlNode } from '../../spec/index.ts';
import { VARIANTS, type VariantName } from '../capture/variants.ts';
import { readConnection } from './read-connection.ts';
import { readExpect, readMessages } from './read-expect.ts';
import { readHandshake } from './read-handshake.ts';
import { readParams } from './read-params.ts';
import { readParts } from './read-parts.ts';
import { rulesOfVector } from './rules.ts';
import {
  type BuiltinDeviation,
  type Part,
  PROBLEM_KINDS,
  type Vector,
  type Unwritable,
  type VectorEnd,
} from './suite.ts';
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
  const params = readParams(map.get('params'), context);
  const unwritable: Unwritable[] = [];
  const parts = readParts(map, { ...context, params, unwritable });
  const vector = {
    name: name ?? '',
    line: locate(map.headPlace.span).line,
    side: parts[0]?.side ?? 'c2s',
    parts,
    params,
    unwritable,
    end: readEnd(map.get('end'), parts, values),
    handshake: readHandshake(map.get('handshake'), context),
    ...readOutcome(map, context),
    requires: readRequires(map.get('requires'), values),
    differs: readDiffers(map.get('differs'), values),
    builtin: readBuiltin(map.get('builtin'), values),
  } satisfies Vector;
  map.reportUnknown();
  return name === undefined ? undefined : vector;
}

type Outcome = Pick<Vector, 'expect' | 'messages' | 'findings' | 'connection' | 'info' | 'problem'>;

function readOutcome(map: MapReader, context: VectorContext): Outcome {
  const { values } = context;
  const [expect, messages, info] = [map.get('expect'), map.get('messages'), map.get('info')];
  return {
    expect: expect === undefined ? null : readExpect(expect, context),
    messages: messages === undefined ? null : readMessages(messages, context),
    findings: readFindings(map.get('expect_findings'), context),
    connection: readConnection(map.get('connection'), context),
    info: info === undefined ? null : (values.text(info, '"info"') ?? null),
    problem: values.word(map.get('problem'), '"problem"', PROBLEM_KINDS) ?? null,
  };
}

function readName(map: MapReader, values: ValueReader, names: Set<string>): string | undefined {
  const node = map.require('name');
  const name = values.text(node, '"name"');
  if (name === undefined || node === undefined) return undefined;
  if (names.has(name)) values.sink.report('spec/duplicate-id', node.place, { what: 'a vector', id: name });
  names.add(name);
  return name;
}

const ENDS = ['client-fin', 'server-fin', 'client-rst', 'server-rst', 'open'] as const;

/** Who sent first ends the connection, when nothing is said. */
function readEnd(node: YamlNode | undefined, parts: readonly Part[], values: ValueReader): VectorEnd {
  const word = values.word(node, '"end"', ENDS);
  if (word === 'open') return { kind: 'open', side: null };
  if (word === undefined) return { kind: 'fin', side: parts[0]?.side ?? 'c2s' };
  return { kind: word.endsWith('rst') ? 'rst' : 'fin', side: word.startsWith('client') ? 'c2s' : 's2c' };
}

function readFindings(node: YamlNode | undefined, { protocol, values }: VectorContext): ReadonlySet<string> {
  if (node === undefined) return new Set();
  const known = rulesOfVector(protocol);
  const later = new Set(protocol.rules.filter(({ scope }) => scope === 'connection').map(({ id }) => id));
  return new Set(
    values.listOrOne(node).flatMap((item) => {
      if (item.kind === 'scalar' && later.has(item.text)) {
        const expected = 'under "connection: {findings: [...]}", for it needs the whole connection';
        values.sink.report('spec/bad-value', item.place, {
          what: `"${item.text}"`,
          expected,
          found: 'in "expect_findings"',
        });
        return [];
      }
      return values.word(item, 'A rule in "expect_findings"', known) ?? [];
    }),
  );
}

export function readRequires(node: YamlNode | undefined, values: ValueReader): VersionRange | null {
  const map = node === undefined ? undefined : values.mapReader(node, '"requires"');
  const tshark = map?.get('tshark');
  map?.reportUnknown();
  return readRange(tshark, values);
}

function readRange(node: YamlNode | undefined, values: ValueReader): VersionRange | null {
  const scalar = node === undefined ? undefined : values.scalar(node, '"tshark"');
  if (scalar === undefined) return null;
  const range = parseVersionRange(scalar.text);
  if (range === undefined) {
    const expected = 'versions such as ">=4.0" or ">=4.0 <4.6"';
    const found = `"${scalar.text.slice(0, 40)}"`;
    values.sink.report('spec/bad-value', scalar.place, { what: '"tshark"', expected, found });
  }
  return range ?? null;
}

/** `differs: {snaplen: REASON}` */
function readDiffers(node: YamlNode | undefined, values: ValueReader): ReadonlyMap<VariantName, string> {
  const differs = new Map<VariantName, string>();
  for (const { key, value } of (node === undefined ? undefined : values.map(node, '"differs"'))?.entries ??
    []) {
    const variant = values.word(key, 'A variant in "differs"', VARIANTS);
    const reason = values.text(value, 'The reason');
    if (variant !== undefined && reason !== undefined) differs.set(variant, reason);
  }
  return differs;
}

/** `builtin: {filters: [...], tshark: '<4.4', reason: WHY}`, or several in a list. */
function readBuiltin(node: YamlNode | undefined, values: ValueReader): readonly BuiltinDeviation[] {
  if (node === undefined) return [];
  return values.listOrOne(node).flatMap((item) => {
    const map = values.mapReader(item, 'A deviation in "builtin"');
    if (map === undefined) return [];
    const list = map.require('filters');
    const filters = (list === undefined ? [] : values.listOrOne(list)).flatMap(
      (filter) => values.text(filter, 'A filter') ?? [],
    );
    const tshark = readRange(map.get('tshark'), values);
    const reason = values.text(map.require('reason'), '"reason"') ?? '';
    map.reportUnknown();
    return [{ filters: new Set(filters), tshark, reason }];
  });
}
