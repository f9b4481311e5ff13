import type { Content, EnumType, Extent, Field, StructType, SwitchArm } from '../../spec/index.ts';
import type { ScalarKind } from '../suite/field-paths.ts';
import type { PathStep } from '../suite/suite.ts';
import { type Built, type EncValue, keyOf, type Knowledge, membersGiven } from './built.ts';
import { EncodeError, NotKnown, NotThere } from './encode-error.ts';
import { Evaluator, type Members } from './evaluate.ts';
import { type Given, scalarOf } from './given.ts';
import { compare } from './operators.ts';

/** A content that is one value. */
export type Plain = Exclude<Content, { kind: 'switch' }>;
export type Variable = Content & { kind: 'integer' | 'bits' };

/** One occurrence of a field. */
export interface Occurrence {
  readonly object: Built;
  readonly field: Field;
  readonly steps: readonly PathStep[];
  readonly index: number | undefined;
}

/** What the members of the PDU are, written or not: given, found, or the zero of their type. */
export class Plan implements Members {
  readonly evaluator = new Evaluator(this);
  readonly knowledge: Knowledge;
  /** A number that nothing was given for. The solver puts its own reading here. */
  unset: (key: string, content: Variable) => bigint | undefined;

  constructor(knowledge: Knowledge) {
    this.knowledge = knowledge;
    this.unset = (key) => knowledge.assigned.get(key);
  }

  field(object: Built, index: number): EncValue {
    const field = object.type.fields[index];
    if (field === undefined) throw new NotKnown();
    const made = object.children.get(field.id);
    if (made !== undefined) return made;
    const given = object.given[field.id];
    if (given === null) throw new NotThere();
    if (given === undefined && field.when !== null && !this.evaluator.flag(field.when, { self: object }))
      throw new NotThere();
    const steps = [...object.steps, field.id];
    if (field.repeat.kind === 'once')
      return this.value({ object, field, steps, index: undefined }, field.content, given);
    const items: readonly Given[] = Array.isArray(given) ? (given as readonly Given[]) : [];
    return items.map((item, at) =>
      this.value({ object, field, steps: [...steps, at], index: at }, field.content, item),
    );
  }

  instance(object: Built, index: number): EncValue {
    const instance = object.type.instances[index];
    // What is read elsewhere again is known only when all is written.
    if (instance?.kind !== 'value') throw new NotKnown();
    if (instance.when !== null && !this.evaluator.flag(instance.when, { self: object })) throw new NotThere();
    return this.evaluator.value(instance.value, { self: object });
  }

  ioSize({ stream }: Built): number {
    return known(this.knowledge.sizes.get(`io ${stream}`));
  }

  sizeOf({ steps }: Built): number {
    return known(this.knowledge.sizes.get(`object ${keyOf(steps)}`));
  }

  /** The arm of a switch that is meant; undefined: nothing is written. */
  plain(content: Content, { object, index }: Occurrence): Plain | undefined {
    let at: Content | null = content;
    while (at !== null && at.kind === 'switch') {
      const on: EncValue = this.evaluator.value(at.on, { self: object, index });
      const arm: SwitchArm | undefined = at.arms.find(({ value }) =>
        compare('eq', on, this.evaluator.value(value, { self: object, index, it: on })),
      );
      at = arm?.content ?? at.fallback;
    }
    return at ?? undefined;
  }

  value(at: Occurrence, content: Content, given: Given): EncValue {
    const plain = this.plain(content, at);
    if (plain === undefined) throw new NotThere();
    if (plain.kind === 'contents') return plain.expected;
    if (plain.kind === 'struct') return this.object(at, plain, given);
    if (given === undefined || given === null) return this.zero(at, plain);
    const kind = kindOf(plain);
    const value = scalarOf(kind, given, this.enums(plain));
    if (value === undefined) throw new EncodeError(at.steps, `must be ${KIND_TEXT[kind]}`);
    return value;
  }

  enums(content: Plain): readonly EnumType[] {
    const id = content.kind === 'integer' || content.kind === 'bits' ? content.enum : null;
    const found = id === null ? undefined : this.knowledge.protocol.enums[id];
    return found === undefined ? [] : [found];
  }

  object(
    { object, field, steps, index }: Occurrence,
    content: Plain & { kind: 'struct' },
    given: Given,
  ): Built {
    const type = this.type(content.type);
    const members = membersGiven(type, given);
    if (members === undefined) throw new EncodeError(steps, 'must be a map of its members');
    const scope = { self: object, index };
    let parent: EncValue | null = object;
    if (content.parent.kind === 'none') parent = null;
    if (content.parent.kind === 'other') parent = this.evaluator.value(content.parent.object, scope);
    const built = {
      type,
      steps,
      given: members,
      parent: parent as Built | null,
      root: object.root,
      args: content.args.map((argument) => this.evaluator.value(argument, scope)),
      stream: content.extent === null ? object.stream : keyOf(steps),
      writer: null,
      children: new Map<string, EncValue>(),
    };
    if (index === undefined) object.children.set(field.id, built);
    return built;
  }

  type(id: number): StructType {
    return known(this.knowledge.protocol.types[id]);
  }

  /** The zero of the type, or the first value that `valid` names. */
  zero({ object, field, steps, index }: Occurrence, content: Exclude<Plain, { kind: 'struct' }>): EncValue {
    switch (content.kind) {
      case 'integer':
      case 'bits': {
        const value = this.unset(keyOf(steps), content) ?? this.#validOf(field, object) ?? 0n;
        return content.kind === 'bits' && content.boolean ? value !== 0n : value;
      }
      case 'float':
        return 0;
      case 'string':
        return Buffer.from(ending(content.extent)).toString('latin1');
      case 'contents':
        return content.expected;
      case 'bytes':
      case 'opaque': {
        const { length, terminator } = content.extent;
        if (terminator !== null) return ending(content.extent);
        if (length.kind !== 'size') return new Uint8Array();
        const size = this.evaluator.int(length.octets, { self: object, index });
        if (size < 0n || size > LARGEST_ZERO)
          throw new EncodeError(steps, `has no value, and ${size} octets`);
        return new Uint8Array(Number(size));
      }
    }
  }

  #validOf({ valid }: Field, object: Built): bigint | undefined {
    const rule = valid?.rule;
    if (rule === undefined) return undefined;
    const expr = rule.kind === 'equal' ? rule.value : rule.kind === 'any-of' ? rule.values[0] : undefined;
    const value = expr === undefined ? undefined : this.evaluator.value(expr, { self: object });
    return typeof value === 'bigint' ? value : undefined;
  }
}

/** The shortest value that reading ends: nothing, or the terminator where it is part of the value. */
function ending({ include, terminator }: Extent): Uint8Array {
  return include && terminator !== null ? terminator : new Uint8Array();
}

/** What nothing is said of is not filled with more zeros than that. */
const LARGEST_ZERO = 1n << 20n;

const KIND_TEXT: Readonly<Record<ScalarKind, string>> = {
  int: 'an integer, or the name of an enum value',
  float: 'a number',
  bool: 'true or false',
  string: 'text',
  bytes: 'octets',
};

export function kindOf(content: Exclude<Plain, { kind: 'struct' }>): ScalarKind {
  switch (content.kind) {
    case 'integer':
      return 'int';
    case 'bits':
      return content.boolean ? 'bool' : 'int';
    case 'float':
      return 'float';
    case 'string':
      return 'string';
    case 'bytes':
    case 'contents':
    case 'opaque':
      return 'bytes';
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new NotKnown();
  return value;
}
