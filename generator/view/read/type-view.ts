import type { Field, ParseInstance, StructType } from '../../../spec/index.ts';
import { compileExpr } from '../../expression/compile.ts';
import { readingScope } from '../../expression/context.ts';
import type { Scope } from '../../expression/context.ts';
import { primary } from '../../lua/lua-expr.ts';
import { sharedExtent } from '../../plan/extents.ts';
import { staticOctets } from '../../plan/layout.ts';
import { Unsupported } from '../../unsupported.ts';
import { located } from '../view-context.ts';
import type { ViewContext } from '../view-context.ts';
import { contentSteps } from './content-steps.ts';
import type { Reading } from './content-steps.ts';
import { boundsOf } from './extent-text.ts';
import { readStep } from './read-steps.ts';
import type { LoopView, ReadStep } from './read-steps.ts';
import { findRun, OctetNames } from './run-view.ts';
import { elementSlots, fieldSlots } from './slots.ts';

/** The function that reads the objects of one type. */
export interface ReadTypeView {
  readonly name: string;
  readonly doc: readonly string[];
  readonly tracksPosition: boolean;
  readonly steps: readonly ReadStep[];
}

export function readTypeView(context: ViewContext, type: StructType, doc: readonly string[]): ReadTypeView {
  return {
    name: context.plan.names.type(type.id),
    doc,
    tracksPosition: context.plan.tracksPosition,
    steps: typeSteps(context, type),
  };
}

function typeSteps(context: ViewContext, type: StructType): readonly ReadStep[] {
  const names = new OctetNames();
  const steps: ReadStep[] = [];
  for (let index = 0; index < type.fields.length;) {
    const field = type.fields[index];
    if (field === undefined) break;
    const found = located(context, field.span, null, () => findRun(type.fields, index, names));
    if (found !== null) {
      steps.push(readStep('run', found.view));
      index += found.fields;
    } else {
      const number = index;
      steps.push(...located(context, field.span, [], () => fieldSteps(context, type, field, number)));
      index += 1;
    }
  }
  return steps;
}

/** @throws Unsupported */
export function fieldSteps(
  context: ViewContext,
  type: StructType,
  field: Field,
  index: number,
): readonly ReadStep[] {
  const scope = readingScope(type.id, index, 'at');
  const behind = octetsBehind(context, type, index);
  const reading: Reading = {
    owner: type,
    field,
    slots: fieldSlots(context.plan, type, field),
    scope,
    behind,
  };
  const steps = context.plan.isDeferred(field)
    ? [deferredStep(context, reading)]
    : repeated(context, reading);
  if (field.when === null) return steps;
  return [readStep('when', { condition: compileExpr(context, scope, field.when).text, steps })];
}

/** Octets of a PDU behind one of its fields, when all that follow have a fixed size; of other objects, unknown. */
function octetsBehind(context: ViewContext, type: StructType, index: number): number | null {
  if (type.id !== context.plan.protocol.root) return null;
  let octets = 0;
  for (const field of type.fields.slice(index + 1)) {
    const own =
      field.when === null && field.repeat.kind === 'once' ? staticOctets(context.plan, field.content) : null;
    if (own === null) return null;
    octets += own;
  }
  return octets;
}

/** What is read at the position of a parse instance; never deferred, for its getter is lazy already. */
export function instanceSteps(
  context: ViewContext,
  type: StructType,
  instance: ParseInstance,
  scope: Scope,
): readonly ReadStep[] {
  const slots = fieldSlots(context.plan, type, instance);
  return repeated(context, {
    owner: type,
    field: instance,
    slots,
    scope: { ...scope, position: 'at' },
    behind: null,
  });
}

/** The octets are set aside; what is in them is read by a getter. */
function deferredStep(context: ViewContext, { field, slots, scope, behind }: Reading): ReadStep {
  const extent = sharedExtent(field.content);
  if (extent === null) throw new Unsupported('an object whose octets are not known beforehand');
  const bounds = boundsOf(context, scope, extent, behind);
  if (bounds.twoEnds) throw new Unsupported('an object in octets with a terminator or padding');
  return readStep('deferred', { start: slots.start, end: slots.end, next: bounds.text });
}

function repeated(context: ViewContext, reading: Reading): readonly ReadStep[] {
  const { field } = reading;
  const repeat = field.repeat;
  if (repeat.kind === 'once') return contentSteps(context, reading, field.content);
  const element: Reading = {
    ...reading,
    slots: elementSlots(reading.slots, 'count'),
    scope: { ...reading.scope, index: 'count - 1' },
    behind: null,
  };
  const loop: LoopView = {
    lists: loopLists(reading),
    counter: 'count',
    count: '',
    steps: contentSteps(context, element, field.content),
  };
  const { helpers } = context;
  switch (repeat.kind) {
    case 'count': {
      const count = compileExpr(context, reading.scope, repeat.count).text;
      return [readStep('times', { ...loop, count: `${helpers.use('repetitions')}(${count})` })];
    }
    case 'to-end':
      helpers.use('another');
      return [readStep('toEnd', loop)];
    case 'until': {
      helpers.use('another');
      const it = primary(element.slots.value);
      const until: Scope = { ...element.scope, it, fieldsRead: reading.scope.fieldsRead };
      return [readStep('until', { ...loop, condition: compileExpr(context, until, repeat.until).text })];
    }
  }
}

function loopLists({ slots, field }: Reading): readonly string[] {
  return [
    slots.value,
    ...(slots.start === null ? [] : [slots.start]),
    ...(slots.end === null ? [] : [slots.end]),
    ...(field.content.kind === 'switch' ? [slots.arm] : []),
  ];
}
