import type { Field, Instance, StructType } from '../../spec/index.ts';
import { compileExpr } from '../expression/compile.ts';
import { wholeObject } from '../expression/context.ts';
import { commentLines } from '../lua/lua-text.ts';
import { breakableTypes } from '../plan/breakable.ts';
import { NameSpace } from '../plan/names.ts';
import { aliasView } from './alias/alias-view.ts';
import type { AliasView } from './alias/alias-view.ts';
import type { CheckTypeView } from './check/type-check.ts';
import { checkTypeView } from './check/type-check.ts';
import type { CheckContext } from './check/type-check.ts';
import { Experts } from './check/experts.ts';
import type { ExpertView } from './check/experts.ts';
import { dissectorView } from './dissector-view.ts';
import type { DissectorView } from './dissector-view.ts';
import { enumTables } from './enum-tables.ts';
import type { EnumTables } from './enum-tables.ts';
import { fieldEntries } from './field-table.ts';
import type { FieldEntry } from './field-table.ts';
import { getViews } from './get/get-view.ts';
import type { GetView } from './get/get-view.ts';
import { preferenceViews } from './preferences.ts';
import type { PreferenceView } from './preferences.ts';
import { readTypeView } from './read/type-view.ts';
import type { ReadTypeView } from './read/type-view.ts';
import { registrationView } from './registration-view.ts';
import type { RegistrationView } from './registration-view.ts';
import { handoverViews } from './show/handover-view.ts';
import { showTypeView } from './show/type-show.ts';
import type { ShowTypeView } from './show/type-show.ts';
import { tapView } from './tap/tap-view.ts';
import type { TapView } from './tap/tap-view.ts';
import { located } from './view-context.ts';
import type { ViewContext } from './view-context.ts';

/** Everything between the header and the end of a plugin: text and booleans, nothing left to decide. */
export interface BodyView {
  readonly filter: string;
  readonly name: string;
  readonly plugin: { readonly version: string; readonly description: string };
  readonly enumTables: EnumTables;
  readonly fieldTable: { readonly fields: readonly FieldEntry[] };
  readonly expertTable: { readonly experts: readonly ExpertView[] };
  readonly preferenceTable: { readonly preferences: readonly PreferenceView[] };
  readonly helpers: readonly { readonly text: string }[];
  readonly readers: readonly ReadTypeView[];
  readonly getters: readonly GetView[];
  readonly checkers: readonly CheckTypeView[];
  readonly handovers: ReturnType<typeof handoverViews>;
  readonly showers: readonly ShowTypeView[];
  readonly aliases: AliasView | null;
  readonly info: InfoView | null;
  readonly dissector: DissectorView;
  readonly tap: TapView;
  readonly registration: RegistrationView;
}

export interface BodyOptions {
  readonly version: string;
  readonly helperText: (name: string) => string;
}

export function bodyView(context: ViewContext, options: BodyOptions): BodyView {
  const { plan, helpers } = context;
  const { protocol } = plan;
  const experts = new Experts(protocol);
  const check: CheckContext = {
    ...context,
    experts,
    breakable: breakableTypes(plan),
    expectations: new NameSpace(),
  };
  const readers = plan.types.map((type) => readTypeView(context, type, typeDoc(type)));
  const getters = plan.types.flatMap((type) => getViews(context, type, memberDoc));
  const checkers = plan.types
    .filter((type) => check.breakable.has(type.id))
    .map((type) => checkTypeView(check, type));
  const showers = plan.types.map((type) => showTypeView(context, type, reports(check, type)));
  const handovers = handoverViews(context);
  const aliases = aliasView(context);
  const info = infoView(context);
  const dissector = dissectorView(check, info !== null);
  helpers.use('fault');
  helpers.use('report');
  const tap = tapView(context, {
    experts: experts.all(),
    upgrade: dissector.upgrade !== null,
    directed: dissector.direction !== null,
    streams: dissector.stream !== null,
    hasInfo: info !== null,
  });
  return {
    filter: protocol.filter,
    name: protocol.name,
    plugin: {
      version: `${options.version}+${protocol.hash.slice(0, 12)}`,
      description: `${protocol.title === '' ? protocol.name : protocol.title} (spec ${protocol.hash})`,
    },
    enumTables: enumTables(plan, shownEnums(plan.protocol), context.namedEnums),
    fieldTable: { fields: fieldEntries(plan) },
    expertTable: { experts: experts.all() },
    preferenceTable: { preferences: preferenceViews(context) },
    helpers: helpers.inOrder().map((name) => ({ text: options.helperText(`runtime/${name}`).trimEnd() })),
    readers,
    getters,
    checkers,
    handovers,
    showers,
    aliases,
    info,
    dissector,
    tap,
    registration: registrationView(protocol),
  };
}

function typeDoc(type: StructType): readonly string[] {
  return commentLines(type.doc);
}

function memberDoc(member: Field | Instance): readonly string[] {
  return commentLines(member.doc);
}

/** Objects of types that can be wrong, and the PDU itself, show what is wrong with them. */
function reports(check: CheckContext, type: StructType): boolean {
  return type.id === check.plan.protocol.root || check.breakable.has(type.id);
}

function shownEnums(protocol: BodyProtocol): ReadonlySet<number> {
  const shown = protocol.protocolFields.flatMap((field) => (field.enum === null ? [] : [field.enum]));
  const tested = protocol.types.flatMap((type) =>
    [...type.fields, ...type.instances].flatMap((member) =>
      member.valid?.rule.kind === 'in-enum' ? [member.valid.rule.enum] : [],
    ),
  );
  return new Set([...shown, ...tested]);
}
type BodyProtocol = ViewContext['plan']['protocol'];

interface InfoView {
  readonly expression: string;
  /** The expression may not have a value: then the protocol's name stands for it. */
  readonly tried: boolean;
  readonly fallback: string;
}

function infoView(context: ViewContext): InfoView | null {
  const { protocol } = context.plan;
  const info = protocol.info;
  if (info === null) return null;
  const root = context.plan.type(protocol.root);
  return located(context, root.span, null, () => {
    const expr = compileExpr(context, wholeObject('o', protocol.root), info);
    if (expr.fallible) context.helpers.use('attempt');
    return { expression: expr.text, tried: expr.fallible, fallback: protocol.name };
  });
}
