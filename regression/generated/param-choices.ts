import fc from 'fast-check';
import type { HeaderSource, Param, Protocol } from '../../spec/index.ts';
import type { GivenParam } from '../suite/suite.ts';
import { NO_PARAMS, type Params } from '../suite/bare-vector.ts';

/** A param of the root type that a capture can give a value. */
interface Reachable {
  readonly param: Param;
  readonly reaches: 'upgrade' | 'preference';
  readonly from: HeaderSource | null;
}

/**
 * Values of the root type's params: what a head of an upgrade gives (a session variable), and preferences. Each set of
 * preferences is an engine run of its own, so there is one besides the usual one.
 */
export function paramSets(protocol: Protocol): readonly Params[] {
  const changed = reachable(protocol).flatMap(({ param, reaches }): (readonly [string, GivenParam])[] => {
    const value = reaches === 'preference' ? otherValue(param) : undefined;
    return value === undefined ? [] : [[param.id, { value, reaches }]];
  });
  return [...upgradeSets(protocol), ...(changed.length === 0 ? [] : [new Map(changed)])];
}

/** What an upgrade agrees on, at random; nothing mostly. */
export function paramsArbitrary(protocol: Protocol): fc.Arbitrary<Params> {
  const sets = upgradeSets(protocol);
  if (sets.length === 0) return fc.constant(NO_PARAMS);
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 3, arbitrary: fc.constant(NO_PARAMS) },
    { weight: 1, arbitrary: fc.constantFrom(...sets) },
  );
}

/** One variable at a time: two that are read from one header could contradict each other. */
function upgradeSets(protocol: Protocol): readonly Params[] {
  const all = reachable(protocol).filter(({ reaches }) => reaches === 'upgrade');
  return all.flatMap(({ param, from }) =>
    valuesOf(param).map((value) => {
      const set = new Map<string, GivenParam>([[param.id, { value, reaches: 'upgrade' }]]);
      // A parameter stands behind an element: who gives it says that the element is there.
      const element = from?.take.kind === 'parameter' ? from.take.element : null;
      for (const { param: other, from: where } of all) {
        const says = where?.take.kind === 'has' && where.take.element === element;
        if (says && where.header === from?.header) set.set(other.id, { value: true, reaches: 'upgrade' });
      }
      return set;
    }),
  );
}

function reachable(protocol: Protocol): readonly Reachable[] {
  const isUpgraded = protocol.binds.some(({ kind }) => kind === 'http-upgrade');
  return (protocol.types[protocol.root]?.params ?? []).flatMap((param): readonly Reachable[] => {
    const { source } = param;
    if (source.kind === 'preference') return [{ param, reaches: 'preference', from: null }];
    if (source.kind !== 'session' || !isUpgraded) return [];
    const variable = protocol.session.find(({ id }) => id === source.variable);
    return variable?.from == null ? [] : [{ param, reaches: 'upgrade', from: variable.from }];
  });
}

/** In a head, numbers stand in decimal, and windows of deflate have 8 to 15 bits. */
function valuesOf({ type }: Param): readonly GivenParam['value'][] {
  switch (type.kind) {
    case 'bool':
      return [true];
    case 'int':
      return [9n, 12n].filter((value) => value >= type.min && value <= type.max);
    case 'string':
      return ['garden.v1'];
    case 'float':
    case 'bytes':
    case 'enum':
    case 'struct':
    case 'array':
    case 'io':
    case 'any':
      return [];
  }
}

function otherValue({ type, source }: Param): GivenParam['value'] | undefined {
  const initial = source.kind === 'preference' ? source.initial : undefined;
  if (type.kind === 'bool' && initial?.kind === 'bool') return !initial.value;
  if (type.kind === 'int' && initial?.kind === 'int') {
    return initial.value < type.max ? initial.value + 1n : initial.value - 1n;
  }
  return undefined;
}
