import type { Field, Instance, Param, StructType, ValueInstance } from '../../../spec/index.ts';
import { at } from '../../invariant.ts';
import { mayBeAbsent } from '../../expression/member.ts';
import { luaMember } from '../../lua/lua-text.ts';
import { sharedExtent } from '../../plan/extents.ts';
import { layoutOf } from '../../plan/layout.ts';
import type { Layout } from '../../plan/layout.ts';
import { inflates } from '../read/extent-text.ts';
import { elementSlots, fieldSlots } from '../read/slots.ts';
import type { Slots } from '../read/slots.ts';
import { located } from '../view-context.ts';
import type { ViewContext } from '../view-context.ts';
import { contentShow } from './content-show.ts';
import type { Octets, Showing } from './content-show.ts';
import { itemView, valueForField } from './item-text.ts';
import { showStep } from './show-steps.ts';
import type { ItemView, ShowStep } from './show-steps.ts';

/** The function that shows the objects of one type. */
export interface ShowTypeView {
  readonly name: string;
  readonly usesTvb: boolean;
  readonly usesStart: boolean;
  readonly steps: readonly ShowStep[];
  /** Computed values: of whole objects only. */
  readonly hasValues: boolean;
  readonly values: readonly ShowStep[];
  readonly reports: boolean;
}

export function showTypeView(context: ViewContext, type: StructType, reports: boolean): ShowTypeView {
  const steps = [...type.params.flatMap((param) => paramShow(context, param)), ...fieldSteps(context, type)];
  const values = type.instances.flatMap((instance) =>
    located(context, instance.span, [], () => instanceShow(context, type, instance)),
  );
  const text = JSON.stringify([steps, values]);
  return {
    name: context.plan.names.type(type.id),
    usesTvb: text.includes('tvb(') || text.includes('"derived":null'),
    usesStart: /tvb\(start/u.test(text),
    steps,
    hasValues: values.length > 0,
    values,
    reports,
  };
}

/** Arguments are shown as what is computed is. */
function paramShow(context: ViewContext, { id, field: shown }: Param): readonly ShowStep[] {
  if (shown === null) return [];
  const protocolField = at(context.plan.protocol.protocolFields, shown);
  const given = luaMember('o', id);
  const field = context.plan.names.field(shown);
  const value = valueForField(context, protocolField.type, given);
  return [showStep('when', { condition: `${given} ~= nil`, steps: [showStep('value', { field, value })] })];
}

/** Fields in reading order; those that share their octets (bit fields) share a range. */
function fieldSteps(context: ViewContext, type: StructType): readonly ShowStep[] {
  const steps: ShowStep[] = [];
  let group: Group | null = null;
  for (const field of type.fields) {
    const place = located(context, field.span, null, () => bitPlace(field));
    if (group !== null && (place === null || place.from !== group.from || place.to !== group.to)) {
      steps.push(groupStep(group));
      group = null;
    }
    if (place !== null) {
      group ??= { ...place, present: luaMember('o', field.id), items: [] };
      if (!field.hidden && field.content.kind === 'bits')
        group.items.push(itemView(context, field.content, 'range'));
    } else if (!field.hidden) {
      steps.push(...located(context, field.span, [], () => fieldShow(context, type, field)));
    }
  }
  if (group !== null) steps.push(groupStep(group));
  return steps;
}

interface Group {
  readonly from: number;
  readonly to: number;
  readonly present: string;
  readonly items: ItemView[];
}

/** Octets of the object that a bit field touches; null: no bit field of the fixed kind. */
function bitPlace(field: Field): { readonly from: number; readonly to: number } | null {
  if (field.content.kind !== 'bits' || field.staticOffsetBits === null || field.repeat.kind !== 'once')
    return null;
  const start = field.staticOffsetBits;
  return { from: Math.floor(start / 8), to: Math.ceil((start + field.content.width) / 8) };
}

function groupStep(group: Group): ShowStep {
  const [only] = group.items;
  const offset = group.from === 0 ? 'start' : `start + ${String(group.from)}`;
  const range = `tvb(${offset}, ${String(group.to - group.from)})`;
  const shared = group.items.length > 1;
  const items = showStep('items', {
    only: shared || only === undefined ? null : { ...only, range },
    several: shared ? { range, items: group.items } : null,
  });
  return showStep('when', { condition: `${group.present} ~= nil`, steps: [items] });
}

/** @throws Unsupported */
function fieldShow(context: ViewContext, type: StructType, field: Field): readonly ShowStep[] {
  const slots = fieldSlots(context.plan, type, field);
  const layout = layoutOf(context.plan, type, field);
  const showing = { owner: type, field };
  if (field.repeat.kind === 'once') {
    const value = context.plan.isDeferred(field)
      ? `get.${context.plan.getter(type.id, field.id)}(o)`
      : slots.value;
    const steps = contentShow(context, { ...showing, slots, value, octets: octetsOf(layout) }, field.content);
    const tried =
      context.plan.isDeferred(field) && inflates(context, sharedExtent(field.content)?.process ?? null);
    const there = `${presence(layout)} ~= nil`;
    return [showStep('when', { condition: tried ? `${there} and ${value} ~= nil` : there, steps })];
  }
  const element = elementSlots(slots, 'index');
  const each: Showing = {
    ...showing,
    slots: element,
    value: element.value,
    octets: elementOctets(element),
  };
  const list = layout.keepsValue ? slots.value : (slots.end ?? slots.value);
  return [
    showStep('when', {
      condition: `${list} ~= nil`,
      steps: [showStep('each', { list, steps: contentShow(context, each, field.content) })],
    }),
  ];
}

/** What is nil as long as the field is not there. */
function presence(layout: Layout): string {
  return layout.keepsValue ? layout.valueSlot : layout.endSlot;
}

export function octetsOf(layout: Layout): Octets {
  const offset =
    layout.offset === null
      ? `${layout.startSlot} - 1`
      : layout.offset === 0
        ? 'start'
        : `start + ${String(layout.offset)}`;
  const first = layout.offset === null || layout.offset === 0 ? layout.from : `(${layout.from})`;
  return { offset, storedLength: `${layout.endSlot} - ${first}` };
}

function elementOctets(slots: Slots): Octets {
  return { offset: `${slots.from} - 1`, storedLength: `${slots.to} - ${slots.from}` };
}

function instanceShow(context: ViewContext, type: StructType, instance: Instance): readonly ShowStep[] {
  if (instance.hidden) return [];
  const getter = context.plan.getter(type.id, instance.id);
  if (instance.kind === 'value') return valueShow(context, type, instance, getter);
  const steps = fieldShow(context, type, instance);
  context.helpers.use('attempt');
  return [showStep('settled', { getter, steps })];
}

function valueShow(
  context: ViewContext,
  type: StructType,
  instance: ValueInstance,
  getter: string,
): readonly ShowStep[] {
  if (instance.field === null) return [];
  const protocolField = at(context.plan.protocol.protocolFields, instance.field);
  const field = context.plan.names.field(instance.field);
  const certain =
    !mayBeAbsent(instance) &&
    (context.plan.isSettled(type.id, instance) || !context.valueIsFallible(type.id, instance));
  if (certain)
    return [
      showStep('value', { field, value: valueForField(context, protocolField.type, `get.${getter}(o)`) }),
    ];
  context.helpers.use('attempt');
  return [showStep('tried', { getter, field, value: valueForField(context, protocolField.type, 'value') })];
}
