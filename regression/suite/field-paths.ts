import {
  type Content,
  didYouMean,
  type EnumType,
  type Field,
  type Instance,
  type Param,
  type Protocol,
  type StructType,
  type TypeId,
  type ValueType,
} from '../../spec/index.ts';
import type { PathStep } from './suite.ts';

/** A scalar that a member may be, for reading what a tests file says of it. */
export type ScalarKind = 'int' | 'float' | 'bool' | 'string' | 'bytes';

/** What stands at a path; a switch makes it several things. */
export interface PathTarget {
  readonly types: readonly StructType[];
  readonly scalars: ReadonlySet<ScalarKind>;
  readonly enums: readonly EnumType[];
  readonly repeated: boolean;
  /** Something whose type only shows when it is read. */
  readonly open: boolean;
}

export type PathFound =
  | { readonly kind: 'found'; readonly target: PathTarget }
  | {
      readonly kind: 'unknown';
      /** The member that nobody has. */
      readonly id: string;
      /** Where it was looked for: `The type "close_body"`. */
      readonly where: string;
      readonly meant: string | undefined;
    };

type Member = Param | Field | Instance;

export function rootTarget(protocol: Protocol): PathTarget {
  return typeTarget(protocol, protocol.root);
}

export function typeTarget(protocol: Protocol, type: TypeId): PathTarget {
  return targetOf(protocol, [{ kind: 'struct', type }]);
}

/** One step further from a target. */
export function stepInto(protocol: Protocol, from: PathTarget, step: PathStep): PathFound {
  if (typeof step === 'number') return { kind: 'found', target: { ...from, repeated: false } };
  const members = from.types.flatMap((type) => membersOf(type).filter(({ id }) => id === step));
  if (members.length > 0) {
    const target = targetOf(
      protocol,
      members.flatMap((member) => shapesOf(member)),
      members.some(isRepeated),
    );
    return { kind: 'found', target };
  }
  if (from.open) return { kind: 'found', target: from };
  const known = from.types.flatMap((type) => membersOf(type).map(({ id }) => id));
  const where = from.types.map((type) => `"${type.path.join('::')}"`).join(' or ');
  return {
    kind: 'unknown',
    id: step,
    where: where === '' ? 'What stands before it' : `The type ${where}`,
    meant: didYouMean(step, known),
  };
}

/** `a.b[2].c`, or `a.b.2.c` (which needs no quotes in YAML), in steps; undefined: it is no path. */
export function parsePath(text: string): readonly PathStep[] | undefined {
  const steps: PathStep[] = [];
  for (const part of text.split('.')) {
    if (/^\d{1,9}$/.test(part) && steps.length > 0) {
      steps.push(Number(part));
      continue;
    }
    const match = /^([a-z_][a-z0-9_]*)((?:\[\d{1,9}\])*)$/i.exec(part);
    if (match?.[1] === undefined) return undefined;
    steps.push(match[1]);
    for (const [index] of (match[2] ?? '').matchAll(/\d+/g)) steps.push(Number(index));
  }
  return steps;
}

export function pathText(steps: readonly PathStep[]): string {
  return steps.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** What a member may be: an IR type, or the content that is read. */
type Shape = ValueType | { readonly kind: 'integer' };

function membersOf(type: StructType): readonly Member[] {
  return [...type.params, ...type.fields, ...type.instances];
}

function isRepeated(member: Member): boolean {
  return member.type.kind === 'array';
}

/** The arms of a switch have no common type, so contents tell more than the member's own. */
function shapesOf(member: Member): readonly Shape[] {
  return 'content' in member ? shapesOfContent(member.content) : [elementOf(member.type)];
}

function elementOf(type: ValueType): ValueType {
  return type.kind === 'array' ? elementOf(type.element) : type;
}

function shapesOfContent(content: Content): readonly Shape[] {
  switch (content.kind) {
    case 'integer':
      return [content.enum === null ? { kind: 'integer' } : { kind: 'enum', enum: content.enum }];
    case 'bits':
      if (content.enum !== null) return [{ kind: 'enum', enum: content.enum }];
      return [content.boolean ? { kind: 'bool' } : { kind: 'integer' }];
    case 'float':
      return [{ kind: 'float' }];
    case 'bytes':
    case 'contents':
    case 'opaque':
      return [{ kind: 'bytes' }];
    case 'string':
      return [{ kind: 'string' }];
    case 'struct':
      return [{ kind: 'struct', type: content.type }];
    case 'switch': {
      const contents = [...content.arms.map((arm) => arm.content), content.fallback];
      return contents.flatMap((arm) => (arm === null ? [] : shapesOfContent(arm)));
    }
  }
}

function targetOf(protocol: Protocol, shapes: readonly Shape[], repeated = false): PathTarget {
  const types = new Set<StructType>();
  const scalars = new Set<ScalarKind>();
  const enums = new Set<EnumType>();
  let open = false;
  for (const shape of shapes) {
    const kind = scalarKindOf(shape);
    if (kind !== undefined) scalars.add(kind);
    if (shape.kind === 'enum') addPresent(enums, protocol.enums[shape.enum]);
    if (shape.kind === 'struct') addPresent(types, typeAt(protocol, shape.type));
    open ||= shape.kind === 'any' || (shape.kind === 'struct' && shape.type === null);
  }
  return { types: [...types], scalars, enums: [...enums], repeated, open };
}

function typeAt(protocol: Protocol, id: TypeId | null): StructType | undefined {
  return id === null ? undefined : protocol.types[id];
}

function addPresent<T>(set: Set<T>, item: T | undefined): void {
  if (item !== undefined) set.add(item);
}

/** undefined: it is no scalar, or only shows what it is when it is read. */
export function scalarKindOf(shape: Shape): ScalarKind | undefined {
  switch (shape.kind) {
    case 'int':
    case 'integer':
    case 'enum':
      return 'int';
    case 'float':
      return 'float';
    case 'bool':
      return 'bool';
    case 'string':
      return 'string';
    case 'bytes':
      return 'bytes';
    case 'struct':
    case 'array':
    case 'io':
    case 'any':
      return undefined;
  }
}
