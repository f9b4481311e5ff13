import type { Expr, Reassembly } from '../../../spec/index.ts';
import { compileExpr } from '../../expression/compile.ts';
import { wholeObject } from '../../expression/context.ts';
import { at } from '../../invariant.ts';
import { PRECEDENCE, within } from '../../lua/lua-expr.ts';
import { luaKey, luaMember } from '../../lua/lua-text.ts';
import { bearsAliases } from '../alias/alias-view.ts';
import type { CheckContext } from '../check/type-check.ts';
import { located } from '../view-context.ts';

/** PDUs that make up messages. */
export interface MessagesView {
  readonly holder: 'direction' | 'record';
  /** Members of a table: what the first part gives to its message. */
  readonly seed: string;
  readonly part: string;
  readonly first: string;
  readonly last: string;
  readonly data: string;
  readonly append: { readonly maxOctets: string; readonly maxParts: string };
  readonly reading: {
    readonly members: string;
    readonly reader: string;
    readonly inflates: boolean;
    readonly limit: string;
    readonly unrecoverable: string;
  };
  readonly showing: {
    readonly reader: string;
    readonly field: string;
    readonly joined: string;
    readonly single: string;
    readonly aliased: boolean;
  };
}

/** Parts of one message beyond which the rest is not kept: each costs more than its octets. */
const MAX_PARTS = 100_000;

export function messagesView(context: CheckContext): MessagesView | null {
  const { plan, experts, helpers } = context;
  const { reassembly, processes } = plan.protocol;
  if (reassembly === null) return null;
  for (const helper of ['derived_tvb', 'fault', 'report', 'value_or_unknown'] as const) helpers.use(helper);
  const text = (expr: Expr): string => rootText(context, expr);
  const type = plan.type(reassembly.type);
  const { label } = at(plan.protocol.protocolFields, reassembly.field);
  const inflates = processes.length > 0;
  const limit = experts.own('limit');
  const reader = plan.names.type(reassembly.type);
  return {
    holder: reassembly.per === 'direction' ? 'direction' : 'record',
    seed: seedMembers(context, reassembly),
    part: text(reassembly.part),
    first: text(reassembly.first),
    last: text(reassembly.last),
    data: text(reassembly.data),
    append: { maxOctets: String(reassembly.maxOctets), maxParts: String(MAX_PARTS) },
    reading: {
      members: [
        '_io = io',
        '_start = 1',
        '_root = seed._root',
        ...type.params.map(({ id }) => `${luaKey(id)} = ${luaMember('seed', id)}`),
      ].join(', '),
      reader,
      inflates,
      limit,
      unrecoverable: experts.own('unrecoverable'),
    },
    showing: {
      reader,
      field: plan.names.field(reassembly.field),
      joined: `Reassembled ${label}`,
      single: label,
      aliased: bearsAliases(plan, reassembly.type),
    },
  };
}

function rootText(context: CheckContext, expr: Expr): string {
  const { plan } = context;
  const root = plan.type(plan.protocol.root);
  return located(context, root.span, 'nil', () => {
    const compiled = compileExpr(context, wholeObject('o', root.id), expr);
    return within(compiled, PRECEDENCE.or);
  });
}

/** The first part's params, and the values for those of the message. */
function seedMembers(context: CheckContext, { type, args }: Reassembly): string {
  const { plan } = context;
  const root = plan.type(plan.protocol.root);
  const copied = ['_own', '_shared', ...root.params.map(({ id }) => id)];
  const params = plan.type(type).params;
  return [
    `_root = { ${copied.map((id) => `${luaKey(id)} = ${luaMember('o', id)}`).join(', ')} }`,
    ...args.map((arg, index) => `${luaKey(at(params, index).id)} = ${rootText(context, arg)}`),
  ].join(', ');
}
