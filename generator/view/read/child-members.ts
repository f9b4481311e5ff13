import type { Content } from '../../../spec/index.ts';
import { compileExpr } from '../../expression/compile.ts';
import type { Scope } from '../../expression/context.ts';
import { at } from '../../invariant.ts';
import { prefix } from '../../lua/lua-expr.ts';
import { luaKey } from '../../lua/lua-text.ts';
import type { ViewContext } from '../view-context.ts';

/**
 * What an object knows when it is born: its stream and place, its params, and its parent and root where its
 * type's expressions look at them.
 */
export function childMembers(
  context: ViewContext,
  scope: Scope,
  content: Content & { readonly kind: 'struct' },
  stream: { readonly io: string; readonly start: string },
): string {
  const { plan } = context;
  const type = plan.type(content.type);
  const members = [`_io = ${stream.io}`, `_start = ${stream.start}`];
  const holder = scope.self;
  if (plan.usesParent(type.id)) {
    const parent =
      content.parent.kind === 'other' ? compileExpr(context, scope, content.parent.object).text : holder;
    if (content.parent.kind !== 'none') members.push(`_parent = ${parent}`);
  }
  if (plan.usesRoot(type.id)) members.push(`_root = ${holder}._root`);
  if (type.endian.kind === 'inherited')
    members.push(`_le = ${prefix({ text: holder, precedence: 10, fallible: false })}._le`);
  if (plan.isRecursive(type.id)) {
    members.push(`_depth = ${context.helpers.use('deeper')}(${holder})`);
  }
  content.args.forEach((arg, index) => {
    members.push(`${luaKey(at(type.params, index).id)} = ${compileExpr(context, scope, arg).text}`);
  });
  return members.join(', ');
}
