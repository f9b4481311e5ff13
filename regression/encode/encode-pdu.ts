import type { Side } from '../../analyzer/index.ts';
import type { Protocol } from '../../spec/index.ts';
import type { Demand } from './demand.ts';
import { EncodeError, NotKnown, NotThere } from './encode-error.ts';
import { ObjectWriter } from './encode-object.ts';
import type { GivenMap } from './given.ts';
import { type Image, OctetWriter } from './octet-writer.ts';
import type { Patch } from './patch.ts';
import { type Knowledge } from './built.ts';
import { Plan } from './plan.ts';
import { writePositioned } from './positioned.ts';
import { type ParamsGiven, rootOf } from './root.ts';
import { type Changes, MAX_TRIES_OF_PDU, solve } from './solve.ts';

/** Each pass settles a size or a value; a PDU that needs more depends on itself. */
const MAX_PASSES = 64;
const NO_PARAMS: ParamsGiven = new Map();

/**
 * The octets of one PDU with the values given; what they leave out is derived. `params`: those of the root type that
 * were given by hand, the others are what a conversation begins with. Throws EncodeError.
 */
export function encodePdu(
  protocol: Protocol,
  given: GivenMap,
  side: Side,
  params: ParamsGiven = NO_PARAMS,
): Uint8Array {
  return encodeImage(protocol, given, side, params).octets;
}

/** The same, and which bits of the octets the values decide. */
export function encodeImage(
  protocol: Protocol,
  given: GivenMap,
  side: Side,
  params: ParamsGiven = NO_PARAMS,
): Image {
  let knowledge: Knowledge = {
    protocol,
    assigned: new Map(),
    sizes: new Map(),
    images: new Map(),
    patches: [],
    budget: { left: MAX_TRIES_OF_PDU },
  };
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const plan = new Plan(knowledge);
    const { image, writer, patches, lost } = onePass(plan, given, { side, params });
    const isStill = isSame(knowledge, writer, patches);
    const demands = open(writer.demands, plan, isStill);
    const { assigned } = knowledge;
    knowledge = { ...knowledge, sizes: writer.sizes, images: writer.images, patches };
    const [first] = demands;
    if (first === undefined) {
      if (!isStill) continue;
      const wrong = lost[0] ?? writer.conflicts[0];
      if (wrong !== undefined) throw wrong;
      return image;
    }
    const found = solved(demands, plan, assigned);
    if (found === undefined && isStill) throw new EncodeError(first.steps, first.message);
    if (found !== undefined) knowledge = { ...knowledge, assigned: found };
  }
  throw new EncodeError([], `is not settled after ${MAX_PASSES} rounds`);
}

/** Demands that are not met. Where something is filled up, a size that is larger does as well. */
function open(demands: readonly Demand[], plan: Plan, isStill: boolean): readonly Demand[] {
  return demands.filter(({ fills, scope, wanted, expr }) => {
    if (!fills || typeof wanted !== 'bigint' || !isStill) return true;
    return plan.evaluator.int(expr, scope) < wanted;
  });
}

/** Values that meet the demands, one after another; undefined: nothing is found that was not there before. */
function solved(
  demands: readonly Demand[],
  plan: Plan,
  before: ReadonlyMap<string, bigint>,
): ReadonlyMap<string, bigint> | undefined {
  const all = new Map(before);
  let isChanged = false;
  for (const demand of demands) {
    const { dropped, chosen } = solve(demand, plan, all) ?? NO_CHANGES;
    for (const key of dropped) all.delete(key);
    for (const [key, value] of chosen) all.set(key, value);
    isChanged ||= dropped.size > 0 || chosen.size > 0;
  }
  return isChanged ? all : undefined;
}

const NO_CHANGES: Changes = { dropped: new Set(), chosen: new Map() };

interface Pass {
  readonly image: Image;
  readonly writer: ObjectWriter;
  readonly patches: readonly Patch[];
  readonly lost: readonly EncodeError[];
}

function onePass(
  plan: Plan,
  given: GivenMap,
  { side, params }: { readonly side: Side; readonly params: ParamsGiven },
): Pass {
  const output = new OctetWriter();
  const writer = new ObjectWriter(plan);
  try {
    writer.write(rootOf(plan, given, { side, params }), output);
    const image = writer.finish('', output);
    writer.sizes.set('io ', image.octets.length);
    return { image, writer, ...writePositioned(writer, plan) };
  } catch (error) {
    if (error instanceof NotKnown || error instanceof NotThere)
      throw new EncodeError([], 'needs a value that only reading can tell; give the PDU in hex');
    throw error;
  }
}

/** Nothing has moved since the pass before. */
function isSame(before: Knowledge, { sizes, images }: ObjectWriter, patches: readonly Patch[]): boolean {
  return (
    sameMap(before.sizes, sizes, (a, b) => a === b) &&
    sameMap(before.images, images, sameImage) &&
    before.patches.length === patches.length &&
    before.patches.every((patch, index) => samePatch(patch, patches[index]))
  );
}

function sameMap<T>(
  a: ReadonlyMap<string, T>,
  b: ReadonlyMap<string, T>,
  same: (a: T, b: T) => boolean,
): boolean {
  if (a.size !== b.size) return false;
  return [...a].every(([key, value]) => {
    const other = b.get(key);
    return other !== undefined && same(value, other);
  });
}

function sameImage(a: Image, b: Image): boolean {
  return Buffer.compare(a.octets, b.octets) === 0 && Buffer.compare(a.said, b.said) === 0;
}

function samePatch(a: Patch, b: Patch | undefined): boolean {
  return b !== undefined && a.stream === b.stream && a.at === b.at && sameImage(a.image, b.image);
}
