import type { Content, Field, StructType } from '../../../spec/index.ts';
import { at, invariant } from '../../invariant.ts';
import { staticOctets } from '../../plan/layout.ts';
import { plainContents } from '../../plan/walk.ts';
import { Unsupported } from '../../unsupported.ts';
import type { Slots } from '../read/slots.ts';
import type { ViewContext } from '../view-context.ts';
import { handoverName } from './handover-view.ts';
import { itemView } from './item-text.ts';
import { showStep } from './show-steps.ts';
import type { ShowStep } from './show-steps.ts';

/** Where the octets of one occurrence are. */
export interface Octets {
  /** Offset for a Tvb. */
  readonly offset: string;
  /** Their number, where the content does not fix it: from the stored end. */
  readonly storedLength: string;
}

type PlainContent = Exclude<Content, { readonly kind: 'switch' }>;

export interface Showing {
  readonly owner: StructType;
  readonly field: Field;
  readonly slots: Slots;
  readonly octets: Octets;
  /** Lua for the value, e.g. `o.payload` or `get.payload(o)`. */
  readonly value: string;
}

/** Shows one occurrence of a content that is there. @throws Unsupported */
export function contentShow(context: ViewContext, showing: Showing, content: Content): readonly ShowStep[] {
  switch (content.kind) {
    case 'integer':
    case 'float':
    case 'contents':
      return [single(context, showing, content)];
    case 'bits':
      throw new Unsupported('a bit field that is conditional or repeated');
    case 'bytes':
    case 'string':
      if (content.extent.process !== null) return [derived(context, showing, content)];
      return [single(context, showing, content), ...handover(context, showing, content)];
    case 'struct':
      return [childShow(context, showing, content)];
    case 'opaque':
      throw new Unsupported(`the type "${content.name}", which is defined elsewhere,`);
    case 'switch':
      return [choiceShow(context, showing, content)];
  }
}

function rangeOf(context: ViewContext, { octets, value }: Showing, content: PlainContent): string {
  const fixed = staticOctets(context.plan, content);
  if (content.kind === 'struct' && content.extent === null) {
    // Of a half-read object there may be fewer octets than its type has.
    return `tvb(${octets.offset}, ${context.helpers.use('span')}(${value}))`;
  }
  return `tvb(${octets.offset}, ${fixed === null ? octets.storedLength : String(fixed)})`;
}

function single(
  context: ViewContext,
  showing: Showing,
  content: Extract<Content, { kind: 'integer' | 'float' | 'contents' | 'bytes' | 'string' }>,
): ShowStep {
  return showStep('items', {
    only: itemView(context, content, rangeOf(context, showing, content)),
    several: null,
  });
}

/** Octets that stand in the packet, or in those of a message. */
function handover(context: ViewContext, showing: Showing, content: PlainContent): readonly ShowStep[] {
  if (showing.field.handover === null) return [];
  const offer = handoverName(context, showing.owner.id, showing.field.id);
  return [showStep('handover', { offer, range: rangeOf(context, showing, content) })];
}

function derived(
  context: ViewContext,
  { field, value }: Showing,
  content: Extract<Content, { kind: 'bytes' | 'string' }>,
): ShowStep {
  context.helpers.use('derived_tvb');
  return showStep('derived', {
    data: value,
    source: sourceName(context, field, content),
    item: itemView(context, content, 'tvb()'),
  });
}

/** What the tab with the processed octets is called. */
function sourceName(
  context: ViewContext,
  field: Field,
  content: Extract<Content, { kind: 'bytes' | 'string' | 'struct' }>,
): string {
  const label = at(context.plan.protocol.protocolFields, content.field).label || field.id;
  switch (content.extent?.process?.kind) {
    case 'xor':
      return `Unmasked ${label}`;
    case 'rotate':
      return `Decoded ${label}`;
    case 'custom':
      return 'Inflated Message';
    case 'zlib':
      return `Inflated ${label}`;
    case undefined:
      return label;
  }
}

function childShow(
  context: ViewContext,
  showing: Showing,
  content: Content & { readonly kind: 'struct' },
): ShowStep {
  const { field, value } = showing;
  const processes = content.extent !== null && content.extent.process !== null;
  if (processes) context.helpers.use('derived_tvb');
  return showStep('child', {
    field: context.plan.names.field(content.field),
    child: value,
    range: rangeOf(context, showing, content),
    tvb: content.extent === null ? null : { derived: processes ? sourceName(context, field, content) : null },
    shower: context.plan.names.type(content.type),
  });
}

function choiceShow(
  context: ViewContext,
  showing: Showing,
  content: Content & { readonly kind: 'switch' },
): ShowStep {
  const same = sameChildren(content);
  if (same !== null) return variantsShow(context, showing, same);
  const branches = plainContents(content).map((plain, index) => ({
    word: index === 0 ? 'if' : 'elseif',
    number: String(index + 1),
    steps: contentShow(context, showing, plain),
  }));
  // What is read on first use is read before anybody asks which arm it took.
  const arm = showing.value.startsWith('get.')
    ? `${showing.value} ~= nil and ${showing.slots.arm}`
    : showing.slots.arm;
  return showStep('choice', { arm, branches });
}

/** All arms, when they are objects shown by one field and read from the same octets; else null. */
function sameChildren(content: Content): readonly StructContent[] | null {
  const children = plainContents(content).flatMap((plain) => (plain.kind === 'struct' ? [plain] : []));
  const [first] = children;
  if (first === undefined || children.length !== plainContents(content).length) return null;
  const alike = children.every(
    (child) =>
      child.field === first.field &&
      child.extent?.process?.kind === first.extent?.process?.kind &&
      (child.extent === null) === (first.extent === null),
  );
  return alike ? children : null;
}

function variantsShow(context: ViewContext, showing: Showing, children: readonly StructContent[]): ShowStep {
  const [first] = children;
  invariant(first !== undefined, 'a switch without arms');
  const shared = childShow(context, showing, first).child;
  invariant(shared !== null, 'an object is shown as a child');
  const { field, child, range, tvb } = shared;
  const branches = children.map((one, index) => ({
    word: index === 0 ? 'if' : 'elseif',
    test: `arm == ${String(index + 1)}`,
    shower: context.plan.names.type(one.type),
  }));
  return showStep('variants', { field, child, range, tvb, arm: showing.slots.arm, branches });
}

type StructContent = Content & { readonly kind: 'struct' };
