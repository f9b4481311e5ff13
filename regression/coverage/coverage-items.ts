import type { Content, Extent, Field, Instance, Protocol, Span, StructType } from '../../spec/index.ts';
import { constantText, memberName, typePrefix, typesInUse } from './names.ts';

/** In the order in which the report has them. */
export const COVERAGE_KINDS = [
  'field',
  'value',
  'arm',
  'if',
  'repeat',
  'end',
  'instance',
  'valid',
  'rule',
  'message',
  'session',
  'state',
] as const;
export type CoverageKind = (typeof COVERAGE_KINDS)[number];

/** One thing of a spec that can be exercised. */
export interface CoverageItem {
  readonly kind: CoverageKind;
  /** Unique in a protocol, and the same as long as the spec has it: `payload: arm opcode::close`. */
  readonly name: string;
  /** null: the spec's place of it is not known. */
  readonly span: Span | null;
}

/** Everything of a protocol that can be exercised, in the order of the spec. */
export function coverageItems(protocol: Protocol): readonly CoverageItem[] {
  const items = [
    ...typesInUse(protocol).flatMap((type) => itemsOfType(type, protocol)),
    ...protocol.rules.map(({ id }) => ({ kind: 'rule', name: ruleName(id, false), span: null }) as const),
    ...messageItems(protocol),
    ...sessionItems(protocol),
  ];
  // Two types of one name (of imports of the same id) would be told apart by nobody.
  return [...new Map(items.map((item) => [item.name, item])).values()];
}

export function ruleName(id: string, held: boolean): string {
  return `rule ${id} ${held ? 'held' : 'broken'}`;
}

function itemsOfType(type: StructType, protocol: Protocol): readonly CoverageItem[] {
  const prefix = typePrefix(type, protocol);
  return [
    ...type.fields.flatMap((field) => itemsOfMember(field, 'field', type, protocol)),
    ...type.instances.flatMap((instance) => itemsOfMember(instance, 'instance', type, protocol)),
    ...type.checks.flatMap(({ id, span }) =>
      [true, false].map((held) => ({ kind: 'rule', name: ruleName(id, held), span }) as const),
    ),
    ...type.sets.map(
      ({ variable }) => ({ kind: 'state', name: `${prefix}set ${variable}`, span: null }) as const,
    ),
  ];
}

function itemsOfMember(
  member: Field | Instance,
  kind: 'field' | 'instance',
  type: StructType,
  protocol: Protocol,
): readonly CoverageItem[] {
  const name = memberName(member, type, protocol);
  const { span } = member;
  const of = (itemKind: CoverageKind, endings: readonly string[]): readonly CoverageItem[] =>
    endings.map((ending) => ({ kind: itemKind, name: name + ending, span }));
  const parsed = 'content' in member ? member : null;
  return [
    ...of(kind, ['']),
    ...of('if', member.when === null ? [] : [' if present', ' if absent']),
    ...of('repeat', parsed === null ? [] : timesOf(parsed).filter((times) => times !== '')),
    ...of('valid', hasValidation(member) ? [' valid held', ' valid broken'] : []),
    ...(parsed === null ? [] : of('arm', armEndings(parsed.content, protocol))),
    ...(parsed === null
      ? of('value', parsedValues(member, protocol))
      : contentsOf(parsed.content).flatMap((content) => [
          ...of('value', valueEndings(content, protocol)),
          ...of('end', 'extent' in content && content.extent !== null ? endingsOf(content.extent) : []),
        ])),
  ];
}

/** `contents` is held against the octets as `valid` is. */
export function hasValidation(member: Field | Instance): boolean {
  return member.valid !== null || ('content' in member && member.content.kind === 'contents');
}

const TIMES = [' repeated 0 times', ' repeated once', ' repeated many times'] as const;

/** The numbers of times that differ; the last one stands for all from 2. */
export function timesOf({ repeat }: Field): readonly string[] {
  switch (repeat.kind) {
    case 'once':
      return [];
    case 'count':
      // A constant says itself how often.
      return repeat.count.kind === 'int' ? [] : TIMES;
    case 'until':
      return ['', ...TIMES.slice(1)];
    case 'to-end':
      return TIMES;
  }
}

function armEndings(content: Content, protocol: Protocol): readonly string[] {
  if (content.kind !== 'switch') return [];
  const { arms, fallback } = content;
  return [
    ...arms.map((_, index) => armEnding(content, index, protocol)),
    fallback === null ? NO_ARM_ENDING : FALLBACK_ENDING,
  ];
}

export const FALLBACK_ENDING = ': fallback';
export const NO_ARM_ENDING = ': no arm';

export function armEnding({ arms }: Content & { kind: 'switch' }, index: number, protocol: Protocol): string {
  const value = arms[index]?.value;
  const text = value === undefined ? undefined : constantText(value, protocol);
  return `: arm ${text ?? `number ${index + 1}`}`;
}

/** A content, or those of a switch. */
export function contentsOf(content: Content): readonly Content[] {
  if (content.kind !== 'switch') return [content];
  return [
    ...content.arms.map((arm) => arm.content),
    ...(content.fallback === null ? [] : [content.fallback]),
  ];
}

function valueEndings(content: Content, protocol: Protocol): readonly string[] {
  if (content.kind === 'bits' && content.boolean) return [' = true', ' = false'];
  if (content.kind !== 'bits' && content.kind !== 'integer') return [];
  return content.enum === null ? [] : enumEndings(content.enum, protocol);
}

function parsedValues(member: Field | Instance, protocol: Protocol): readonly string[] {
  if (member.type.kind === 'bool') return [' = true', ' = false'];
  return member.type.kind === 'enum' ? enumEndings(member.type.enum, protocol) : [];
}

function enumEndings(id: number, { enums }: Protocol): readonly string[] {
  return (enums[id]?.values ?? []).map(({ name }) => ` = ${name}`);
}

export const TERMINATED = ' ends at its terminator';
export const UNTERMINATED = ' ends without its terminator';
export const PADDED = ' is padded';
export const UNPADDED = ' is not padded';

/** Forms that the end of a run of octets can have. */
function endingsOf({ terminator, length, eosError, padRight }: Extent): readonly string[] {
  const mayLackIt = length.kind !== 'terminated' || !eosError;
  return [
    ...(terminator === null ? [] : mayLackIt ? [TERMINATED, UNTERMINATED] : [TERMINATED]),
    ...(padRight === null ? [] : [PADDED, UNPADDED]),
  ];
}

function messageItems({ reassembly, processes }: Protocol): readonly CoverageItem[] {
  if (reassembly === null) return [];
  const names = ['message whole', 'message in parts', ...(processes.length > 0 ? ['message processed'] : [])];
  return names.map((name) => ({ kind: 'message', name, span: null }));
}

/** Variables that PDUs are read with. */
function sessionItems(protocol: Protocol): readonly CoverageItem[] {
  const root = protocol.types[protocol.root];
  return (root?.params ?? []).flatMap(({ source, type, span }) => {
    if (source.kind !== 'session') return [];
    const states = type.kind === 'bool' ? ['= true', '= false'] : ['set', 'unset'];
    return states.map(
      (state) => ({ kind: 'session', name: sessionName(source.variable, state), span }) as const,
    );
  });
}

export function sessionName(variable: string, state: string): string {
  return `session ${variable} ${state}`;
}
