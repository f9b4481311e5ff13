import { compileExpr } from '../../expression/compile.ts';
import { wholeObject } from '../../expression/context.ts';
import { luaString } from '../../lua/lua-text.ts';
import type { Plan } from '../../plan/plan.ts';
import { located } from '../view-context.ts';
import type { ViewContext } from '../view-context.ts';

/** Tables that tell what octets are, not whose: their dissectors keep no state, and need only be asked to show them. */
const CONTENT_TABLES: ReadonlySet<string> = new Set(['media_type', 'media_type.suffix']);

/** Whom the octets of a field are offered, in this order. */
export interface HandoverView {
  /** Key in the table `offers`. */
  readonly name: string;
  readonly tables: readonly { readonly table: string; readonly key: string; readonly content: boolean }[];
  /** Items of a list. */
  readonly heuristics: string;
  readonly dissector: string | null;
}

export function handsOver(plan: Plan): boolean {
  return plan.types.some(({ fields }) => fields.some(({ handover }) => handover !== null));
}

export function handoverName(context: ViewContext, owner: number, field: string): string {
  return `${context.plan.names.type(owner)}_${field}`;
}

/** Of fields and of what is read at a position; null: the spec hands over nothing. */
export function handoverViews(context: ViewContext): { readonly handovers: readonly HandoverView[] } | null {
  const handovers = context.plan.types.flatMap((type) =>
    type.fields.flatMap(({ id, span, handover }) =>
      handover === null
        ? []
        : [
            {
              name: handoverName(context, type.id, id),
              tables: handover.tables.map(({ table, key }) => ({
                table,
                content: CONTENT_TABLES.has(table),
                key: located(
                  context,
                  span,
                  'nil',
                  () => compileExpr(context, wholeObject('o', type.id), key).text,
                ),
              })),
              heuristics: handover.heuristics.map((list) => luaString(list)).join(', '),
              dissector: handover.dissector,
            },
          ],
    ),
  );
  if (handovers.length === 0) return null;
  context.helpers.use('hand_over');
  return { handovers };
}
