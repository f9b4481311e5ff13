import type {
  Check,
  Content,
  Field,
  Instance,
  StructType,
  TypeId,
  ValueInstance,
} from '../../../spec/index.ts';
import { compileExpr } from '../../expression/compile.ts';
import { wholeObject } from '../../expression/context.ts';
import type { LuaExpr } from '../../lua/lua-expr.ts';
import { luaBytes } from '../../lua/lua-text.ts';
import { sharedExtent } from '../../plan/extents.ts';
import { heldTypes } from '../../plan/plan.ts';
import type { NameSpace } from '../../plan/names.ts';
import { plainContents } from '../../plan/walk.ts';
import { armCondition, armNumbers } from '../read/content-steps.ts';
import { inflates } from '../read/extent-text.ts';
import { elementSlots, fieldSlots } from '../read/slots.ts';
import { handoverName } from '../show/handover-view.ts';
import { knownConditions } from '../state/params.ts';
import { located } from '../view-context.ts';
import type { ViewContext } from '../view-context.ts';
import { checkStep } from './check-steps.ts';
import type { CheckKinds, CheckStep } from './check-steps.ts';
import type { Experts } from './experts.ts';
import { elementType, invalidText, negated, validCondition } from './validation.ts';

export interface CheckContext extends ViewContext {
  readonly experts: Experts;
  readonly breakable: ReadonlySet<TypeId>;
  /** Names in the table `expect`. */
  readonly expectations: NameSpace;
}

/** The function that judges the objects of one type: it is true when something is wrong with one. */
export interface CheckTypeView {
  readonly name: string;
  readonly malformed: string;
  readonly hasChildren: boolean;
  readonly expectations: readonly Expectation[];
  readonly partial: PartialView | null;
  /** Rules of the spec, for whole objects. */
  readonly rules: readonly CheckStep[];
  /** Validity of values, and the objects held. */
  readonly values: readonly CheckStep[];
  readonly children: readonly CheckStep[];
}

/** A rule as a function: one that is there anyway, or one of its own. */
interface PartialRule {
  readonly expert: string;
  readonly known: string | null;
  readonly expect: string | null;
}

/** Rules as functions, for objects that were not read to their ends. */
interface PartialView {
  readonly type: string;
  /** Members whose absence is a problem. */
  readonly members: string;
  readonly rules: readonly PartialRule[];
}

/** A function of its own, for it may end in a problem. */
interface Expectation {
  readonly name: string;
  readonly parameters: string;
  readonly expect: string;
}

/** A type being judged, and the functions that turned out to be needed for it. */
interface Judging {
  readonly context: CheckContext;
  readonly type: StructType;
  readonly expectations: Expectation[];
}

export function checkTypeView(context: CheckContext, type: StructType): CheckTypeView {
  const judging: Judging = { context, type, expectations: [] };
  const checks = type.checks.filter(({ scope }) => scope === 'frame' || scope === 'message');
  const rules = checks.flatMap((check) => located(context, check.span, [], () => [ruleStep(judging, check)]));
  const values = type.fields.flatMap((field, index) =>
    located(context, field.span, [], () => validSteps(judging, field, index)),
  );
  const children = type.fields.flatMap((field) =>
    located(context, field.span, [], () => childSteps(context, type, field)),
  );
  const instances = type.instances.flatMap((instance) =>
    located(context, instance.span, [], () => instanceSteps(judging, instance)),
  );
  context.helpers.use('fault');
  return {
    name: context.plan.names.type(type.id),
    malformed: context.experts.own('malformed'),
    hasChildren: JSON.stringify([children, instances]).includes('"checker"'),
    expectations: judging.expectations,
    partial: located(context, type.span, null, () => partialView(context, type, checks)),
    rules: [...rules, ...instances],
    values: [...values, ...offerSteps(context, type)],
    children,
  };
}

function instanceSteps(judging: Judging, instance: Instance): readonly CheckStep[] {
  const { context, type } = judging;
  if (instance.kind === 'value') return instanceValidSteps(judging, instance);
  if (instance.hidden && instance.valid === null) return [];
  context.helpers.use('attempt');
  const settle = checkStep('settle', {
    getter: context.plan.getter(type.id, instance.id),
    malformed: context.experts.own('malformed'),
  });
  return [
    settle,
    ...validSteps(judging, instance, Number.POSITIVE_INFINITY),
    ...childSteps(context, type, instance),
  ];
}

function partialView(context: CheckContext, type: StructType, checks: readonly Check[]): PartialView | null {
  const aroundChecks = heldTypes(type).some((held) => context.breakable.has(held));
  if (checks.length === 0 && !aroundChecks) return null;
  context.helpers.use('judge_partial');
  const scalars = type.fields.filter(
    (field) => field.content.kind !== 'struct' && field.content.kind !== 'switch',
  );
  const params = type.params.filter(
    ({ source }) => source.kind !== 'argument' && source.kind !== 'preference',
  );
  return {
    type: context.plan.names.type(type.id),
    members: [...params, ...scalars].map(({ id }) => id).join(' '),
    rules: checks.map((check) => {
      const expert = context.experts.rule(check);
      const trusting = { ...wholeObject('o', type.id), knownParams: true };
      const expect = compileExpr(context, trusting, check.expect);
      const known = knownParams(context, type, check);
      if (known.length > 0)
        return { expert, known: null, expect: `not (${known.join(' and ')}) or (${expect.text})` };
      return expect.fallible
        ? { expert, known: expert, expect: null }
        : { expert, known: null, expect: expect.text };
    }),
  };
}

function ruleStep(judging: Judging, check: Check): CheckStep {
  const { context, type } = judging;
  const expert = context.experts.rule(check);
  const known = knownParams(context, type, check);
  const trusting = { ...wholeObject('o', type.id), knownParams: true };
  const expect = compileExpr(context, trusting, check.expect);
  const guard = known.map((one) => `${one} and `).join('');
  if (!expect.fallible)
    return checkStep('rule', { broken: `${guard}${negated(expect)}`, expert, text: null });
  const alone = compileExpr(context, wholeObject('o', type.id), check.expect);
  const tried = triedStep(judging, alone.text, { name: expert, arguments: 'o', expert, text: null });
  return known.length === 0 ? tried : checkStep('when', { condition: known.join(' and '), steps: [tried] });
}

function triedStep(judging: Judging, expect: string, view: CheckKinds['tried']): CheckStep {
  const name = judging.context.expectations.claim(view.name);
  judging.expectations.push({ name, parameters: view.arguments, expect });
  judging.context.helpers.use('attempt');
  return checkStep('tried', { ...view, name });
}

/** Conditions under which a rule is applied: what it depends on is known. */
function knownParams(context: CheckContext, type: StructType, check: Check): readonly string[] {
  const { protocol } = context.plan;
  return knownConditions(protocol, check.reads, type.id === protocol.root ? 'o' : 'o._root');
}

function validSteps(judging: Judging, field: Field, index: number): readonly CheckStep[] {
  const { context, type } = judging;
  const slots = fieldSlots(context.plan, type, field);
  const repeated = field.repeat.kind !== 'once';
  const value = repeated ? elementSlots(slots, 'index').value : slots.value;
  const steps = [...contentsSteps(context, field, value)];
  if (field.valid !== null) {
    const scope = { ...wholeObject('o', type.id), fieldsRead: index + 1, index: 'index - 1' };
    const condition = validCondition(context, scope, field.valid, { text: value, type: elementType(field) });
    steps.push(valueStep(judging, { id: field.id, valid: field.valid, condition, repeated }));
  }
  if (steps.length === 0) return [];
  const there = repeated ? checkStep('each', { list: slots.value, steps }) : null;
  const inner = there === null ? steps : [there];
  // The object may be half read.
  return [checkStep('when', { condition: `${slots.value} ~= nil`, steps: inner })];
}

function contentsSteps(context: CheckContext, field: Field, value: string): readonly CheckStep[] {
  if (field.content.kind !== 'contents') return [];
  const expected = luaBytes(field.content.expected);
  const text = `"${field.id}" does not have the octets it must have`;
  return [
    checkStep('rule', {
      broken: `${value} ~= ${expected}`,
      expert: context.experts.own('invalid_error'),
      text,
    }),
  ];
}

interface ValidityTest {
  readonly id: string;
  readonly valid: NonNullable<Field['valid']>;
  readonly condition: LuaExpr;
  readonly repeated: boolean;
}

function valueStep(judging: Judging, { id, valid, condition, repeated }: ValidityTest): CheckStep {
  const { context } = judging;
  const expert = context.experts.own(`invalid_${valid.severity}`);
  const text = invalidText(id, valid);
  if (!condition.fallible) return checkStep('rule', { broken: negated(condition), expert, text });
  const name = `${context.plan.names.type(judging.type.id)}_${id}`;
  return triedStep(judging, condition.text, { name, arguments: repeated ? 'o, index' : 'o', expert, text });
}

function instanceValidSteps(judging: Judging, instance: ValueInstance): readonly CheckStep[] {
  const { context, type } = judging;
  if (instance.valid === null) return [];
  const value = `get.${context.plan.getter(type.id, instance.id)}(o)`;
  const condition = validCondition(context, wholeObject('o', type.id), instance.valid, {
    text: value,
    type: instance.type,
  });
  const there = {
    ...condition,
    fallible: condition.fallible || instance.when !== null || context.valueIsFallible(type.id, instance),
  };
  return [valueStep(judging, { id: instance.id, valid: instance.valid, condition: there, repeated: false })];
}

function offerSteps(context: CheckContext, type: StructType): readonly CheckStep[] {
  return type.fields.flatMap((field) => {
    if (field.handover === null) return [];
    context.helpers.use('note_offer');
    const { end, value } = fieldSlots(context.plan, type, field);
    return [
      checkStep('offer', {
        present: `${end ?? value} ~= nil`,
        name: handoverName(context, type.id, field.id),
      }),
    ];
  });
}

/** Looks into the objects a field holds, as far as something can be wrong with them. */
function childSteps(context: CheckContext, type: StructType, field: Field): readonly CheckStep[] {
  const held = plainContents(field.content).filter((content) => breakableChild(context, content) !== null);
  if (held.length === 0) return [];
  const slots = fieldSlots(context.plan, type, field);
  if (field.repeat.kind !== 'once') {
    const element = elementSlots(slots, 'index');
    const inner = contentCheck(context, field.content, element.value, element.arm);
    return [
      checkStep('when', {
        condition: `${slots.value} ~= nil`,
        steps: [checkStep('each', { list: slots.value, steps: inner })],
      }),
    ];
  }
  if (context.plan.isDeferred(field)) return deferredCheck(context, type, field);
  const steps = contentCheck(context, field.content, slots.value, slots.arm);
  return [checkStep('when', { condition: `${slots.value} ~= nil`, steps })];
}

function breakableChild(context: CheckContext, content: Content): string | null {
  if (content.kind !== 'struct' || !context.breakable.has(content.type)) return null;
  return context.plan.names.type(content.type);
}

function contentCheck(
  context: CheckContext,
  content: Content,
  value: string,
  arm: string,
): readonly CheckStep[] {
  const checker = breakableChild(context, content);
  if (checker !== null) return [checkStep('child', { checker, child: value })];
  if (content.kind !== 'switch') return [];
  const numbers = armNumbers(content);
  const branches = plainContents(content)
    .filter((plain) => breakableChild(context, plain) !== null)
    .map((plain, index) => ({
      word: index === 0 ? 'if' : 'elseif',
      condition: `${arm} == ${String(numbers.get(plain) ?? 0)}`,
      steps: contentCheck(context, plain, value, arm),
    }));
  return [checkStep('choice', { on: null, branches })];
}

/**
 * What is read on first use is read here only where something can be wrong with it. The conditions are those
 * of the getter, in the same order.
 */
function deferredCheck(context: CheckContext, type: StructType, field: Field): readonly CheckStep[] {
  const value = `get.${context.plan.getter(type.id, field.id)}(o)`;
  const slots = fieldSlots(context.plan, type, field);
  const content = field.content;
  const wrap = (steps: readonly CheckStep[]): readonly CheckStep[] => [
    checkStep('when', { condition: `${slots.end ?? slots.value} ~= nil`, steps }),
  ];
  if (content.kind !== 'switch') {
    const steps = contentCheck(context, content, value, slots.arm);
    const inflated = inflates(context, sharedExtent(content)?.process ?? null);
    return wrap(inflated ? [checkStep('when', { condition: `${value} ~= nil`, steps })] : steps);
  }
  const fallbackBreaks = content.fallback !== null && breakableChild(context, content.fallback) !== null;
  if (fallbackBreaks)
    return wrap([
      checkStep('when', {
        condition: `${value} ~= nil`,
        steps: contentCheck(context, content, slots.value, slots.arm),
      }),
    ]);
  const scope = wholeObject('o', type.id);
  const branches = content.arms.map((arm, index) => ({
    word: index === 0 ? 'if' : 'elseif',
    condition: armCondition(context, scope, content, index),
    steps: contentCheck(context, arm.content, value, slots.arm),
  }));
  const last = branches.findLastIndex((branch) => branch.steps.length > 0);
  return wrap([
    checkStep('choice', {
      on: compileExpr(context, scope, content.on).text,
      branches: onlyNeeded(branches.slice(0, last + 1), content),
    }),
  ]);
}

/** Arms with literal values exclude one another: those with nothing to look into can be left out. */
function onlyNeeded<B extends { readonly word: string; readonly steps: readonly CheckStep[] }>(
  branches: readonly B[],
  content: Content & { readonly kind: 'switch' },
): readonly B[] {
  const literal = content.arms.every((arm) => ['int', 'enum', 'string', 'bool'].includes(arm.value.kind));
  if (!literal) return branches;
  return branches
    .filter((branch) => branch.steps.length > 0)
    .map((branch, index) => ({ ...branch, word: index === 0 ? 'if' : 'elseif' }));
}
