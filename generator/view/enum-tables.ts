import type { EnumType } from '../../spec/index.ts';
import { oneLine } from '../lua/lua-text.ts';
import type { Plan } from '../plan/plan.ts';

export interface EnumTables {
  readonly enums: readonly {
    readonly key: string;
    readonly values: readonly { readonly number: string; readonly label: string }[];
  }[];
  readonly named: readonly {
    readonly key: string;
    readonly values: readonly { readonly number: string; readonly name: string }[];
  }[];
}

/** Value strings of the enums that are shown or tested, and identifiers of those asked for by name. */
export function enumTables(plan: Plan, shown: ReadonlySet<number>, named: ReadonlySet<number>): EnumTables {
  const pick = (ids: ReadonlySet<number>): readonly EnumType[] =>
    plan.protocol.enums.filter((one) => ids.has(one.id));
  return {
    enums: pick(shown).map((one) => ({
      key: plan.names.enum(one.id),
      values: exactValues(one).map(({ value, label }) => ({
        number: value.toString(),
        label: oneLine(label, 100),
      })),
    })),
    named: pick(named).map((one) => ({
      key: plan.names.enum(one.id),
      values: exactValues(one).map(({ value, name }) => ({ number: value.toString(), name })),
    })),
  };
}

/** Value strings have numbers for keys: what a number does not hold exactly has no name there. */
function exactValues(one: EnumType): EnumType['values'] {
  return one.values.filter(({ value }) => Number.isSafeInteger(Number(value)));
}
