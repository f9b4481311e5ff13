import { variantMaker } from '../variants.ts';
import type { Variants } from '../variants.ts';

/** The Lua constructs that put an object into the protocol tree, one partial each in `partials/show/`. */
export interface ShowKinds {
  readonly items: ItemsView;
  readonly derived: DerivedView;
  readonly child: ChildShowView;
  readonly variants: VariantsShowView;
  readonly choice: ShowChoiceView;
  readonly when: { readonly condition: string; readonly steps: readonly ShowStep[] };
  readonly each: EachView;
  readonly value: ValueShowView;
  readonly tried: TriedShowView;
  /** Octets that are offered to other dissectors. */
  readonly handover: { readonly offer: string; readonly range: string };
  readonly settled: { readonly getter: string; readonly steps: readonly ShowStep[] };
}
export type ShowStep = Variants<ShowKinds>;

export interface ItemsView {
  readonly only: ItemView | null;
  /** Items over the same octets share a range. */
  readonly several: { readonly range: string; readonly items: readonly ItemView[] } | null;
}
/** `tree:add(fields.x, range)`, or a call that says how the octets are to be understood. */
export interface ItemView {
  readonly method: string;
  readonly field: string;
  readonly range: string;
  readonly after: string;
}

/** Octets that a process made: an item in a data source of its own. */
export interface DerivedView {
  readonly data: string;
  readonly source: string;
  readonly item: ItemView;
}

export interface ChildShowView {
  readonly field: string;
  readonly child: string;
  readonly range: string;
  /** How the child's own tvb is made; null: it is read from the same stream. */
  readonly tvb: ChildTvbView | null;
  readonly shower: string;
}
export interface ChildTvbView {
  /** Name of the data source; null: a part of the holder's. */
  readonly derived: string | null;
}

/** An object of one of several types, shown under one item. */
export interface VariantsShowView {
  readonly field: string;
  readonly child: string;
  readonly range: string;
  readonly tvb: ChildTvbView | null;
  readonly arm: string;
  readonly branches: readonly { readonly word: string; readonly test: string; readonly shower: string }[];
}

export interface ShowChoiceView {
  /** Lua for the number of the arm taken. */
  readonly arm: string;
  readonly branches: readonly {
    readonly word: string;
    readonly number: string;
    readonly steps: readonly ShowStep[];
  }[];
}

export interface EachView {
  readonly list: string;
  readonly steps: readonly ShowStep[];
}

export interface ValueShowView {
  readonly field: string;
  readonly value: string;
}

/** A value that may be absent or may not be had. */
export interface TriedShowView {
  readonly getter: string;
  readonly field: string;
  readonly value: string;
}

export const showStep = variantMaker<ShowKinds>([
  'items',
  'derived',
  'child',
  'variants',
  'choice',
  'when',
  'each',
  'value',
  'tried',
  'handover',
  'settled',
]);
