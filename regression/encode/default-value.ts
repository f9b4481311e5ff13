import type { Extent, ValidationRule } from '../../spec/index.ts';
import { type EncValue, keyOf } from './built.ts';
import { EncodeError, NotKnown, NotThere } from './encode-error.ts';
import type { Scope } from './evaluate.ts';
import { compare } from './operators.ts';
import type { Occurrence, Plan } from './plan.ts';
import { intervalOf, type ScalarContent } from './scalar-given.ts';
import { constantsOf } from './solve.ts';

/** What nothing is said of is not filled with more zeros than that. */
const LARGEST_ZERO = 1n << 20n;

/** The value of a member that nothing is given for: one that `valid` allows, else the zero of its type. */
export function defaultValue(at: Occurrence, content: ScalarContent, plan: Plan): EncValue {
  const zero = zeroOf(at, content, plan);
  const assigned = isVariable(content) ? plan.unset(keyOf(at.steps), content) : undefined;
  if (assigned !== undefined) return content.kind === 'bits' && content.boolean ? assigned !== 0n : assigned;
  const rule = at.field.valid?.rule;
  return rule === undefined ? zero : (allowed(rule, zero, { at, content, plan }) ?? zero);
}

function isVariable(content: ScalarContent): content is ScalarContent & { kind: 'integer' | 'bits' } {
  return content.kind === 'integer' || content.kind === 'bits';
}

function zeroOf({ object, steps, index }: Occurrence, content: ScalarContent, plan: Plan): EncValue {
  switch (content.kind) {
    case 'integer':
      return 0n;
    case 'bits':
      return content.boolean ? false : 0n;
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
      const size = plan.evaluator.int(length.octets, { self: object, index });
      if (size < 0n || size > LARGEST_ZERO) throw new EncodeError(steps, `has no value, and ${size} octets`);
      return new Uint8Array(Number(size));
    }
  }
}

/** The shortest value that reading ends: nothing, or the terminator where it is part of the value. */
function ending({ include, terminator }: Extent): Uint8Array {
  return include && terminator !== null ? terminator : new Uint8Array();
}

interface Choice {
  readonly at: Occurrence;
  readonly content: ScalarContent;
  readonly plan: Plan;
}

/** A value that the rule holds of, zero before others; undefined: none is found. */
function allowed(rule: ValidationRule, zero: EncValue, choice: Choice): EncValue | undefined {
  const { at, plan } = choice;
  const scope = { self: at.object, index: at.index };
  const { evaluator } = plan;
  switch (rule.kind) {
    case 'equal':
      return evaluator.value(rule.value, scope);
    case 'any-of':
      return rule.values[0] === undefined ? undefined : evaluator.value(rule.values[0], scope);
    case 'range': {
      const min = rule.min === null ? undefined : evaluator.value(rule.min, scope);
      const max = rule.max === null ? undefined : evaluator.value(rule.max, scope);
      if (min !== undefined && compare('lt', zero, min)) return min;
      return max !== undefined && compare('gt', zero, max) ? max : zero;
    }
    case 'in-enum': {
      const values = plan.knowledge.protocol.enums[rule.enum]?.values ?? [];
      return values.some(({ value }) => value === zero) ? zero : values[0]?.value;
    }
    case 'expression':
      return candidates(zero, rule, choice).find((value) => holds(rule, value, { plan, scope }));
  }
}

function holds(
  { expr }: ValidationRule & { kind: 'expression' },
  it: EncValue,
  { plan, scope }: { readonly plan: Plan; readonly scope: Scope },
): boolean {
  try {
    return plan.evaluator.flag(expr, { ...scope, it });
  } catch (error) {
    if (error instanceof NotKnown || error instanceof NotThere) return false;
    throw error;
  }
}

/** Numbers near those that the rule names, and small ones. */
function candidates(
  zero: EncValue,
  { expr }: ValidationRule & { kind: 'expression' },
  { content, plan }: Choice,
): readonly EncValue[] {
  if (typeof zero === 'boolean') return [zero, !zero];
  if (!isVariable(content)) return [zero];
  const near = [...constantsOf(expr, plan.knowledge.protocol)].flatMap((one) => [one, one + 1n, one - 1n]);
  const small = Array.from({ length: 256 }, (_, value) => BigInt(value));
  const [min, max] = intervalOf(content);
  return [zero, ...near, ...small].filter(
    (value) => typeof value === 'bigint' && value >= min && value <= max,
  );
}
