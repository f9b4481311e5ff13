import type { ValueInstance } from '../../spec/index.ts';
import type { HelperSet } from '../helpers.ts';
import type { Plan } from '../plan/plan.ts';
import { compileExpr } from './compile.ts';
import { readingScope } from './context.ts';
import type { CompileContext, Scope } from './context.ts';

export function makeContext(plan: Plan, helpers: HelperSet): CompileContext {
  const decided = new Map<ValueInstance, boolean>();
  const context: CompileContext = {
    plan,
    helpers,
    namedEnums: new Set(),
    valueIsFallible: (owner, instance) => {
      const known = decided.get(instance);
      if (known !== undefined) return known;
      // An instance that asks for itself never gets a value: it counts as fallible while it is being decided.
      decided.set(instance, true);
      const fallible = compileExpr(context, instanceScope(plan, owner, instance), instance.value).fallible;
      decided.set(instance, fallible);
      return fallible;
    },
  };
  return context;
}

/** An instance may be asked for while its object is half read: then fewer fields are certain to be there. */
export function instanceScope(plan: Plan, owner: number, instance: ValueInstance): Scope {
  return readingScope(owner, plan.fieldsBefore(owner, instance), null);
}
