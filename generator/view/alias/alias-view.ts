import type {
  Content,
  Field,
  FilterAlias,
  Instance,
  ProtocolFieldType,
  StructType,
  TypeId,
} from '../../../spec/index.ts';
import { compileExpr } from '../../expression/compile.ts';
import { wholeObject } from '../../expression/context.ts';
import { mayBeAbsent } from '../../expression/member.ts';
import { luaMember, luaString, oneLine } from '../../lua/lua-text.ts';
import { layoutOf } from '../../plan/layout.ts';
import type { Layout } from '../../plan/layout.ts';
import { NameSpace } from '../../plan/names.ts';
import { heldTypes } from '../../plan/plan.ts';
import type { Plan } from '../../plan/plan.ts';
import { plainContents } from '../../plan/walk.ts';
import { Unsupported } from '../../unsupported.ts';
import { armNumbers } from '../read/content-steps.ts';
import { encodingConstant } from '../show/encodings.ts';
import { valueForField } from '../show/item-text.ts';
import { octetsOf } from '../show/type-show.ts';
import { variantMaker } from '../variants.ts';
import type { Variants } from '../variants.ts';
import { located } from '../view-context.ts';
import type { ViewContext } from '../view-context.ts';

/**
 * The built-in dissector's filter names, so that they go on matching after ours took its place: hidden items of the
 * built-in's own types, below a hidden item of its protocol.
 */
export interface AliasView {
  readonly name: string;
  readonly filter: string;
  /** Some type depends on Wireshark's version. */
  readonly versions: boolean;
  readonly entries: readonly AliasEntry[];
  readonly types: readonly AliasTypeView[];
}
export interface AliasEntry {
  readonly key: string;
  /** Lua for the constructor, e.g. `ProtoField.bool`. */
  readonly constructor: string;
  readonly arguments: string;
}

export interface AliasTypeView {
  readonly name: string;
  readonly usesTvb: boolean;
  readonly usesStart: boolean;
  readonly steps: readonly AliasStep[];
}

export interface AliasKinds {
  readonly item: {
    readonly condition: string;
    readonly method: string;
    readonly key: string;
    readonly value: string;
  };
  readonly child: { readonly condition: string; readonly child: string; readonly name: string };
}
export type AliasStep = Variants<AliasKinds>;
const aliasStep = variantMaker<AliasKinds>(['item', 'child']);

export function aliasView(context: ViewContext): AliasView | null {
  const { plan } = context;
  const { replaces } = plan.protocol;
  if (replaces === null) return null;
  const keys = new AliasKeys(replaces.dissector);
  const bearing = bearingTypes(plan);
  const types = plan.types
    .filter((type) => bearing.has(type.id))
    .map((type) => aliasType(context, { type, bearing, keys }));
  return {
    name: replaces.name,
    filter: replaces.dissector,
    versions: keys.entries().some((entry) => entry.constructor.includes('since(')),
    entries: keys.entries(),
    types,
  };
}

/** Whether objects of a type, or those that they hold, have aliases. */
export function bearsAliases(plan: Plan, type: TypeId): boolean {
  return plan.protocol.replaces !== null && bearingTypes(plan).has(type);
}

/** Types of which an object, or one that it holds, has aliases. Ends: the set only grows. */
function bearingTypes(plan: Plan): ReadonlySet<TypeId> {
  const found = new Set<TypeId>([plan.protocol.root]);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const type of plan.types) {
      const own = [...type.fields, ...type.instances].some((member) => member.aliases.length > 0);
      if (own || heldTypes(type).some((held) => found.has(held) && held !== plan.protocol.root))
        found.add(type.id);
    }
  }
  return found;
}

/** Registers each filter name once, whoever bears it. */
class AliasKeys {
  readonly #dissector: string;
  readonly #space = new NameSpace();
  readonly #found = new Map<string, AliasEntry>();

  constructor(dissector: string) {
    this.#dissector = dissector;
  }

  key(alias: FilterAlias, octets: number): string {
    const known = this.#found.get(alias.filter);
    if (known !== undefined) return known.key;
    const prefix = `${this.#dissector}.`;
    const key = this.#space.claim(
      alias.filter.startsWith(prefix) ? alias.filter.slice(prefix.length) : alias.filter,
    );
    const entry = { key, constructor: constructorText(alias), arguments: argumentsText(alias, octets) };
    this.#found.set(alias.filter, entry);
    return key;
  }

  entries(): readonly AliasEntry[] {
    return [...this.#found.values()];
  }
}

/** The built-in's type may have changed from one version of Wireshark to the next. */
function constructorText(alias: FilterAlias): string {
  const [first, ...later] = alias.types;
  if (first === undefined) throw new Unsupported(`an alias "${alias.filter}" without a type`);
  return later.reduce(
    (text, { since, type }) => `(since(${luaString(since)}) and ${constructorName(type)} or ${text})`,
    constructorName(first.type),
  );
}

function constructorName(type: ProtocolFieldType): string {
  switch (type.kind) {
    case 'uint':
    case 'int':
      return `ProtoField.${type.kind}${String(type.bits)}`;
    case 'group':
      return 'ProtoField.none';
    case 'absolute-time':
    case 'relative-time':
      throw new Unsupported('an alias that is a time');
    case 'float':
    case 'double':
    case 'bool':
    case 'bytes':
    case 'string':
    case 'ipv4':
    case 'ipv6':
    case 'ether':
    case 'guid':
      return `ProtoField.${type.kind}`;
  }
}

function argumentsText(alias: FilterAlias, octets: number): string {
  const names = `${luaString(alias.filter)}, ${luaString(oneLine(alias.label))}`;
  const kind = alias.types[0]?.type.kind;
  if (alias.mask === 0 && kind === 'bool') return `${names}, base.NONE`;
  if (alias.mask === 0) return names;
  const base = kind === 'bool' ? String(octets * 8) : 'base.DEC';
  return `${names}, ${base}, nil, 0x${alias.mask.toString(16)}`;
}

interface Bearing {
  readonly type: StructType;
  readonly bearing: ReadonlySet<TypeId>;
  readonly keys: AliasKeys;
}

function aliasType(context: ViewContext, given: Bearing): AliasTypeView {
  const { type } = given;
  const steps = [...type.fields, ...type.instances].flatMap((member) =>
    located(context, member.span, [], () => [
      ...memberAliases(context, given, member),
      ...heldAliases(context, given, member),
    ]),
  );
  const text = JSON.stringify(steps);
  return {
    name: context.plan.names.type(type.id),
    usesTvb: /(?<![_.])tvb\(/u.test(text),
    usesStart: text.includes('tvb(start'),
    steps,
  };
}

function memberAliases(context: ViewContext, given: Bearing, member: Field | Instance): readonly AliasStep[] {
  return member.aliases.map((alias) => {
    const conditions = [presence(context, given.type, member)];
    if (alias.when !== null) {
      const when = compileExpr(context, wholeObject('o', given.type.id), alias.when);
      if (when.fallible)
        throw new Unsupported(`the condition of the alias "${alias.filter}", which may have no value,`);
      conditions.push(when.precedence < 2 ? `(${when.text})` : when.text);
    }
    const condition = conditions.filter((one) => one !== '').join(' and ');
    const value = aliasValue(context, given.type, member, alias);
    return aliasStep('item', {
      condition,
      key: given.keys.key(alias, value.octets),
      method: value.method,
      value: value.text,
    });
  });
}

function presence(context: ViewContext, type: StructType, member: Field | Instance): string {
  // Aliases are of whole objects.
  if ('value' in member || !mayBeAbsent(member)) return '';
  const layout = layoutOf(context.plan, type, member);
  return `${layout.keepsValue ? layout.valueSlot : layout.endSlot} ~= nil`;
}

interface AliasValue {
  readonly method: string;
  readonly text: string;
  /** Octets that a mask is put over. */
  readonly octets: number;
}

function aliasValue(
  context: ViewContext,
  type: StructType,
  member: Field | Instance,
  alias: FilterAlias,
): AliasValue {
  if ('value' in member) {
    const kind = alias.types[0]?.type ?? { kind: 'bool' };
    const getter = `get.${context.plan.getter(type.id, member.id)}(o)`;
    return { method: 'add', text: valueForField(context, kind, getter), octets: 1 };
  }
  if (member.repeat.kind !== 'once') throw new Unsupported('an alias of a repeated field');
  const layout = layoutOf(context.plan, type, member);
  const value = contentAlias(context, layout, member);
  const isText = alias.types[0]?.type.kind === 'string' && member.content.kind === 'bytes';
  return isText ? { ...value, method: 'add_packet_field', text: `${value.text}, ENC_UTF_8` } : value;
}

/** The octets of the field, in the way the built-in would take them. */
function contentAlias(context: ViewContext, layout: Layout, field: Field): AliasValue {
  const content = field.content;
  switch (content.kind) {
    case 'bits': {
      const bits = field.staticOffsetBits;
      if (bits === null) throw new Unsupported('an alias of a bit field without a fixed place');
      const from = Math.floor(bits / 8);
      const octets = Math.ceil((bits + content.width) / 8) - from;
      const offset = from === 0 ? 'start' : `start + ${String(from)}`;
      return {
        method: content.order === 'le' ? 'add_le' : 'add',
        text: `tvb(${offset}, ${String(octets)})`,
        octets,
      };
    }
    case 'integer':
    case 'float':
      return {
        method: content.endian === 'le' ? 'add_le' : 'add',
        text: rangeText(layout, String(content.octets)),
        octets: content.octets,
      };
    case 'bytes':
    case 'contents':
    case 'opaque':
      return { method: 'add', text: rangeText(layout, null), octets: 1 };
    case 'string':
      return {
        method: 'add_packet_field',
        text: `${rangeText(layout, null)}, ${encodingConstant(content.encoding)}`,
        octets: 1,
      };
    case 'struct':
    case 'switch': {
      // The tvb is there: the object has been shown before.
      const child = context.plan.isDeferred(field) ? luaMember('o', field.id) : layout.valueSlot;
      return { method: 'add', text: `${child}._io.tvb()`, octets: 1 };
    }
  }
}

function rangeText(layout: Layout, octets: string | null): string {
  const place = octetsOf(layout);
  return `tvb(${place.offset}, ${octets ?? (layout.octets === null ? place.storedLength : String(layout.octets))})`;
}

function heldAliases(context: ViewContext, given: Bearing, member: Field | Instance): readonly AliasStep[] {
  if ('value' in member || member.repeat.kind !== 'once') return [];
  const layout = layoutOf(context.plan, given.type, member);
  const numbers = armNumbers(member.content);
  const several = plainContents(member.content).length > 1;
  return plainContents(member.content).flatMap((plain: Content) => {
    if (plain.kind !== 'struct' || !given.bearing.has(plain.type)) return [];
    const arm = several ? ` and ${layout.armSlot} == ${String(numbers.get(plain) ?? 0)}` : '';
    return [
      aliasStep('child', {
        condition: `${layout.valueSlot} ~= nil and ${layout.valueSlot}._end${arm}`,
        child: layout.valueSlot,
        name: context.plan.names.type(plain.type),
      }),
    ];
  });
}
