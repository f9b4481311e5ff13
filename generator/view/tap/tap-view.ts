import type { EnumType, Field, Protocol, StructType } from '../../../spec/index.ts';
import { compileExpr } from '../../expression/compile.ts';
import { wholeObject } from '../../expression/context.ts';
import { luaMember } from '../../lua/lua-text.ts';
import { typeExpressions, visitExpr } from '../../plan/walk.ts';
import type { ExpertView } from '../check/experts.ts';
import { located } from '../view-context.ts';
import type { ViewContext } from '../view-context.ts';

/** `tshark -q -z <filter>,verdict` and the entry in the menu Tools: tables of connections, judged at their end. */
export interface TapView {
  readonly name: string;
  /** After `-z`. */
  readonly command: string;
  readonly menu: string;
  /** Tap of Wireshark that is listened to. */
  readonly source: 'tcp' | 'udp';
  readonly streams: boolean;
  readonly upgrade: boolean;
  readonly directed: boolean;
  readonly experts: readonly TapExpert[];
  readonly rules: readonly { readonly rule: string; readonly id: string; readonly severity: string }[];
  readonly kind: KindView | null;
  readonly control: ControlView | null;
}

interface TapExpert {
  readonly key: string;
  readonly id: string;
  readonly severity: string;
}

/** What PDUs are counted by. */
interface KindView {
  readonly value: string;
  readonly names: string;
  readonly label: string;
}

/** Kinds that heartbeats and the end of a conversation are made of, where the spec has rules about them. */
interface ControlView {
  /** Octets that a ping and its pong have in common. */
  readonly body: string;
  readonly ping: string | null;
  readonly pong: string | null;
  readonly close: string | null;
  readonly closeText: string;
  readonly open: { readonly part: string; readonly last: string } | null;
}

export interface TapOptions {
  readonly experts: readonly ExpertView[];
  readonly upgrade: boolean;
  readonly directed: boolean;
  readonly streams: boolean;
  readonly hasInfo: boolean;
}

const SEVERITIES: Readonly<Record<string, string>> = { ERROR: 'error', WARN: 'warning', NOTE: 'info' };

/** How the text of an expert begins that stands for a rule. */
const RULE_ID = /^([A-Z][A-Z0-9-]*): /u;

export function tapView(context: ViewContext, options: TapOptions): TapView {
  const { protocol } = context.plan;
  const kind = kindField(context);
  return {
    name: protocol.name,
    command: `${protocol.filter},verdict`,
    menu: `WireTwin/${protocol.name}: verdict`,
    source: options.streams ? 'tcp' : 'udp',
    streams: options.streams,
    upgrade: options.upgrade,
    directed: options.directed,
    experts: options.experts.map(({ key, text, severity }) => ({
      key,
      id: RULE_ID.exec(text)?.[1] ?? key.toUpperCase(),
      severity: SEVERITIES[severity] ?? severity,
    })),
    rules: protocol.rules
      .filter(({ scope }) => scope === 'connection')
      .map(({ rule, id, severity }) => ({ rule, id, severity })),
    kind: kind === null ? null : kindView(context, kind),
    control:
      kind === null
        ? null
        : located(context, kind.field.span, null, () => controlView(context, kind.enumType, options.hasInfo)),
  };
}

interface KindField {
  readonly field: Field;
  readonly enumType: EnumType;
}

/** The first field of the root with named values that other parts of the spec ask for. */
function kindField({ plan }: ViewContext): KindField | null {
  const root = plan.type(plan.protocol.root);
  const asked = membersAskedFor(root);
  for (const field of root.fields) {
    const { content } = field;
    const isNumber = content.kind === 'integer' || content.kind === 'bits';
    if (!isNumber || content.enum === null || field.repeat.kind !== 'once' || !asked.has(field.id)) continue;
    const enumType = plan.protocol.enums[content.enum];
    if (enumType !== undefined) return { field, enumType };
  }
  return null;
}

function membersAskedFor(root: StructType): ReadonlySet<string> {
  const asked = new Set<string>();
  for (const expr of typeExpressions(root)) {
    visitExpr(expr, (part) => {
      if (part.kind === 'member' && part.owner === root.id) asked.add(part.member.id);
    });
  }
  return asked;
}

function kindView({ plan }: ViewContext, { field, enumType }: KindField): KindView {
  return {
    value: luaMember('o', field.id),
    names: plan.names.enum(enumType.id),
    label: plan.protocol.protocolFields.find(({ enum: id }) => id === enumType.id)?.label ?? field.id,
  };
}

function controlView(context: ViewContext, enumType: EnumType, hasInfo: boolean): ControlView | null {
  const { protocol } = context.plan;
  const { reassembly } = protocol;
  const scope = wholeObject('o', protocol.root);
  const valueOf = (name: string): string | null =>
    enumType.values.find((value) => value.name === name)?.value.toString() ?? null;
  const ping = valueOf('ping');
  const pong = valueOf('pong');
  const beats = reassembly !== null && ping !== null && pong !== null && hasRule(protocol, 'pong-');
  const close = hasRule(protocol, 'close-echo') ? valueOf('close') : null;
  const fragments = reassembly !== null && hasRule(protocol, 'frag-open');
  if (!beats && close === null && !fragments) return null;
  const textOf = (expr: NonNullable<typeof reassembly>['data']): string =>
    compileExpr(context, scope, expr).text;
  return {
    body: beats ? textOf(reassembly.data) : 'nil',
    ping: beats ? ping : null,
    pong: beats ? pong : null,
    close,
    closeText: hasInfo ? 'info(o)' : '"closed"',
    open: fragments ? { part: textOf(reassembly.part), last: textOf(reassembly.last) } : null,
  };
}

function hasRule({ rules }: Protocol, prefix: string): boolean {
  return rules.some(({ scope, rule }) => scope === 'connection' && rule.startsWith(prefix));
}
