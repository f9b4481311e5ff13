import type { Param, ValueReader, YamlEntry, YamlNode } from '../../spec/index.ts';
import { scalarOf, Written } from '../encode/given.ts';
import { scalarKindOf } from './field-paths.ts';
import { SCALAR_TEXT } from './literal.ts';
import { isQuoted } from './read-expect.ts';
import type { VectorContext } from './read-vector.ts';
import type { GivenParam } from './suite.ts';

/** `params`: values of the root type's params, by id. */
export function readParams(
  node: YamlNode | undefined,
  context: VectorContext,
): ReadonlyMap<string, GivenParam> {
  const given = new Map<string, GivenParam>();
  const map = node === undefined ? undefined : context.values.map(node, '"params"');
  for (const entry of map?.entries ?? []) {
    const param = paramOf(entry, context);
    const value = param === undefined ? undefined : valueOf(param, entry.value, context);
    if (param === undefined || value === undefined) continue;
    given.set(param.id, { value, reaches: reachOf(param, context) });
  }
  return given;
}

function paramOf({ key }: YamlEntry, { protocol, values }: VectorContext): Param | undefined {
  const root = protocol.types[protocol.root];
  const params = root?.params ?? [];
  const found = params.find(({ id }) => id === key.text);
  if (found?.source.kind === 'direction') {
    report(values, key.place, [`"${key.text}"`, 'given by "from"', 'a value']);
    return undefined;
  }
  if (found !== undefined) return found;
  const known = params.filter(({ source }) => source.kind !== 'direction').map(({ id }) => id);
  const help = values.sink.suggest(key.text, () => known) ?? paramsText(known);
  const place = { type: `The type "${root?.path.join('::') ?? ''}"`, name: key.text };
  values.sink.report('spec/unknown-member', key.place, place, { help });
  return undefined;
}

function paramsText(known: readonly string[]): string {
  return known.length === 0 ? 'It has no params to be given.' : `Its params are ${known.join(', ')}.`;
}

function valueOf(
  param: Param,
  node: YamlNode,
  { protocol, values }: VectorContext,
): GivenParam['value'] | undefined {
  // A param of the root type is a scalar: nothing else can be given by hand.
  const kind = scalarKindOf(param.type) ?? 'int';
  const scalar = values.scalar(node, `"${param.id}"`, SCALAR_TEXT[kind]);
  if (scalar === undefined) return undefined;
  const { type } = param;
  const enumType = type.kind === 'enum' ? protocol.enums[type.enum] : undefined;
  const enums = enumType === undefined ? [] : [enumType];
  const value = scalarOf(kind, new Written(scalar.text, isQuoted(scalar)), enums);
  if (value === undefined) {
    report(values, scalar.place, [`"${param.id}"`, SCALAR_TEXT[kind], `"${scalar.text.slice(0, 40)}"`]);
  }
  return value;
}

/** A session variable that a head of the upgrade gives can be given so in a capture; others no capture can bring. */
function reachOf({ source }: Param, { protocol }: VectorContext): GivenParam['reaches'] {
  switch (source.kind) {
    case 'preference':
      return 'preference';
    case 'session': {
      const variable = protocol.session.find(({ id }) => id === source.variable);
      const isUpgraded = protocol.binds.some(({ kind }) => kind === 'http-upgrade');
      return isUpgraded && variable?.from != null ? 'upgrade' : 'decoder-only';
    }
    case 'argument':
    case 'direction':
    case 'server-port':
      return 'decoder-only';
  }
}

function report(
  { sink }: ValueReader,
  place: YamlNode['place'],
  [what, expected, found]: readonly [string, string, string],
): void {
  sink.report('spec/bad-value', place, { what, expected, found });
}
