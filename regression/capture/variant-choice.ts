import type { Protocol } from '../../spec/index.ts';
import type { Vector } from '../suite/suite.ts';
import { type Carrier, isStream } from './carrier.ts';
import { heldBack, runsOf } from './sendings.ts';
import { type VariantName, VARIANTS } from './variants.ts';
import type { VectorPlan } from './vector-plan.ts';

/**
 * `all`: every vector in every way that can show something; `default`: see `VariantChoice`; `plain`: as whole as it
 * goes, and octet by octet: for many vectors whose octets matter more than their way.
 */
export type VariantSet = 'all' | 'default' | 'plain';

export interface Carriage {
  readonly vector: Vector;
  readonly plan: VectorPlan;
  readonly carrier: Carrier;
  readonly protocol: Protocol;
}

const ONLY_DATAGRAMS: readonly VariantName[] = ['datagrams', 'fragmented'];
const ON_STREAMS = VARIANTS.filter((variant) => !ONLY_DATAGRAMS.includes(variant));
/** Of the ways that streams go, those that change only what lies below. */
const BELOW: readonly VariantName[] = ['ipv6', 'vlan', 'sll2', 'null', 'snaplen'];
const ON_DATAGRAMS = VARIANTS.filter(
  (variant) => ONLY_DATAGRAMS.includes(variant) || BELOW.includes(variant),
);

/** Longer vectors teach nothing in the other ways that shorter ones do not, and take long. */
const LONGEST_IN_ALL = 4096;
const OF_LONG_VECTORS: readonly VariantName[] = ['whole', 'octets', 'reordered', 'datagrams'];

/** Ways in which every vector goes: what breaks, breaks there first. */
const ALWAYS: readonly VariantName[] = ['whole', 'octets', 'coalesced', 'datagrams'];

/**
 * Chooses the ways in which the vectors of a suite are carried, in the order of the file.
 *
 * A variant that would be the very same as another is left out, and long vectors go in few ways. By default the first
 * vector of each *shape* (carrier, turns of the sides, members and problems of its PDUs) goes in every way that is
 * left; a later one of the same shape `whole`, in `octets` and `coalesced`, in the ways in which the tests file says
 * that it differs, and in one of the others by turns. So every shape meets every variant, and every vector the
 * variants in which most faults show.
 */
export class VariantChoice {
  readonly #set: VariantSet;
  /** Vectors of a shape so far. */
  readonly #seen = new Map<string, number>();

  constructor(set: VariantSet) {
    this.#set = set;
  }

  for(carriage: Carriage): readonly VariantName[] {
    const possible = possibleVariants(carriage);
    if (this.#set === 'all') return possible;
    if (this.#set === 'plain') return possible.filter((variant) => ALWAYS.includes(variant));
    const shape = shapeOf(carriage);
    const before = this.#seen.get(shape) ?? 0;
    this.#seen.set(shape, before + 1);
    if (before === 0) return possible;
    const { differs } = carriage.vector;
    const others = possible.filter((variant) => !ALWAYS.includes(variant) && !differs.has(variant));
    const turn = others[(before - 1) % others.length];
    return possible.filter((variant) => ALWAYS.includes(variant) || differs.has(variant) || variant === turn);
  }
}

function shapeOf({ vector, plan, carrier }: Carriage): string {
  const turns = runsOf(vector.parts).map(({ side }) => side);
  const state = vector.handshake === null && vector.params.size === 0 ? '' : 'given';
  const shapes = plan.pdus.map(({ shape }) => shape);
  return JSON.stringify([carrier.kind, state, vector.end.kind, turns, [...new Set(shapes)]]);
}

function possibleVariants(carriage: Carriage): readonly VariantName[] {
  const { vector, carrier } = carriage;
  const length = vector.parts.reduce((sum, { octets }) => sum + octets.length, 0);
  const all = isStream(carrier) ? ON_STREAMS : ON_DATAGRAMS;
  return all.filter(
    (variant) =>
      (length <= LONGEST_IN_ALL || OF_LONG_VECTORS.includes(variant)) && showsSomething(variant, carriage),
  );
}

function showsSomething(variant: VariantName, { vector, plan, carrier, protocol }: Carriage): boolean {
  switch (variant) {
    case 'coalesced':
      return carrier.kind === 'http-upgrade'
        ? runsOf(vector.parts).length < vector.parts.length || vector.parts[0]?.side === 's2c'
        : runsOf(vector.parts).length < vector.parts.length;
    case 'reordered':
      return heldBack(vector.parts, plan).some(({ late }) => late);
    case 'mid-stream':
      // Without a way to find PDUs nobody looks for them where no port tells whose they are.
      return carrier.kind === 'tcp' || protocol.recovery !== null;
    case 'split':
      return plan.pdus.length > 0;
    case 'whole':
    case 'octets':
    case 'datagrams':
    case 'retransmitted':
    case 'ipv6':
    case 'vlan':
    case 'sll2':
    case 'null':
    case 'fragmented':
    case 'snaplen':
      return true;
  }
}
