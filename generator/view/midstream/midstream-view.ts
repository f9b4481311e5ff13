import type { Param, Recovery, StructType } from '../../../spec/index.ts';
import { compileExpr } from '../../expression/compile.ts';
import { wholeObject } from '../../expression/context.ts';
import { binary, PRECEDENCE, primary } from '../../lua/lua-expr.ts';
import { luaKey } from '../../lua/lua-text.ts';
import { located } from '../view-context.ts';
import type { ViewContext } from '../view-context.ts';

/** How PDUs are found where nothing tells where one begins, and connections that nobody gave to the plugin. */
export interface MidstreamView {
  /** Whether a PDU can be believed. */
  readonly accept: string;
  /** Whether the client sent it, by its own octets; null: they do not tell. */
  readonly fromClient: string | null;
  /** What it carries; null: the spec does not say. */
  readonly content: string | null;
  readonly root: string;
  readonly usesRoot: boolean;
  /** Members an object of the root type is born with while nothing is known of its conversation. */
  readonly members: string;
  /** Key in `pinfo.private`. */
  readonly mark: string;
  /** Filters of the fields. */
  readonly recovered: string;
  readonly skipped: string;
  readonly upgrade: boolean;
}

export function midstreamView(context: ViewContext, recovery: Recovery, upgrade: boolean): MidstreamView {
  const { protocol, names } = context.plan;
  const root = context.plan.type(protocol.root);
  const taken = new Set(protocol.protocolFields.map((field) => field.filter));
  const filterOf = (name: string): string => {
    let filter = `${protocol.filter}.${name}`;
    while (taken.has(filter)) filter += '_';
    return filter;
  };
  const textOf = (expr: Recovery['accept']): string | null =>
    expr === null ? null : compileExpr(context, wholeObject('o', root.id), expr).text;
  return {
    accept: located(context, root.span, 'false', () => acceptText(context, root, recovery)),
    fromClient: located(context, root.span, null, () => textOf(recovery.fromClient)),
    content: located(context, root.span, null, () => contentView(context, root)),
    root: names.type(root.id),
    usesRoot: context.plan.usesRoot(root.id),
    members: [
      '_io = io',
      '_start = at',
      ...root.params.flatMap((param) => unknownParam(context, param)),
    ].join(', '),
    mark: `${protocol.filter}_skipped`,
    recovered: filterOf('recovered'),
    skipped: filterOf('skipped'),
    upgrade,
  };
}

/** The spec's own condition, and those rules of severity error that nothing but the PDU decides. */
function acceptText(context: ViewContext, root: StructType, recovery: Recovery): string {
  const rules = root.checks.filter(
    ({ scope, severity, reads }) => scope === 'frame' && severity === 'error' && reads.length === 0,
  );
  const conditions = [
    ...(recovery.accept === null ? [] : [recovery.accept]),
    ...rules.map(({ expect }) => expect),
  ];
  return conditions
    .map((expr) => compileExpr(context, wholeObject('o', root.id), expr))
    .reduce((all, one) => binary('and', PRECEDENCE.and, all, one), primary('true')).text;
}

function contentView(context: ViewContext, root: StructType): MidstreamView['content'] {
  const { reassembly } = context.plan.protocol;
  if (reassembly === null) return null;
  context.helpers.use('is_utf8');
  const scope = wholeObject('o', root.id);
  const both = [reassembly.part, reassembly.data].map((expr) => compileExpr(context, scope, expr));
  return both.reduce((part, data) => binary('and', PRECEDENCE.and, part, data)).text;
}

function unknownParam(context: ViewContext, param: Param): readonly string[] {
  switch (param.source.kind) {
    case 'preference':
      return [`${luaKey(param.id)} = proto.prefs.${param.source.name}`];
    case 'session': {
      const { variable } = param.source;
      const unseen = context.plan.protocol.session.find(({ id }) => id === variable)?.unseen ?? null;
      if (unseen === null) return [];
      return [
        `${luaKey(param.id)} = ${compileExpr(context, wholeObject('o', context.plan.protocol.root), unseen).text}`,
      ];
    }
    case 'argument':
    case 'direction':
    case 'server-port':
      return [];
  }
}
