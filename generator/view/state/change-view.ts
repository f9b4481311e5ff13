import type { StateChange } from '../../../spec/index.ts';
import { compileExpr } from '../../expression/compile.ts';
import { wholeObject } from '../../expression/context.ts';
import { luaKey, luaMember } from '../../lua/lua-text.ts';
import { Unsupported } from '../../unsupported.ts';
import { located } from '../view-context.ts';
import type { ViewContext } from '../view-context.ts';

/** What a complete PDU changes (`set`). */
export interface ChangesView {
  readonly changes: readonly { readonly name: string; readonly value: string }[];
  /** All of them in one go. */
  readonly calls: string;
  readonly names: string;
  readonly levels: readonly {
    readonly level: 'own' | 'shared';
    readonly differs: string;
    readonly members: string;
  }[];
}

export function changesView(context: ViewContext): ChangesView | null {
  const { protocol } = context.plan;
  for (const type of context.plan.types) {
    if (type.id !== protocol.root && type.sets.length > 0)
      located(context, type.span, null, () => {
        throw new Unsupported('"set" in a type inside the PDU');
      });
  }
  const root = context.plan.type(protocol.root);
  if (root.sets.length === 0) return null;
  // Of several changes of one variable the last one stands.
  const sets = [...new Map(root.sets.map((set) => [set.variable, set])).values()];
  const changes = sets.map((set) => changeOf(context, set));
  return {
    changes,
    calls: changes.map(({ name }) => `change.${name}(o)`).join(', '),
    names: changes.map(({ name }) => `new_${name}`).join(', '),
    levels: (['own', 'shared'] as const).flatMap((level) => levelView(context, sets, level)),
  };
}

function changeOf(context: ViewContext, set: StateChange): ChangesView['changes'][number] {
  const { protocol } = context.plan;
  const root = context.plan.type(protocol.root);
  const value = located(
    context,
    root.span,
    'nil',
    () => compileExpr(context, wholeObject('o', root.id), set.value).text,
  );
  context.helpers.use('value_or_unknown');
  return { name: set.variable, value };
}

function levelView(
  context: ViewContext,
  sets: readonly StateChange[],
  level: 'own' | 'shared',
): ChangesView['levels'] {
  const per = level === 'own' ? 'direction' : 'conversation';
  const variables = context.plan.protocol.session.filter((variable) => variable.per === per);
  const changed = new Set(sets.map((set) => set.variable));
  const differs = variables
    .filter(({ id }) => changed.has(id))
    .map(({ id }) => `${luaMember(level, id)} ~= new_${id}`);
  if (differs.length === 0) return [];
  const members = variables.map(
    ({ id }) => `${luaKey(id)} = ${changed.has(id) ? `new_${id}` : luaMember(level, id)}`,
  );
  return [{ level, differs: differs.join(' or '), members: members.join(', ') }];
}
