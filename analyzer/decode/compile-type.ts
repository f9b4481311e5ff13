import type { Content, Expr, Field, TypeId } from '../../spec/index.ts';
import { compileCheck } from './checks.ts';
import type { Compiler } from './compiler.ts';
import { compileBool } from './evaluate/bool.ts';
import { compileText } from './evaluate/text.ts';
import { compileValue } from './evaluate/value.ts';
import { sameSlot } from './evaluate/order.ts';
import type { TypePlan } from './plan.ts';
import { compileInstance } from './read/instance.ts';
import { compileOccurrences } from './read/occurrences.ts';
import { Settling } from './settling.ts';
import { BadData } from './stops.ts';
import type { StructNode } from './struct-node.ts';
import { membersOf } from './walk-expression.ts';

/** Fills the plans of all types. */
export function compileTypes(c: Compiler): void {
  const settling = new Settling(c);
  for (const plan of c.plans) compileType(c, plan, settling);
  const below = c.plans.map((plan) => typesBelow(plan));
  spread(
    c,
    below,
    (plan) => plan.settled.length > 0 || plan.settles,
    (plan) => (plan.settles = true),
  );
  spread(
    c,
    below,
    (plan) => plan.checks.length > 0 || plan.checked,
    (plan) => (plan.checked = true),
  );
}

function compileType(c: Compiler, plan: TypePlan, settling: Settling): void {
  const { type } = plan;
  plan.readers = type.fields.map((field, i) =>
    compileField(c, field, plan.fieldBase + i, type.fields[i - 1]),
  );
  plan.instances = type.instances.map((instance, i) => compileInstance(c, instance, plan.instanceBase + i));
  plan.endian = compileEndian(c, plan);
  plan.checks = type.checks.map((check) => compileCheck(c, check));
  plan.sets = type.sets.map(({ variable, value }) => ({ variable, value: compileValue(c, value) }));
  plan.info = type.info === null ? null : compileText(c, type.info);
  plan.holders = plan.members.flatMap((member, slot) =>
    'content' in member && typesOfContent(member.content).length > 0 ? [slot] : [],
  );
  plan.settled = type.instances.flatMap((instance, i) =>
    settling.isNeededFor(instance) ? [plan.instanceBase + i] : [],
  );
}

function compileField(
  c: Compiler,
  field: Field,
  slot: number,
  before: Field | undefined,
): (node: StructNode) => void {
  const read = compileOccurrences(c, field, slot);
  const when = field.when === null ? null : compileBool(c, field.when);
  // Only bit fields go on inside an octet that others have begun.
  const align = before?.content.kind === 'bits' && field.content.kind !== 'bits';
  if (when === null && !align) {
    return (node) => {
      node.cells[slot] = read(node, node.io);
    };
  }
  return (node) => {
    if (align) node.io.align();
    if (when === null || when(node, 0, undefined)) node.cells[slot] = read(node, node.io);
  };
}

function compileEndian(c: Compiler, { type }: TypePlan): ((node: StructNode) => boolean) | null {
  const { endian } = type;
  switch (endian.kind) {
    case 'fixed':
      return null;
    case 'inherited':
      return (node) => node.holder?.littleEndian ?? false;
    case 'calculated': {
      const on = compileValue(c, endian.on);
      const cases = endian.cases.map((entry) => ({
        value: compileValue(c, entry.value),
        little: entry.endian === 'le',
      }));
      return (node) => {
        const value = on(node, 0, undefined);
        const match = cases.find((entry) => sameSlot(entry.value(node, 0, undefined), value));
        if (match !== undefined) return match.little;
        if (endian.fallback === null)
          throw new BadData('undecided-endian', 'nothing tells the order of octets');
        return endian.fallback === 'le';
      };
    }
  }
}

/** Types of the objects that one of this type can hold. */
function typesBelow({ type }: TypePlan): readonly TypeId[] {
  const contents = [
    ...type.fields.map((field) => field.content),
    ...type.instances.flatMap((instance) => (instance.kind === 'parse' ? [instance.content] : [])),
  ];
  return contents.flatMap(typesOfContent);
}

function typesOfContent(content: Content): readonly TypeId[] {
  if (content.kind === 'struct') return [content.type];
  if (content.kind !== 'switch') return [];
  const contents = content.arms.map((arm) => arm.content);
  if (content.fallback !== null) contents.push(content.fallback);
  return contents.flatMap(typesOfContent);
}

/** Hands a property up from held to holding types until nothing changes; ends because it only ever sets. */
function spread(
  c: Compiler,
  below: readonly (readonly TypeId[])[],
  has: (plan: TypePlan) => boolean,
  set: (plan: TypePlan) => void,
): void {
  let changed = true;
  for (const plan of c.plans) if (has(plan)) set(plan);
  const flags = c.plans.map(has);
  while (changed) {
    changed = false;
    for (const plan of c.plans) {
      const inherits = below[plan.id]?.some((id) => flags[id] === true) === true;
      if (flags[plan.id] === true || !inherits) continue;
      flags[plan.id] = true;
      set(plan);
      changed = true;
    }
  }
}

/** Slots of the PDU's params that an expression reads, also through computed instances. */
export function rootParamsOf(c: Compiler, expr: Expr, seen = new Set<Expr>()): readonly number[] {
  if (seen.has(expr)) return [];
  seen.add(expr);
  return membersOf(expr).flatMap((member) => {
    if (member.member.kind === 'param') return member.owner === c.protocol.root ? [member.member.index] : [];
    if (member.member.kind === 'field') return [];
    const instance = c.plan(member.owner).type.instances[member.member.index];
    return instance?.kind === 'value' ? rootParamsOf(c, instance.value, seen) : [];
  });
}
