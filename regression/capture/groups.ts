import type { Expr, Param, Protocol } from '../../spec/index.ts';
import type { GivenParam, Vector } from '../suite/suite.ts';
import type { Case } from './cases.ts';

/** Cases that an engine can dissect in one run, with the same preferences: one capture. */
export interface CaseGroup {
  /** For a file's name. */
  readonly name: string;
  /** `-o name:value` */
  readonly preferences: Readonly<Record<string, string>>;
  /** As our session reads it: a preference that a vector gives a value has it from the beginning. */
  readonly protocol: Protocol;
  readonly cases: readonly Case[];
}

/** The fewest groups: those who need the same preferences are together. The first is that of the plain ways. */
export function groupCases(protocol: Protocol, cases: readonly Case[]): readonly CaseGroup[] {
  const groups = new Map<string, Case[]>();
  for (const item of cases) {
    const key = JSON.stringify(preferencesFor(protocol, item));
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [item]);
    else known.push(item);
  }
  return [...groups.values()].map((own, index) => {
    const [first] = own;
    const preferences = first === undefined ? {} : preferencesFor(protocol, first);
    const given = first === undefined ? protocol : withPreferences(protocol, first.vector);
    return { name: index === 0 ? '' : `-${index + 1}`, preferences, protocol: given, cases: own };
  });
}

function preferencesFor(protocol: Protocol, { variant, vector }: Case): Record<string, string> {
  const recovers = protocol.recovery !== null && protocol.framing.kind === 'self-delimiting';
  return {
    // At a hole it stops the whole direction (docs/diagnoses.md), so it is there where it is needed only.
    'tcp.reassemble_out_of_order': variant === 'reordered' ? 'TRUE' : 'FALSE',
    // As `wiretwin analyze` asks for it where it found a connection without its upgrade.
    ...(variant === 'mid-stream' && recovers
      ? { 'tcp.try_heuristic_first': 'TRUE', [`${protocol.filter}.recover`]: 'TRUE' }
      : {}),
    ...Object.fromEntries(
      givenPreferences(protocol, vector).map(({ name, value }) => [
        `${protocol.filter}.${name}`,
        preferenceText(value),
      ]),
    ),
  };
}

interface GivenPreference {
  readonly param: Param;
  readonly name: string;
  readonly value: GivenParam['value'];
}

function givenPreferences({ types, root }: Protocol, { params }: Vector): readonly GivenPreference[] {
  return (types[root]?.params ?? []).flatMap((param) => {
    const given = params.get(param.id);
    if (given?.reaches !== 'preference' || param.source.kind !== 'preference') return [];
    return [{ param, name: param.source.name, value: given.value }];
  });
}

function preferenceText(value: GivenParam['value']): string {
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value);
}

/** The protocol with these values as its preferences' initial ones: our session knows no others. */
function withPreferences(protocol: Protocol, vector: Vector): Protocol {
  const given = new Map(givenPreferences(protocol, vector).map(({ param, value }) => [param, value]));
  if (given.size === 0) return protocol;
  const types = protocol.types.map((type) => ({
    ...type,
    params: type.params.map((param) => {
      const value = given.get(param);
      if (value === undefined || param.source.kind !== 'preference') return param;
      return { ...param, source: { ...param.source, initial: literal(value, param.type) } };
    }),
  }));
  return { ...protocol, types };
}

function literal(value: GivenParam['value'], type: Param['type']): Expr {
  if (typeof value === 'boolean') return { kind: 'bool', value, type };
  if (typeof value === 'string') return { kind: 'string', value, type };
  if (value instanceof Uint8Array) return { kind: 'bytes', value, type };
  if (typeof value === 'bigint') return { kind: 'int', value, type };
  return { kind: 'float', value, type };
}
