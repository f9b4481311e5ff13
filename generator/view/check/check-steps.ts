import { variantMaker } from '../variants.ts';
import type { Variants } from '../variants.ts';

/** The Lua constructs that judging an object is made of, one partial each in `partials/check/`. */
export interface CheckKinds {
  readonly rule: RuleView;
  readonly tried: TriedView;
  readonly child: { readonly checker: string; readonly child: string };
  readonly when: { readonly condition: string; readonly steps: readonly CheckStep[] };
  readonly each: { readonly list: string; readonly steps: readonly CheckStep[] };
  readonly choice: CheckChoiceView;
  /** Octets that another dissector may take. */
  readonly offer: { readonly present: string; readonly name: string };
  readonly settle: { readonly getter: string; readonly malformed: string };
}
export type CheckStep = Variants<CheckKinds>;

export interface RuleView {
  /** Lua that is true when the rule is broken. */
  readonly broken: string;
  readonly expert: string;
  /** A text beside the expert's own; null: none. */
  readonly text: string | null;
}

/** A rule whose expression may not have a value: then it is not applied. */
export interface TriedView {
  /** Its function in the table `expect`. */
  readonly name: string;
  readonly arguments: string;
  readonly expert: string;
  readonly text: string | null;
}

export interface CheckChoiceView {
  /** What the conditions call `on`; null: they name it themselves. */
  readonly on: string | null;
  readonly branches: readonly {
    readonly word: string;
    readonly condition: string;
    readonly steps: readonly CheckStep[];
  }[];
}

export const checkStep = variantMaker<CheckKinds>([
  'rule',
  'tried',
  'child',
  'when',
  'each',
  'choice',
  'offer',
  'settle',
]);
