import type { Content, Expr, Field, Protocol, StructType, TypeId } from '../../spec/index.ts';
import { ABSENT, type Choice, FALLBACK, membersOf, type StructChoice } from './choice.ts';
import { readFields } from './derived-fields.ts';
import { constantOf } from './satisfy.ts';
import type { Wish } from './settle.ts';
import { alongRoute, contentsOf, inArms, inField, type Route, routesOf, stepsOf } from './spec-routes.ts';
import {
  fixedSize,
  intervalOf,
  LONG_LENGTHS,
  namedValues,
  ofLength,
  type ScalarContent,
  SHORT_LENGTHS,
  telling,
  unnamedValue,
  usualLength,
} from './values.ts';

/** One thing that a frame shall show. */
export interface Goal {
  /** `kind = soil`, `payload.reason with 126 octets` */
  readonly name: string;
  readonly choice: StructChoice;
  readonly wishes: readonly Wish[];
  /** It shows in frames of one direction only, and nobody knows of which. */
  readonly bothSides: boolean;
  /** The frame is tens of thousands of octets long. */
  readonly long: boolean;
}

/** Names of a spec's boundaries are in the thousands only where it is a dump of constants. */
const MOST_BOUNDARIES = 24;

/** Everything that the spec tells apart, once each: what is most telling first. */
export function goalsOf(protocol: Protocol): readonly Goal[] {
  const finder = new GoalFinder(protocol);
  const routes = [...routesOf(protocol)];
  const each = (find: (type: StructType, route: Route) => readonly Goal[]): readonly Goal[] =>
    routes.flatMap(([id, route]) => {
      const type = protocol.types[id];
      return type === undefined ? [] : find(type, route);
    });
  return [
    ...each((type, route) => finder.usual(type, route)),
    ...each((type, route) => finder.ways(type, route)),
    ...each((type, route) => finder.named(type, route)),
    ...each((type, route) => finder.rules(type, route)),
    ...each((type, route) => finder.lengths(type, route)),
    ...each((type, route) => finder.ends(type, route)),
  ];
}

class GoalFinder {
  readonly #protocol: Protocol;
  readonly #left: ReadonlySet<Field>;
  readonly #boundaries: ReadonlyMap<Field, ReadonlySet<bigint>>;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
    const { derived, steering } = readFields(protocol);
    this.#left = new Set([...derived, ...steering]);
    this.#boundaries = boundariesOf(protocol);
  }

  /** One object of the type with something in every member. */
  usual(type: StructType, route: Route): readonly Goal[] {
    return [
      this.#goal(route, { kind: 'struct', type: type.id, members: this.#filled(type.id) }, nameOf(route, '')),
    ];
  }

  /** Conditions both ways, arms, and repetitions. */
  ways(type: StructType, route: Route): readonly Goal[] {
    return membersOf(this.#protocol, type.id).flatMap((field) => {
      const goals: Goal[] = [];
      const name = nameOf(route, field.id);
      const usual = this.#usual(field.content, 0);
      if (field.when !== null) {
        goals.push(this.#with(type, route, field, [ABSENT, `${name} absent`]));
        goals.push(this.#with(type, route, field, [inField(field, usual), `${name} there`]));
      }
      if (field.repeat.kind !== 'once') {
        const least = field.repeat.kind === 'until' ? 1 : 0;
        for (const count of [0, 1, 2, 3].filter((one) => one >= least)) {
          const items = Array.from({ length: count }, (_, at) => this.#usual(field.content, at));
          goals.push(this.#with(type, route, field, [{ kind: 'list', items }, `${name} ${count} times`]));
        }
      }
      for (const { arms, choice } of this.#arms(field.content)) {
        const named = `${name} by arm ${arms.map((arm) => (arm === FALLBACK ? 'none' : arm + 1)).join('.')}`;
        goals.push(this.#with(type, route, field, [inField(field, choice), named]));
      }
      return goals;
    });
  }

  /** Every value of an enum and one outside it, booleans both ways. */
  named(type: StructType, route: Route): readonly Goal[] {
    return this.#scalars(type, route, ({ content }) => {
      if (content.kind === 'bits' && content.boolean) return [true, false];
      if (content.kind !== 'integer' && content.kind !== 'bits') return [];
      const named = namedValues(this.#protocol, content);
      const other = named.length === 0 ? undefined : unnamedValue(this.#protocol, content);
      return other === undefined ? named : [...named, other];
    });
  }

  /** Rules broken and kept, conditions of value instances both ways. */
  rules(type: StructType, route: Route): readonly Goal[] {
    const steps = stepsOf(route);
    const conditions: { readonly expr: Expr; readonly name: string }[] = type.checks.map(
      ({ id, expect }) => ({
        expr: expect,
        name: id,
      }),
    );
    for (const instance of type.instances) {
      if (instance.when !== null) conditions.push({ expr: instance.when, name: `if of ${instance.id}` });
      if (instance.kind === 'value') conditions.push(...choicesIn(instance.value, instance.id));
    }
    if (type.info !== null) conditions.push(...choicesIn(type.info, 'info'));
    return conditions.flatMap(({ expr, name }) =>
      [false, true].map((wanted) => ({
        name: `${nameOf(route, name)} ${wanted ? 'holds' : 'does not hold'}`,
        choice: alongRoute(route, { kind: 'struct', type: type.id, members: {} }, () => ({})),
        wishes: [{ steps, expr, wanted }],
        bothSides: true,
        long: false,
      })),
    );
  }

  lengths(type: StructType, route: Route): readonly Goal[] {
    return this.#scalars(type, route, ({ content }) => {
      const extent = 'extent' in content ? content.extent : null;
      if (extent === null || fixedSize(extent) !== undefined) return [];
      return [...SHORT_LENGTHS, ...LONG_LENGTHS].flatMap((length) => ofLength(content, length, 0) ?? []);
    });
  }

  /** The ends of what an integer can be, and what it is compared with. */
  ends(type: StructType, route: Route): readonly Goal[] {
    return this.#scalars(type, route, ({ content, field }) => {
      if (content.kind === 'float') return [0, 1.5, -2];
      if (content.kind === 'bits' && content.boolean) return [];
      if (content.kind !== 'integer' && content.kind !== 'bits') return [];
      const [min, max] = intervalOf(content);
      const named = new Set(namedValues(this.#protocol, content));
      const near = [...(this.#boundaries.get(field) ?? [])].filter((value) => value >= min && value <= max);
      const all = new Set([min, max, telling(content, 3), ...near.slice(0, MOST_BOUNDARIES)]);
      return [...all].filter((value) => !named.has(value));
    });
  }

  #scalars(
    type: StructType,
    route: Route,
    valuesOf: (what: { readonly content: ScalarContent; readonly field: Field }) => readonly Scalar[],
  ): readonly Goal[] {
    return membersOf(this.#protocol, type.id).flatMap((field) =>
      contentsOf(field.content).flatMap(({ content, arms }) => {
        if (content.kind === 'struct' || content.kind === 'contents' || content.kind === 'switch') return [];
        return valuesOf({ content, field }).map((value) => {
          const choice = inField(field, inArms(arms, { kind: 'value', value }));
          return this.#with(type, route, field, [choice, `${nameOf(route, field.id)} ${textOf(value)}`]);
        });
      }),
    );
  }

  #with(type: StructType, route: Route, field: Field, [choice, name]: readonly [Choice, string]): Goal {
    const members = { ...this.#filled(type.id), [field.id]: choice };
    return this.#goal(route, { kind: 'struct', type: type.id, members }, name);
  }

  #goal(route: Route, choice: StructChoice, name: string): Goal {
    const long = isLong(choice);
    return {
      name,
      choice: alongRoute(route, choice, (type) => this.#filled(type)),
      wishes: [],
      bothSides: false,
      long,
    };
  }

  /** A value for every member that decides nothing. */
  #filled(type: TypeId): StructChoice['members'] {
    const members = (this.#protocol.types[type]?.fields ?? []).filter(
      (field) => !this.#left.has(field) && field.when === null && field.valid === null,
    );
    return Object.fromEntries(
      members.flatMap((field, salt) => {
        const isPlain = field.content.kind !== 'struct' && field.content.kind !== 'switch';
        return isPlain ? [[field.id, inField(field, this.#usual(field.content, salt))]] : [];
      }),
    );
  }

  #usual(content: Content, salt: number): Choice {
    switch (content.kind) {
      case 'integer':
        return { kind: 'value', value: namedValues(this.#protocol, content)[0] ?? telling(content, salt) };
      case 'bits':
        if (content.boolean) return { kind: 'unsaid' };
        return { kind: 'value', value: namedValues(this.#protocol, content)[0] ?? telling(content, salt) };
      case 'float':
        return { kind: 'value', value: 1.5 };
      case 'bytes':
      case 'opaque':
      case 'string': {
        const value = ofLength(content, usualLength(content), salt);
        return value === undefined ? { kind: 'unsaid' } : { kind: 'value', value };
      }
      case 'struct':
        return { kind: 'struct', type: content.type, members: this.#filled(content.type) };
      case 'contents':
      case 'switch':
        return { kind: 'unsaid' };
    }
  }

  #arms(content: Content): readonly { readonly arms: readonly number[]; readonly choice: Choice }[] {
    if (content.kind !== 'switch') return [];
    const found = contentsOf(content).map(({ content: arm, arms }) => ({
      arms,
      choice: inArms(arms, this.#usual(arm, 0)),
    }));
    const nothing: Choice = { kind: 'arm', arm: FALLBACK, content: { kind: 'unsaid' } };
    return content.fallback === null ? [...found, { arms: [FALLBACK], choice: nothing }] : found;
  }
}

type Scalar = Extract<Choice, { kind: 'value' }>['value'];

function nameOf(route: Route, id: string): string {
  const path = [...route.map(({ field }) => field.id), ...(id === '' ? [] : [id])].join('.');
  return path === '' ? 'the PDU' : path;
}

function textOf(value: Scalar): string {
  if (typeof value === 'string') return `with ${value.length} characters`;
  return value instanceof Uint8Array ? `with ${value.length} octets` : `= ${value}`;
}

function isLong({ members }: StructChoice): boolean {
  return Object.values(members).some((choice) => lengthOf(choice) >= (LONG_LENGTHS[0] ?? 0));
}

function lengthOf(choice: Choice): number {
  if (choice.kind === 'arm') return lengthOf(choice.content);
  if (choice.kind === 'list') return Math.max(0, ...choice.items.map(lengthOf));
  const value = choice.kind === 'value' ? choice.value : 0;
  return typeof value === 'string' || value instanceof Uint8Array ? value.length : 0;
}

/** Conditions of `a ? b : c`, as deep as the expression goes. */
function choicesIn(expr: Expr, name: string): { readonly expr: Expr; readonly name: string }[] {
  const found: { readonly expr: Expr; readonly name: string }[] = [];
  visit(expr, (part) => {
    if (part.kind === 'choose')
      found.push({ expr: part.condition, name: `condition ${found.length + 1} of ${name}` });
  });
  return found;
}

/** Integers that a field is compared with, and their neighbours. */
function boundariesOf(protocol: Protocol): ReadonlyMap<Field, ReadonlySet<bigint>> {
  const found = new Map<Field, Set<bigint>>();
  const add = (field: Field | undefined, value: unknown): void => {
    if (field === undefined || typeof value !== 'bigint') return;
    const known = found.get(field) ?? new Set();
    for (const near of [value - 1n, value, value + 1n]) known.add(near);
    found.set(field, known);
  };
  const fieldOf = (expr: Expr): Field | undefined => {
    if (expr.kind === 'cast' || expr.kind === 'call')
      return fieldOf(expr.kind === 'cast' ? expr.operand : expr.object);
    if (expr.kind !== 'member' || expr.member.kind !== 'field') return undefined;
    return protocol.types[expr.owner]?.fields[expr.member.index];
  };
  visit(protocol.types, (part) => {
    if (part.kind !== 'compare') return;
    add(fieldOf(part.left), constantOf(part.right));
    add(fieldOf(part.right), constantOf(part.left));
  });
  for (const field of protocol.types.flatMap(({ fields }) => fields)) {
    const rule = field.valid?.rule;
    if (rule?.kind !== 'range') continue;
    for (const end of [rule.min, rule.max]) if (end !== null) add(field, constantOf(end));
  }
  return found;
}

/** Every expression in what is given; ends, for each is visited once. */
function visit(start: unknown, told: (expr: Expr) => void): void {
  const seen = new Set<unknown>();
  const step = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array || seen.has(node)) return;
    seen.add(node);
    told(node as Expr);
    for (const [key, value] of Object.entries(node)) if (key !== 'type' && key !== 'span') step(value);
  };
  step(start);
}
