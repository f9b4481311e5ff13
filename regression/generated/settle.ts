import type { Content, Field, Protocol } from '../../spec/index.ts';
import { type Given, type GivenMap, isMap } from '../encode/given.ts';
import type { PathStep } from '../suite/suite.ts';
import { type Arm, type Choice, FALLBACK, membersOf, type StructChoice } from './choice.ts';
import { type Assignment, constantOf, type Placed, Satisfier, type Standing } from './satisfy.ts';

/** What is wanted beside the choices: an expression of the object at `steps` comes out so. */
export interface Wish {
  readonly steps: readonly PathStep[];
  readonly expr: Parameters<Satisfier['holds']>[0];
  readonly wanted: boolean;
}

/**
 * Values for the encoder: those that were chosen, and those with which the arms and conditions chosen come out so. Of two
 * that contradict one another the first counts; the encoder has the last word.
 */
export function settle(
  protocol: Protocol,
  choice: StructChoice,
  { derived, wishes }: { readonly derived: ReadonlySet<Field>; readonly wishes: readonly Wish[] },
): GivenMap {
  const settler = new Settler(protocol, derived);
  const chosen = settler.struct(choice, { steps: [], it: null });
  for (const { steps, expr, wanted } of wishes) settler.wish(expr, wanted, { steps, it: null });
  return settler.assigned(chosen);
}

class Settler {
  readonly #protocol: Protocol;
  readonly #placed = new Map<string, Placed>();
  readonly #satisfier: Satisfier;
  readonly #assignments: Assignment[] = [];
  readonly #wished: Assignment[] = [];

  constructor(protocol: Protocol, derived: ReadonlySet<Field>) {
    this.#protocol = protocol;
    this.#satisfier = new Satisfier(protocol, { placed: this.#placed, derived });
    this.#placed.set('', { type: protocol.root, args: [], holder: { steps: [], it: null } });
  }

  struct({ type, members }: StructChoice, at: Standing): GivenMap {
    const given: Record<string, Given> = {};
    for (const field of membersOf(this.#protocol, type)) {
      const choice = members[field.id];
      if (choice === undefined || choice.kind === 'unsaid') continue;
      const isThere = choice.kind !== 'absent';
      if (field.when !== null) this.#add(this.#satisfier.holds(field.when, isThere, at));
      given[field.id] = isThere ? this.#member(field, choice, at) : null;
    }
    return given;
  }

  wish(expr: Wish['expr'], wanted: boolean, at: Standing): void {
    this.#wished.push(...(this.#satisfier.holds(expr, wanted, at) ?? []));
  }

  assigned(chosen: GivenMap): GivenMap {
    let given: Given = chosen;
    const seen = new Set<string>();
    for (const { steps, value } of [...this.#wished, ...this.#assignments]) {
      const key = steps.join('.');
      if (!seen.has(key)) given = withValue(given, steps, value);
      seen.add(key);
    }
    return given as GivenMap;
  }

  #add(assignments: readonly Assignment[] | undefined): void {
    this.#assignments.push(...(assignments ?? []));
  }

  #member(field: Field, choice: Choice, at: Standing): Given {
    const steps = [...at.steps, field.id];
    const { content, repeat } = field;
    if (repeat.kind === 'once') return this.#one(content, choice, steps, at);
    const items = choice.kind === 'list' ? choice.items : [choice];
    return items.map((item, index) => {
      const own = [...steps, index];
      const made = this.#one(content, item, own, at);
      if (repeat.kind === 'until') {
        const standing = { steps: at.steps, it: own };
        this.#add(this.#satisfier.holds(repeat.until, index === items.length - 1, standing));
      }
      return made;
    });
  }

  #one(content: Content | null, choice: Choice, steps: readonly PathStep[], holder: Standing): Given {
    switch (choice.kind) {
      case 'unsaid':
      case 'list':
        return undefined;
      case 'absent':
        return null;
      case 'value':
        return choice.value;
      case 'arm':
        if (content?.kind !== 'switch') return undefined;
        this.#takeArm(content, choice.arm, holder);
        return this.#one(armOf(content, choice.arm), choice.content, steps, holder);
      case 'struct': {
        if (content?.kind !== 'struct') return undefined;
        this.#placed.set(steps.join('.'), { type: content.type, args: content.args, holder });
        return this.struct(choice, { steps, it: null });
      }
    }
  }

  #takeArm({ on, arms }: Content & { kind: 'switch' }, arm: Arm, holder: Standing): void {
    const chosen = arms[arm]?.value;
    const value =
      chosen === undefined ? outside(arms.map((one) => constantOf(one.value))) : constantOf(chosen);
    if (value !== undefined) this.#add(this.#satisfier.equals(on, value, holder));
  }
}

export function armOf({ arms, fallback }: Content & { kind: 'switch' }, arm: Arm): Content | null {
  return arm === FALLBACK ? fallback : (arms[arm]?.content ?? null);
}

/** A value that no arm has: the smallest integer of them, another text, nothing for booleans of which both have one. */
function outside(values: readonly ReturnType<typeof constantOf>[]): ReturnType<typeof constantOf> {
  const [first] = values;
  if (typeof first === 'bigint') {
    let value = 0n;
    while (values.includes(value)) value += 1n;
    return value;
  }
  if (typeof first === 'boolean') return [true, false].find((one) => !values.includes(one));
  return typeof first === 'string' ? `${values.join('')}x` : undefined;
}

/** Objects on the way are made; where there is something else it stays as it is. */
export function withValue(given: Given, [step, ...others]: readonly PathStep[], value: Given): Given {
  if (step === undefined) return value;
  if (Array.isArray(given)) {
    const items = given as readonly Given[];
    return items.map((item, index) => (index === step ? withValue(item, others, value) : item));
  }
  if (typeof step !== 'string' || !(given === undefined || isMap(given))) return given;
  return { ...given, [step]: withValue(given?.[step], others, value) };
}
