import { variantMaker } from '../variants.ts';
import type { Variants } from '../variants.ts';

/** The Lua constructs that reading an object is made of, one partial each in `templates/partials/read/`. */
export interface ReadKinds {
  readonly run: RunView;
  readonly number: NumberView;
  readonly octets: OctetsView;
  readonly child: ChildView;
  readonly substream: SubstreamView;
  readonly deferred: DeferredView;
  readonly choice: ChoiceView;
  readonly when: WhenView;
  readonly times: LoopView;
  readonly toEnd: LoopView;
  readonly until: UntilView;
}
export type ReadStep = Variants<ReadKinds>;

/** Numbers of fixed size side by side: their octets are fetched with one call. */
export interface RunView {
  /** Names of the octets, e.g. `b1, b2`. */
  readonly octets: string;
  readonly last: string;
  readonly length: string;
  readonly reads: readonly {
    /** Octet that must be there for this number and was not asked for before; null: known to be there. */
    readonly needs: string | null;
    readonly length: string;
    readonly target: string;
    readonly value: string;
  }[];
}

export interface NumberView {
  readonly start: string | null;
  readonly target: string;
  readonly value: string;
  readonly octets: string;
}

/** Bytes or text: located, and kept only when somebody reads them. */
export interface OctetsView {
  readonly start: string | null;
  readonly end: string | null;
  /** What moves the position and tells where the value ends, e.g. `skip(io, at, n)`. */
  readonly bounds: string;
  /** Two results: the value's end, and where the reading goes on. Else they are the same. */
  readonly twoEnds: boolean;
  readonly target: string | null;
  readonly value: string | null;
}

/** The arm of a switch that was taken. */
export interface ArmView {
  readonly slot: string;
  readonly number: string;
}

export interface ChildView {
  readonly start: string | null;
  readonly target: string;
  /** Members the child is born with, as in a table constructor. */
  readonly members: string;
  readonly reader: string;
}

export interface SubstreamView extends ChildView {
  readonly end: string | null;
  readonly next: string;
  readonly data: string;
}

export interface DeferredView {
  readonly start: string | null;
  readonly end: string | null;
  readonly next: string;
}

export interface ChoiceView {
  readonly on: string;
  readonly branches: readonly {
    readonly word: string;
    readonly condition: string;
    readonly arm: ArmView | null;
    readonly steps: readonly ReadStep[];
  }[];
  readonly otherwise: { readonly arm: ArmView | null; readonly steps: readonly ReadStep[] } | null;
}

export interface WhenView {
  readonly condition: string;
  readonly steps: readonly ReadStep[];
}

export interface LoopView {
  /** Tables that the loop fills, created before it. */
  readonly lists: readonly string[];
  readonly counter: string;
  readonly count: string;
  readonly steps: readonly ReadStep[];
}
export interface UntilView extends LoopView {
  readonly condition: string;
}

export const readStep = variantMaker<ReadKinds>([
  'run',
  'number',
  'octets',
  'child',
  'substream',
  'deferred',
  'choice',
  'when',
  'times',
  'toEnd',
  'until',
]);
