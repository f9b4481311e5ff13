import type { Content, Field, StructType } from '../../../spec/index.ts';
import { compileExpr } from '../../expression/compile.ts';
import { compileCompare } from '../../expression/compare.ts';
import type { Scope } from '../../expression/context.ts';
import { primary } from '../../lua/lua-expr.ts';
import { plainContents } from '../../plan/walk.ts';
import { Unsupported } from '../../unsupported.ts';
import type { ViewContext } from '../view-context.ts';
import { childMembers } from './child-members.ts';
import { boundsOf, processed } from './extent-text.ts';
import { numberCall } from './number-text.ts';
import { readStep } from './read-steps.ts';
import type { ArmView, ReadStep } from './read-steps.ts';
import type { Slots } from './slots.ts';

/** Where a content is read: the field it belongs to, the places it fills, what names mean there. */
export interface Reading {
  readonly owner: StructType;
  readonly field: Field;
  readonly slots: Slots;
  readonly scope: Scope;
  /** Octets of the PDU behind this field, when they are always the same number; null: not known. */
  readonly behind: number | null;
}

/** Reading one occurrence of a content at `at`. @throws Unsupported */
export function contentSteps(context: ViewContext, reading: Reading, content: Content): readonly ReadStep[] {
  const { slots } = reading;
  switch (content.kind) {
    case 'integer':
    case 'float':
      return [
        readStep('number', {
          start: slots.start,
          target: slots.value,
          value: numberCall(context.helpers, content),
          octets: String(content.octets),
        }),
      ];
    case 'bits':
      throw new Unsupported('a bit field that is conditional, repeated or does not begin at a fixed bit');
    case 'contents':
      return contentsSteps(context, reading, content);
    case 'bytes':
    case 'string':
      return octetSteps(context, reading, content);
    case 'struct':
      return content.extent === null
        ? [inPlaceStep(context, reading, content)]
        : [substreamStep(context, reading, content, content.extent)];
    case 'opaque':
      throw new Unsupported(`the type "${content.name}", which is defined elsewhere,`);
    case 'switch':
      return [choiceStep(context, reading, content)];
  }
}

function contentsSteps(
  context: ViewContext,
  { slots }: Reading,
  content: Content & { readonly kind: 'contents' },
): readonly ReadStep[] {
  return [
    readStep('octets', {
      start: slots.start,
      end: slots.end,
      bounds: `${context.helpers.use('skip')}(io, at, ${String(content.expected.length)})`,
      twoEnds: false,
      target: slots.value,
      value: `sub(io.bytes, ${slots.from}, at - 1)`,
    }),
  ];
}

function octetSteps(
  context: ViewContext,
  { slots, scope, behind }: Reading,
  content: Content & { readonly kind: 'bytes' | 'string' },
): readonly ReadStep[] {
  if (content.kind === 'string' && slots.keepsValue && !/^(UTF-8|ASCII)$/u.test(content.encoding)) {
    throw new Unsupported(`an expression that reads text in ${content.encoding}`);
  }
  const bounds = boundsOf(context, scope, content.extent, behind);
  const process = content.extent.process;
  const last = bounds.twoEnds ? (slots.end ?? 'at') : 'at';
  const raw = `sub(io.bytes, ${slots.from}, ${last} - 1)`;
  const keeps = slots.keepsValue || process !== null;
  return [
    readStep('octets', {
      start: slots.start,
      end: slots.end,
      bounds: bounds.text,
      twoEnds: bounds.twoEnds,
      target: keeps ? slots.value : null,
      value: keeps ? processed(context, scope, process, raw) : null,
    }),
  ];
}

function inPlaceStep(
  context: ViewContext,
  { slots, scope }: Reading,
  content: Content & { readonly kind: 'struct' },
): ReadStep {
  return readStep('child', {
    start: slots.start,
    target: slots.value,
    members: childMembers(context, scope, content, { io: 'io', start: 'at' }),
    reader: context.plan.names.type(content.type),
  });
}

function substreamStep(
  context: ViewContext,
  { slots, scope, behind }: Reading,
  content: Content & { readonly kind: 'struct' },
  extent: NonNullable<(Content & { readonly kind: 'struct' })['extent']>,
): ReadStep {
  const bounds = boundsOf(context, scope, extent, behind);
  if (bounds.twoEnds) throw new Unsupported('an object in octets with a terminator or padding');
  context.helpers.use('guard');
  return readStep('substream', {
    start: slots.start,
    end: slots.end,
    next: bounds.text,
    data: processed(context, scope, extent.process, `sub(io.bytes, ${slots.from}, at - 1)`),
    target: slots.value,
    members: childMembers(context, scope, content, { io: 'stream', start: '1' }),
    reader: context.plan.names.type(content.type),
  });
}

function choiceStep(
  context: ViewContext,
  reading: Reading,
  content: Content & { readonly kind: 'switch' },
): ReadStep {
  const arms = armNumbers(content);
  const on = compileExpr(context, reading.scope, content.on);
  const branches = content.arms.map((arm, index) => ({
    word: index === 0 ? 'if' : 'elseif',
    condition: armCondition(context, reading.scope, content, index),
    arm: armView(reading.slots, arms.get(arm.content) ?? null),
    steps: contentSteps(context, reading, arm.content),
  }));
  const fallback = content.fallback;
  if (branches.length === 0) throw new Unsupported('a switch without cases');
  return readStep('choice', {
    on: on.text,
    branches,
    otherwise:
      fallback === null
        ? null
        : {
            arm: armView(reading.slots, arms.get(fallback) ?? null),
            steps: contentSteps(context, reading, fallback),
          },
  });
}

function armView(slots: Slots, number: number | null): ArmView | null {
  return number === null ? null : { slot: slots.arm, number: String(number) };
}

/** Contents of a switch by number, in the order of `plainContents`. A nested switch has none of its own. */
export function armNumbers(content: Content): ReadonlyMap<Content, number> {
  return new Map(plainContents(content).map((plain, index) => [plain, index + 1]));
}

/** `on == VALUE`, where `on` is a local holding the value switched on. */
export function armCondition(
  context: ViewContext,
  scope: Scope,
  content: Content & { readonly kind: 'switch' },
  index: number,
): string {
  const arm = content.arms[index];
  if (arm === undefined) return 'false';
  const value = arm.value;
  return compileCompare(
    context,
    { kind: 'compare', op: 'eq', left: content.on, right: value, type: { kind: 'bool' } },
    (expr) => (expr === content.on ? primary('on') : compileExpr(context, scope, expr)),
  ).text;
}
