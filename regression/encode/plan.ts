import type {
  Content,
  EnumType,
  Expr,
  Field,
  ParseInstance,
  StructType,
  SwitchArm,
  TypeId,
} from '../../spec/index.ts';
import type { PathStep } from '../suite/suite.ts';
import {
  type Built,
  type EncValue,
  isBuilt,
  isForm,
  keyOf,
  type Knowledge,
  membersGiven,
  rootFor,
} from './built.ts';
import { defaultValue } from './default-value.ts';
import { EncodeError, known, NotKnown, NotThere } from './encode-error.ts';
import { Evaluator, type Members } from './evaluate.ts';
import { type Given, isMap } from './given.ts';
import { octetForm } from './octet-form.ts';
import { compare } from './operators.ts';
import { peek } from './peek.ts';
import { type ScalarContent, scalarGiven } from './scalar-given.ts';
import { octetsText } from './text-octets.ts';

/** A content that is one value. */
export type Plain = Exclude<Content, { kind: 'switch' }>;
export type Variable = Content & { kind: 'integer' | 'bits' };
export type ReadMember = Field | ParseInstance;

/** One occurrence of a field. */
export interface Occurrence {
  readonly object: Built;
  readonly field: ReadMember;
  readonly steps: readonly PathStep[];
  readonly index: number | undefined;
}

/** What the members of the PDU are, written or not: given, found, or the zero of their type. */
export class Plan implements Members {
  readonly evaluator = new Evaluator(this);
  readonly knowledge: Knowledge;
  /** Where instances stood when they were first asked for, by path: a position may depend on how far the sequence is. */
  readonly #places = new Map<string, bigint>();
  /** A number that nothing was given for. The solver puts its own reading here. */
  unset: (key: string, content: Variable) => bigint | undefined;

  /** The solver sets it. */
  isSolving = false;

  constructor(knowledge: Knowledge) {
    this.knowledge = knowledge;
    this.unset = (key) => knowledge.assigned.get(key);
  }

  field(object: Built, index: number): EncValue {
    const field = object.type.fields[index];
    if (field === undefined) throw new NotKnown();
    return this.#member(object, field);
  }

  instance(object: Built, index: number): EncValue {
    const instance = object.type.instances[index];
    if (instance === undefined) throw new NotKnown();
    if (instance.kind === 'parse') {
      this.place(object, instance);
      if (object.given[instance.id] !== undefined || object.children.has(instance.id))
        return this.#member(object, instance);
      this.#refuseAbsent(object, instance.when);
      return peek(object, instance, this);
    }
    this.#refuseAbsent(object, instance.when);
    return this.evaluator.value(instance.value, { self: object });
  }

  /** Position of an instance; undefined: not known, or nobody says. */
  place(object: Built, { id, pos }: ParseInstance): bigint | undefined {
    const key = keyOf([...object.steps, id]);
    const found = this.#places.get(key) ?? (pos === null ? this.#here(object) : this.#position(object, pos));
    if (found !== undefined) this.#places.set(key, found);
    return found;
  }

  #here({ writer }: Built): bigint | undefined {
    return writer === null ? undefined : BigInt(writer.position);
  }

  #position(self: Built, pos: Expr): bigint | undefined {
    return known(() => this.evaluator.int(pos, { self }));
  }

  #member(object: Built, field: ReadMember): EncValue {
    const made = object.children.get(field.id);
    if (made !== undefined) return made;
    const given = object.given[field.id];
    if (given === null) throw new NotThere();
    if (given === undefined) this.#refuseAbsent(object, field.when);
    const steps = [...object.steps, field.id];
    if (field.repeat.kind === 'once')
      return this.value({ object, field, steps, index: undefined }, field.content, given);
    const items: readonly Given[] = Array.isArray(given) ? (given as readonly Given[]) : [];
    return items.map((item, at) =>
      this.value({ object, field, steps: [...steps, at], index: at }, field.content, item),
    );
  }

  #refuseAbsent(object: Built, when: Expr | null): void {
    if (when !== null && !this.evaluator.flag(when, { self: object })) throw new NotThere();
  }

  /** While values are sought a param follows from them. */
  param(object: Built, index: number): EncValue {
    const { argExprs, argIndex, holder, args } = object;
    const expr = argExprs[index];
    if (this.isSolving && holder !== null && expr !== undefined)
      return this.evaluator.value(expr, { self: holder, index: argIndex });
    return present(args[index]);
  }

  ioSize({ stream }: Built): number {
    return present(this.knowledge.sizes.get(`io ${stream}`));
  }

  sizeOf({ steps }: Built): number {
    return present(this.knowledge.sizes.get(`object ${keyOf(steps)}`));
  }

  enumName(id: number, value: bigint): string {
    const found = this.knowledge.protocol.enums[id]?.values.find((one) => one.value === value);
    return found?.name ?? value.toString();
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
    if (plain.kind === 'struct') return this.object(at, plain, given);
    if (given === undefined || given === null) return defaultValue(at, plain, this);
    const form = octetForm(given, this.knowledge.protocol, at.steps);
    if (form === undefined) return scalarGiven(plain, given, { enums: this.enums(plain), steps: at.steps });
    return this.#formed(plain, form, { at, given });
  }

  /** What octets mean that were given in place of the value. */
  #formed(
    content: ScalarContent,
    { octets, onWire }: { readonly octets: Uint8Array; readonly onWire: boolean },
    { at, given }: { readonly at: Occurrence; readonly given: Given },
  ): EncValue {
    if (onWire) throw new NotKnown();
    if (content.kind === 'bytes' || content.kind === 'contents' || content.kind === 'opaque') return octets;
    if (content.kind === 'string') return octetsText(octets, content.encoding) ?? '';
    return scalarGiven(content, given, { enums: this.enums(content), steps: at.steps });
  }

  enums(content: Plain): readonly EnumType[] {
    const id = content.kind === 'integer' || content.kind === 'bits' ? content.enum : null;
    const found = id === null ? undefined : this.knowledge.protocol.enums[id];
    return found === undefined ? [] : [found];
  }

  object(at: Occurrence, content: Plain & { kind: 'struct' }, given: Given): Built {
    const { object, field, steps, index } = at;
    const type = this.type(content.type);
    // Its octets were given: nobody knows its members.
    if (this.takesOctets(content, given)) throw new NotKnown();
    const members = membersGiven(type, given);
    if (members === undefined) throw new EncodeError(steps, 'must be a map of its members');
    const scope = { self: object, index };
    const built: Built & { root: Built | null } = {
      type,
      steps,
      given: members,
      holder: object,
      parent: this.#parentOf(at, content),
      root: null,
      args: content.args.map((argument) => this.#argument(argument, scope)),
      argExprs: content.args,
      argIndex: index,
      stream: content.extent === null ? this.streamOf(at) : keyOf(steps),
      writer: null,
      children: new Map<string, EncValue>(),
    };
    built.root = rootFor(type, object, built);
    if (index === undefined) object.children.set(field.id, built);
    return built;
  }

  /** An object whose octets were given: a type with one member takes them for it, unless they stand in the PDU as they are. */
  takesOctets(content: Plain & { kind: 'struct' }, given: Given): boolean {
    const type = this.type(content.type);
    return isMap(given) && isForm(given, type) && ('wire' in given || type.fields.length !== 1);
  }

  /** An argument that is not there is a param that is not there. */
  #argument(argument: Expr, scope: Parameters<Evaluator['value']>[1]): EncValue | undefined {
    try {
      return this.evaluator.value(argument, scope);
    } catch (error) {
      if (error instanceof NotThere) return undefined;
      throw error;
    }
  }

  #parentOf({ object, index }: Occurrence, { parent }: Plain & { kind: 'struct' }): Built | null {
    if (parent.kind === 'none') return null;
    if (parent.kind === 'holder') return object;
    const other = this.evaluator.value(parent.object, { self: object, index });
    return isBuilt(other) ? other : null;
  }

  /** Key of the stream that a member is read from. */
  streamOf({ object, field }: Occurrence): string {
    if (!('io' in field) || field.io === null) return object.stream;
    const io = this.evaluator.value(field.io, { self: object });
    if (!isBuilt(io)) throw new NotKnown();
    return io.stream;
  }

  type(id: TypeId): StructType {
    return present(this.knowledge.protocol.types[id]);
  }
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new NotKnown();
  return value;
}
