import type { Expr, Protocol } from '../../spec/index.ts';
import type { EncValue } from './built.ts';
import type { Demand } from './demand.ts';
import { NotKnown, NotThere } from './encode-error.ts';
import type { Plan, Variable } from './plan.ts';

/** Evaluations for one demand: three lengths of 24 candidates each come to 14 thousand. */
const MAX_TRIES = 20_000;
const MAX_CANDIDATES = 48;
/** Evaluations for one PDU: ten thousand elements that have a length each come to half a million. */
export const MAX_TRIES_OF_PDU = 2_000_000;

class Needed extends Error {
  readonly key: string;
  readonly content: Variable;

  constructor(key: string, content: Variable) {
    super();
    this.key = key;
    this.content = content;
  }
}

/** What is found changes of the values found before. */
export interface Changes {
  /** Members whose values are given up. */
  readonly dropped: ReadonlySet<string>;
  readonly chosen: ReadonlyMap<string, bigint>;
}

interface Solution {
  readonly chosen: ReadonlyMap<string, bigint>;
  /** Bits of the members that take part: the shortest encoding wins. */
  readonly cost: number;
}

/**
 * Values for members that nothing was given for, so that an expression comes out as wanted. The expression is evaluated
 * until it reads such a member, which then takes each of its candidates in turn.
 *
 * `before`: values found before. Those that the expression reads are given up when it cannot be had with them.
 */
export function solve(demand: Demand, plan: Plan, before: ReadonlyMap<string, bigint>): Changes | undefined {
  const { unset } = plan;
  plan.isSolving = true;
  const constants = constantsOf(demand.expr, plan.knowledge.protocol);
  try {
    const kept = search(demand, plan, { constants, value: (key) => before.get(key) });
    if (kept.solution !== undefined) return { dropped: new Set(), chosen: kept.solution.chosen };
    const dropped = kept.read;
    const value = (key: string): bigint | undefined => (dropped.has(key) ? undefined : before.get(key));
    const { solution } = search(demand, plan, { constants, value });
    return solution === undefined ? undefined : { dropped, chosen: solution.chosen };
  } finally {
    plan.unset = unset;
    plan.isSolving = false;
  }
}

interface Found {
  readonly solution: Solution | undefined;
  /** Members that nothing was given for and that were read. */
  readonly read: ReadonlySet<string>;
}

function search(
  demand: Demand,
  plan: Plan,
  { constants, value: known }: { constants: ReadonlySet<bigint>; value: (key: string) => bigint | undefined },
): Found {
  const read = new Set<string>();
  let best: Solution | undefined;
  let tries = 0;
  const { budget } = plan.knowledge;
  const visit = (chosen: ReadonlyMap<string, bigint>, cost: number): void => {
    tries += 1;
    budget.left -= 1;
    if (tries > MAX_TRIES || budget.left < 0 || (best !== undefined && best.cost <= cost)) return;
    plan.unset = (key, content) => {
      read.add(key);
      const value = chosen.get(key) ?? known(key);
      if (value === undefined) throw new Needed(key, content);
      return value;
    };
    try {
      if (outcome(demand, plan) === demand.wanted) best = { chosen, cost };
    } catch (error) {
      if (error instanceof NotKnown || error instanceof NotThere) return;
      if (!(error instanceof Needed)) throw error;
      const { key, content } = error;
      for (const candidate of candidatesFor(content, demand.wanted, constants))
        visit(new Map([...chosen, [key, candidate]]), cost + bitsOf(content));
    }
  };
  visit(new Map(), 0);
  return { solution: best, read };
}

function outcome({ expr, scope, it }: Demand, plan: Plan): EncValue {
  return plan.evaluator.value(expr, it === undefined ? scope : { ...scope, it: it() });
}

function bitsOf(content: Variable): number {
  return content.kind === 'bits' ? content.width : content.octets * 8;
}

function candidatesFor(
  content: Variable,
  wanted: bigint | boolean,
  constants: ReadonlySet<bigint>,
): readonly bigint[] {
  const found = new Set<bigint>([0n]);
  if (typeof wanted === 'bigint') found.add(wanted);
  for (const constant of constants) for (const near of [0n, 1n, -1n]) found.add(constant + near);
  if (typeof wanted === 'bigint') {
    for (const constant of constants) {
      found
        .add(wanted - constant)
        .add(wanted + constant)
        .add(constant - wanted);
      if (constant > 0n) found.add(wanted / constant).add((wanted + constant - 1n) / constant);
      if (constant > 0n && constant < 64n) found.add(wanted >> constant).add(wanted << constant);
      found.add(wanted * constant);
    }
  }
  found.add(1n);
  const bits = bitsOf(content);
  const isSigned = content.kind === 'integer' && content.signed;
  const fits = [...found].filter(
    (value) => (isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)) === value,
  );
  return fits.slice(0, MAX_CANDIDATES);
}

/** Integers in an expression and in the value instances and conditions that it reads. */
export function constantsOf(start: Expr, protocol: Protocol): ReadonlySet<bigint> {
  const constants = new Set<bigint>();
  const seen = new Set<unknown>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array || seen.has(node)) return;
    seen.add(node);
    const expr = node as Expr;
    if (expr.kind === 'int' || expr.kind === 'enum') constants.add(expr.value);
    if (expr.kind === 'member') {
      for (const read of readBy(expr, protocol)) visit(read);
      return;
    }
    for (const [key, value] of Object.entries(expr)) if (key !== 'type') each(value, visit);
  };
  visit(start);
  return constants;
}

function each(value: unknown, visit: (node: unknown) => void): void {
  if (Array.isArray(value)) for (const item of value as readonly unknown[]) visit(item);
  else visit(value);
}

function readBy(
  { owner, member, object }: Expr & { kind: 'member' },
  protocol: Protocol,
): readonly unknown[] {
  const type = protocol.types[owner];
  const instance = member.kind === 'instance' ? type?.instances[member.index] : undefined;
  const field = member.kind === 'field' ? type?.fields[member.index] : undefined;
  return [object, instance?.kind === 'value' ? instance.value : undefined, field?.when];
}
