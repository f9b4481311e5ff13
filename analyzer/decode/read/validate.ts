import type { Expr, Validation, ValidationRule, ValueType } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import type { BitRange, Fault } from '../decoded.ts';
import { compileBool } from '../evaluate/bool.ts';
import { convertSlot } from '../evaluate/convert.ts';
import { compareSlots, sameSlot } from '../evaluate/order.ts';
import { compileValue } from '../evaluate/value.ts';
import { toHex } from '../hex.ts';
import type { Eval } from '../plan.ts';
import { plainSlot, type Slot } from '../slot.ts';
import { ByteSlice } from '../source.ts';
import { AbsentInput } from '../stops.ts';
import type { StructNode } from '../struct-node.ts';

/** Where the value stands that is validated. */
export interface Validated {
  readonly slot: number;
  readonly element: number;
  readonly value: Slot;
  readonly range: BitRange | null;
}

/** Notes a fault when the value breaks the rule; reading goes on either way. */
export type Validate = (node: StructNode, index: number, at: Validated) => void;

/** What is wrong with the value, or null. */
type Judge = (node: StructNode, index: number, value: Slot) => Verdict | null;
interface Verdict {
  readonly kind: Fault['kind'];
  readonly message: string;
}

export function compileValidation(c: Compiler, validation: Validation, type: ValueType): Validate {
  const judge = compileRule(c, validation.rule, type);
  return (node, index, at) => {
    if (at.value === undefined) return;
    const verdict = judgeSoftly(judge, node, index, at.value);
    if (verdict === null) return;
    node.run.addFault({
      kind: verdict.kind,
      severity: validation.severity,
      path: node.pathOf(at.slot, at.element),
      range: at.range,
      message: validation.message ?? verdict.message,
    });
  };
}

/** A rule that names something absent says nothing about the value. */
function judgeSoftly(judge: Judge, node: StructNode, index: number, value: Slot): Verdict | null {
  try {
    return judge(node, index, value);
  } catch (stop) {
    if (stop instanceof AbsentInput) return null;
    throw stop;
  }
}

function compileRule(c: Compiler, rule: ValidationRule, type: ValueType): Judge {
  switch (rule.kind) {
    case 'equal': {
      const expected = compileLike(c, rule.value, type);
      return (n, i, value) => {
        const wanted = expected(n, i, value);
        return sameSlot(wanted, value) ? null : fault('not-equal', `must be ${show(wanted)}`, value);
      };
    }
    case 'range':
      return compileRange(c, rule, type);
    case 'any-of': {
      const values = rule.values.map((value) => compileLike(c, value, type));
      return (n, i, value) =>
        values.some((candidate) => sameSlot(candidate(n, i, value), value))
          ? null
          : fault('not-any-of', 'is none of the values allowed', value);
    }
    case 'in-enum': {
      const known = new Set(c.protocol.enums[rule.enum]?.values.map((entry) => entry.value.toString()));
      return (_, __, value) =>
        known.has(show(value)) ? null : fault('not-in-enum', 'is not in the enum', value);
    }
    case 'expression': {
      const holds = compileBool(c, rule.expr);
      return (n, i, value) => (holds(n, i, value) ? null : fault('expression', 'is not valid', value));
    }
  }
}

function compileRange(c: Compiler, rule: Extract<ValidationRule, { kind: 'range' }>, type: ValueType): Judge {
  const min = rule.min === null ? null : compileLike(c, rule.min, type);
  const max = rule.max === null ? null : compileLike(c, rule.max, type);
  return (n, i, value) => {
    const least = min?.(n, i, value);
    if (least !== undefined && compareSlots(value, least) < 0) {
      return fault('less-than', `must be at least ${show(least)}`, value);
    }
    const most = max?.(n, i, value);
    if (most !== undefined && compareSlots(value, most) > 0) {
      return fault('greater-than', `must be at most ${show(most)}`, value);
    }
    return null;
  };
}

function compileLike(c: Compiler, expr: Expr, type: ValueType): Eval<Slot> {
  const value = compileValue(c, expr);
  const convert = convertSlot(c, expr.type, type);
  return convert === null ? value : (n, i, it) => convert(value(n, i, it));
}

function fault(kind: Fault['kind'], rule: string, value: Slot): Verdict {
  return { kind, message: `${rule}, found ${show(value)}` };
}

/** Enough of a value to recognise it by. */
const SHOWN = 32;

function show(slot: Slot): string {
  const value = plainSlot(slot);
  if (value instanceof ByteSlice) {
    const hex = toHex(value.view().subarray(0, SHOWN));
    return value.length > SHOWN ? `${hex}...` : hex;
  }
  if (typeof value === 'string') {
    return JSON.stringify(value.length > SHOWN ? `${value.slice(0, SHOWN)}...` : value);
  }
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return value.toString();
  }
  return 'an object';
}
