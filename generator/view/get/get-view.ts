import type { Content, Field, Instance, StructType, ValueInstance } from '../../../spec/index.ts';
import { compileExpr } from '../../expression/compile.ts';
import { readingScope } from '../../expression/context.ts';
import type { Scope } from '../../expression/context.ts';
import { instanceScope } from '../../expression/make-context.ts';
import { invariant } from '../../invariant.ts';
import { luaMember } from '../../lua/lua-text.ts';
import { sharedExtent } from '../../plan/extents.ts';
import { Unsupported } from '../../unsupported.ts';
import { childMembers } from '../read/child-members.ts';
import { armCondition, armNumbers } from '../read/content-steps.ts';
import { inflates, octetCount, processed } from '../read/extent-text.ts';
import type { ArmView, ReadStep } from '../read/read-steps.ts';
import { fieldSlots } from '../read/slots.ts';
import { instanceSteps } from '../read/type-view.ts';
import { variantMaker } from '../variants.ts';
import type { Variants } from '../variants.ts';
import { located } from '../view-context.ts';
import type { ViewContext } from '../view-context.ts';

/** A function in the table `get`: something of an object that is worked out when it is first asked for. */
export type GetView = Variants<GetKinds>;
export interface GetKinds {
  readonly value: ValueGetView;
  readonly deferred: DeferredGetView;
  readonly parsed: ParsedGetView;
}

export interface ValueGetView {
  readonly name: string;
  readonly doc: readonly string[];
  readonly slot: string;
  readonly value: string;
  /** The instance may have no value: that it was worked out is noted apart. */
  readonly condition: string | null;
  readonly doneSlot: string;
}

export interface DeferredGetView {
  readonly name: string;
  readonly slot: string;
  readonly isThere: string;
  readonly data: string;
  /** The octets may turn out not to be had. */
  readonly mayFail: boolean;
  readonly on: string | null;
  readonly branches: readonly (DeferredArmView & { readonly word: string; readonly condition: string })[];
  readonly otherwise: DeferredArmView | null;
}
export interface DeferredArmView {
  readonly arm: ArmView | null;
  readonly slot: string;
  /** An object; null: the octets themselves. */
  readonly child: { readonly slot: string; readonly members: string; readonly reader: string } | null;
}

export interface ParsedGetView {
  readonly name: string;
  readonly doc: readonly string[];
  readonly slot: string;
  readonly doneSlot: string;
  readonly condition: string | null;
  readonly io: string;
  readonly ioSlot: string;
  readonly position: string;
  readonly steps: readonly ReadStep[];
}

const getView = variantMaker<GetKinds>(['value', 'deferred', 'parsed']);

export function getViews(
  context: ViewContext,
  type: StructType,
  doc: (member: Field | Instance) => readonly string[],
): readonly GetView[] {
  const deferred = type.fields.flatMap((field, index) =>
    context.plan.isDeferred(field)
      ? located(context, field.span, [], () => [
          getView('deferred', deferredGet(context, type, field, index)),
        ])
      : [],
  );
  const instances = type.instances.flatMap((instance) =>
    located(context, instance.span, [], () => [
      instance.kind === 'value'
        ? getView('value', valueGet(context, type, instance, doc(instance)))
        : getView('parsed', parsedGet(context, type, instance, doc(instance))),
    ]),
  );
  return [...deferred, ...instances];
}

function valueGet(
  context: ViewContext,
  type: StructType,
  instance: ValueInstance,
  doc: readonly string[],
): ValueGetView {
  const scope = instanceScope(context.plan, type.id, instance);
  return {
    name: context.plan.getter(type.id, instance.id),
    doc,
    slot: luaMember('o', instance.id),
    value: compileExpr(context, scope, instance.value).text,
    condition: instance.when === null ? null : compileExpr(context, scope, instance.when).text,
    doneSlot: luaMember('o', `_${instance.id}_done`),
  };
}

function deferredGet(context: ViewContext, type: StructType, field: Field, index: number): DeferredGetView {
  const extent = sharedExtent(field.content);
  invariant(extent !== null, `a deferred field "${field.id}" without octets of its own`);
  const scope = readingScope(type.id, index, null);
  const slots = fieldSlots(context.plan, type, field);
  const arm = (content: Content): DeferredArmView =>
    deferredArm(context, scope, {
      content,
      slot: slots.value,
      arm: armOf(field.content, content, slots.arm),
    });
  const name = context.plan.getter(type.id, field.id);
  const data = processed(context, scope, extent.process, `sub(o._io.bytes, ${slots.from}, ${slots.to} - 1)`);
  const common = {
    name,
    slot: slots.value,
    isThere: slots.end ?? slots.from,
    data,
    mayFail: inflates(context, extent.process),
  };
  if (field.content.kind !== 'switch') {
    return { ...common, on: null, branches: [], otherwise: arm(field.content) };
  }
  const choice = field.content;
  return {
    ...common,
    on: compileExpr(context, scope, choice.on).text,
    branches: choice.arms.map((one, number) => ({
      word: number === 0 ? 'if' : 'elseif',
      condition: armCondition(context, scope, choice, number),
      ...arm(one.content),
    })),
    otherwise: choice.fallback === null ? null : arm(choice.fallback),
  };
}

function armOf(whole: Content, content: Content, slot: string): ArmView | null {
  if (whole.kind !== 'switch') return null;
  const number = armNumbers(whole).get(content);
  if (number === undefined) throw new Unsupported('a switch inside a switch');
  return { slot, number: String(number) };
}

function deferredArm(
  context: ViewContext,
  scope: Scope,
  given: { readonly content: Content; readonly slot: string; readonly arm: ArmView | null },
): DeferredArmView {
  const { content, slot, arm } = given;
  if (content.kind !== 'struct') return { arm, slot, child: null };
  context.helpers.use('guard');
  return {
    arm,
    slot,
    child: {
      slot,
      members: childMembers(context, scope, content, { io: 'stream', start: '1' }),
      reader: context.plan.names.type(content.type),
    },
  };
}

function parsedGet(
  context: ViewContext,
  type: StructType,
  instance: Extract<Instance, { kind: 'parse' }>,
  doc: readonly string[],
): ParsedGetView {
  const scope = readingScope(type.id, context.plan.fieldsBefore(type.id, instance), null);
  const io = instance.io === null ? 'o._io' : compileExpr(context, scope, instance.io).text;
  const position =
    instance.pos === null
      ? 'io.at'
      : `${context.helpers.use('seek')}(io, ${octetCount(context, scope, instance.pos)})`;
  return {
    name: context.plan.getter(type.id, instance.id),
    doc,
    slot: luaMember('o', instance.id),
    doneSlot: luaMember('o', `_${instance.id}_done`),
    condition: instance.when === null ? null : compileExpr(context, scope, instance.when).text,
    io,
    ioSlot: luaMember('o', `_${instance.id}_io`),
    position,
    steps: instanceSteps(context, type, instance, scope),
  };
}
