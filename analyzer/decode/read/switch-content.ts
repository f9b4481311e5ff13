import type { Content, Expr, ValueType } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import { FALLBACK_ARM, NO_ARM } from '../arms.ts';
import { sameSlot } from '../evaluate/order.ts';
import { compileValue } from '../evaluate/value.ts';
import { fieldOfContent } from '../items.ts';
import type { Eval, ReadContent } from '../plan.ts';
import { plainSlot, type Slot } from '../slot.ts';
import type { StructNode } from '../struct-node.ts';
import { compileContent, type Place } from './content.ts';

type Switch = Extract<Content, { kind: 'switch' }>;

/** Reads by the first arm whose value equals the one switched on, and leaves the arm's field in the register. */
export function compileSwitch(c: Compiler, content: Switch, place: Place): ReadContent {
  const on = compileValue(c, content.on);
  const fallback =
    content.fallback === null ? readNothing : compileArm(c, content.fallback, FALLBACK_ARM, place);
  const arms = content.arms.map((arm, i) => compileArm(c, arm.content, i, place));
  const constants = content.arms.map((arm) => constantOf(c, content.on.type, arm.value));
  if (constants.every((value) => value !== undefined)) {
    // The first of two equal arms counts, so they are put in backwards.
    const table = new Map(constants.map((value, i) => [value, arms[i]] as const).reverse());
    return (node, index, io) => {
      const value = plainSlot(on(node, index, undefined));
      return (table.get(value as never) ?? fallback)(node, index, io);
    };
  }
  const values = content.arms.map((arm) => compileValue(c, arm.value));
  return (node, index, io) => {
    const chosen = matchingArm(node, index, on(node, index, undefined), values);
    return (arms[chosen] ?? fallback)(node, index, io);
  };
}

function matchingArm(node: StructNode, index: number, on: Slot, values: readonly Eval<Slot>[]): number {
  return values.findIndex((value) => {
    const candidate = value(node, index, on);
    return candidate !== undefined && sameSlot(candidate, on);
  });
}

/** A constant in the representation that the value switched on has; `undefined`: not a constant, or no Map key. */
function constantOf(c: Compiler, on: ValueType, value: Expr): number | bigint | string | boolean | undefined {
  if (value.kind === 'string' || value.kind === 'bool') return value.value;
  if (value.kind !== 'int' && value.kind !== 'enum') return undefined;
  if (on.kind !== 'int' && on.kind !== 'enum') return undefined;
  return c.isBig(on) ? value.value : Number(value.value);
}

function compileArm(c: Compiler, content: Content, arm: number, place: Place): ReadContent {
  const read = compileContent(c, content, place);
  const field = fieldOfContent(content);
  // A switch in a switch has left its arm's field already.
  if (field === null) return read;
  return (node, index, io) => {
    const value = read(node, index, io);
    node.run.field = field;
    node.run.arm = arm;
    return value;
  };
}

/** No arm fits: the member is absent and takes no octets. */
const readNothing: ReadContent = ({ run }, _, io) => {
  run.start = run.end = io.bitPosition();
  run.source = null;
  run.field = -1;
  run.arm = NO_ARM;
  return undefined;
};
