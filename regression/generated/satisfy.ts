import type { Expr, Field, Protocol, TypeId } from '../../spec/index.ts';
import type { Scalar } from '../encode/given.ts';
import type { PathStep } from '../suite/suite.ts';

/** A value that a member shall have. */
export interface Assignment {
  readonly steps: readonly PathStep[];
  readonly value: Scalar;
}

/** Where an expression stands. */
export interface Standing {
  readonly steps: readonly PathStep[];
  /** `_`: the element just read. */
  readonly it: readonly PathStep[] | null;
}

/** What an object was made with, by the path of the object. */
export interface Placed {
  readonly type: TypeId;
  readonly args: readonly Expr[];
  readonly holder: Standing;
}

/** Instances that need themselves, and hostile specs, end here. */
const MAX_DEPTH = 40;
/** Octets given to a member only so that it has that many. */
const LONGEST_FILLED = 300n;

/**
 * Values of members with which an expression comes out as wanted, read off its shape: comparisons with constants,
 * conditions joined by and/or, flags in a mask, value instances looked through. undefined: none was found.
 */
export class Satisfier {
  readonly #protocol: Protocol;
  readonly #placed: ReadonlyMap<string, Placed>;
  readonly #derived: ReadonlySet<Field>;
  #depth = 0;

  constructor(
    protocol: Protocol,
    {
      placed,
      derived,
    }: { readonly placed: ReadonlyMap<string, Placed>; readonly derived: ReadonlySet<Field> },
  ) {
    this.#protocol = protocol;
    this.#placed = placed;
    this.#derived = derived;
  }

  holds(expr: Expr, wanted: boolean, at: Standing): readonly Assignment[] | undefined {
    return this.#deeper(() => {
      if (expr.kind === 'bool') return expr.value === wanted ? [] : undefined;
      if (expr.kind === 'not') return this.holds(expr.operand, !wanted, at);
      if (expr.kind === 'cast') return this.holds(expr.operand, wanted, at);
      if (expr.kind === 'logic') return this.#logic(expr, wanted, at);
      if (expr.kind === 'compare') return this.#compare(expr, wanted, at);
      if (expr.kind === 'choose') return this.#choose(expr, at, (branch) => this.holds(branch, wanted, at));
      return expr.kind === 'member' || expr.kind === 'it' ? this.equals(expr, wanted, at) : undefined;
    });
  }

  /** The value of an integer, boolean, text or octets. */
  equals(expr: Expr, value: Scalar, at: Standing): readonly Assignment[] | undefined {
    return this.#deeper(() => {
      const known = constantOf(expr);
      if (known !== undefined) return sameScalar(known, value) ? [] : undefined;
      if (expr.kind === 'cast') return this.equals(expr.operand, value, at);
      if (expr.kind === 'call') return this.#call(expr, value, at);
      if (expr.kind === 'member') return this.#member(expr, value, at);
      if (expr.kind === 'it') return at.it === null ? undefined : [{ steps: at.it, value }];
      if (expr.kind === 'choose') return this.#choose(expr, at, (branch) => this.equals(branch, value, at));
      if (expr.kind === 'arithmetic')
        return typeof value === 'bigint' ? this.#arithmetic(expr, value, at) : undefined;
      return typeof value === 'boolean' && isCondition(expr) ? this.holds(expr, value, at) : undefined;
    });
  }

  #deeper<T>(compute: () => T): T | undefined {
    if (this.#depth >= MAX_DEPTH) return undefined;
    this.#depth += 1;
    try {
      return compute();
    } finally {
      this.#depth -= 1;
    }
  }

  /** By the first branch with which it can be had. */
  #choose(
    { condition, yes, no }: Expr & { kind: 'choose' },
    at: Standing,
    have: (branch: Expr) => readonly Assignment[] | undefined,
  ): readonly Assignment[] | undefined {
    for (const [branch, taken] of [
      [yes, true],
      [no, false],
    ] as const) {
      const [first, second] = [this.holds(condition, taken, at), have(branch)];
      if (first !== undefined && second !== undefined) return [...first, ...second];
    }
    return undefined;
  }

  /** What cannot be decided may come out right by itself. */
  #logic(
    { op, left, right }: Expr & { kind: 'logic' },
    wanted: boolean,
    at: Standing,
  ): readonly Assignment[] | undefined {
    const [one, other] = [this.holds(left, wanted, at), this.holds(right, wanted, at)];
    const needsBoth = (op === 'and') === wanted;
    if (!needsBoth) return one ?? other;
    return one === undefined && other === undefined ? undefined : [...(one ?? []), ...(other ?? [])];
  }

  #compare(
    { op, left, right }: Expr & { kind: 'compare' },
    wanted: boolean,
    at: Standing,
  ): readonly Assignment[] | undefined {
    const constant = constantOf(right);
    if (constant === undefined) {
      const mirrored = constantOf(left);
      if (mirrored === undefined) return undefined;
      return this.#against(right, { op: MIRRORED[op], constant: mirrored }, wanted, at);
    }
    return this.#against(left, { op, constant }, wanted, at);
  }

  #against(
    expr: Expr,
    { op, constant }: { readonly op: (Expr & { kind: 'compare' })['op']; readonly constant: Scalar },
    wanted: boolean,
    at: Standing,
  ): readonly Assignment[] | undefined {
    if (op === 'eq' || op === 'ne') {
      if ((op === 'eq') === wanted) return this.equals(expr, constant, at);
      return this.#other(expr, constant, at);
    }
    if (typeof constant !== 'bigint') return undefined;
    return this.equals(expr, constant + (wanted ? INSIDE[op] : OUTSIDE[op]), at);
  }

  /** Any other value. What lengths are computed from is left to the encoder. */
  #other(expr: Expr, constant: Scalar, at: Standing): readonly Assignment[] | undefined {
    if (this.#isDerived(expr)) return undefined;
    if (typeof constant === 'boolean') return this.equals(expr, !constant, at);
    if (typeof constant !== 'bigint') return undefined;
    const { type } = expr;
    const named = type.kind === 'enum' ? (this.#protocol.enums[type.enum]?.values ?? []) : [];
    const other = named.find(({ value }) => value !== constant)?.value;
    const max = type.kind === 'int' ? type.max : constant + 1n;
    return this.equals(expr, other ?? (constant < max ? constant + 1n : constant - 1n), at);
  }

  #isDerived(expr: Expr): boolean {
    if (expr.kind === 'cast') return this.#isDerived(expr.operand);
    const field = expr.kind === 'member' ? this.#fieldOf(expr) : undefined;
    return field !== undefined && this.#derived.has(field);
  }

  #fieldOf({ owner, member }: Expr & { kind: 'member' }): Field | undefined {
    return member.kind === 'field' ? this.#protocol.types[owner]?.fields[member.index] : undefined;
  }

  #call(
    { method, object }: Expr & { kind: 'call' },
    value: Scalar,
    at: Standing,
  ): readonly Assignment[] | undefined {
    if (method === 'to-i' && object.type.kind === 'bool') return this.equals(object, value === 1n, at);
    if (method === 'to-i' && object.type.kind !== 'string') return this.equals(object, value, at);
    if (method !== 'length' || typeof value !== 'bigint' || value < 0n || value > LONGEST_FILLED)
      return undefined;
    const text = 'a'.repeat(Number(value));
    return this.equals(object, object.type.kind === 'bytes' ? new Uint8Array(Buffer.from(text)) : text, at);
  }

  #arithmetic(
    { op, left, right }: Expr & { kind: 'arithmetic' },
    value: bigint,
    at: Standing,
  ): readonly Assignment[] | undefined {
    const [a, b] = [constantOf(left), constantOf(right)];
    if (typeof b === 'bigint') {
      const wanted = inverse(op, value, b);
      return wanted === undefined ? undefined : this.equals(left, wanted, at);
    }
    if (typeof a !== 'bigint') return undefined;
    if (op === 'sub') return this.equals(right, a - value, at);
    const wanted = COMMUTATIVE.has(op) ? inverse(op, value, a) : undefined;
    return wanted === undefined ? undefined : this.equals(right, wanted, at);
  }

  #member(
    { object, owner, member }: Expr & { kind: 'member' },
    value: Scalar,
    at: Standing,
  ): readonly Assignment[] | undefined {
    const steps = this.#pathOf(object, at);
    if (steps === undefined) return undefined;
    switch (member.kind) {
      case 'field':
        return [{ steps: [...steps, member.id], value }];
      case 'instance': {
        const instance = this.#protocol.types[owner]?.instances[member.index];
        if (instance?.kind === 'parse') return [{ steps: [...steps, member.id], value }];
        return instance === undefined ? undefined : this.equals(instance.value, value, { steps, it: null });
      }
      case 'param': {
        const placed = this.#placed.get(steps.join('.'));
        const argument = placed?.args[member.index];
        return argument === undefined || placed === undefined
          ? undefined
          : this.equals(argument, value, placed.holder);
      }
    }
  }

  #pathOf(expr: Expr, at: Standing): readonly PathStep[] | undefined {
    return this.#deeper(() => {
      if (expr.kind === 'self') return at.steps;
      if (expr.kind === 'root') return [];
      if (expr.kind === 'it') return at.it ?? undefined;
      if (expr.kind === 'cast') return this.#pathOf(expr.operand, at);
      if (expr.kind !== 'parent' && expr.kind !== 'member') return undefined;
      const steps = this.#pathOf(expr.object, at);
      if (steps === undefined) return undefined;
      if (expr.kind === 'parent') return this.#placed.get(steps.join('.'))?.holder.steps;
      return this.#memberPath(expr, steps);
    });
  }

  #memberPath(
    { owner, member }: Expr & { kind: 'member' },
    steps: readonly PathStep[],
  ): readonly PathStep[] | undefined {
    if (member.kind === 'field') return [...steps, member.id];
    if (member.kind === 'param') return undefined;
    const instance = this.#protocol.types[owner]?.instances[member.index];
    return instance?.kind === 'value' ? this.#pathOf(instance.value, { steps, it: null }) : undefined;
  }
}

function isCondition({ kind }: Expr): boolean {
  return kind === 'not' || kind === 'logic' || kind === 'compare';
}

const MIRRORED = { eq: 'eq', ne: 'ne', lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' } as const;
/** From the constant to the nearest value with which the comparison holds, and with which it does not. */
const INSIDE = { lt: -1n, le: 0n, gt: 1n, ge: 0n } as const;
const OUTSIDE = { lt: 0n, le: 1n, gt: 0n, ge: -1n } as const;
const COMMUTATIVE: ReadonlySet<string> = new Set(['add', 'mul', 'bit-and', 'bit-or', 'bit-xor']);

export function constantOf(expr: Expr): Scalar | undefined {
  if (expr.kind === 'cast') return constantOf(expr.operand);
  if (expr.kind === 'negate') {
    const value = constantOf(expr.operand);
    return typeof value === 'bigint' || typeof value === 'number' ? -value : undefined;
  }
  return 'value' in expr ? expr.value : undefined;
}

function inverse(
  op: (Expr & { kind: 'arithmetic' })['op'],
  value: bigint,
  constant: bigint,
): bigint | undefined {
  switch (op) {
    case 'add':
      return value - constant;
    case 'sub':
      return value + constant;
    case 'mul':
      return constant !== 0n && value % constant === 0n ? value / constant : undefined;
    case 'div':
      return value * constant;
    case 'mod':
    case 'bit-or':
      return value;
    case 'bit-and':
      // Of a flag it is asked whether it is set: any bit of the mask will do.
      return (value & constant) === value ? value : constant;
    case 'bit-xor':
      return value ^ constant;
    case 'shl':
      return constant >= 0n && constant < 64n ? value >> constant : undefined;
    case 'shr':
      return constant >= 0n && constant < 64n ? value << constant : undefined;
  }
}

function sameScalar(a: Scalar, b: Scalar): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return a === b;
}
