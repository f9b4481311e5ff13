import type { Side } from '../../analyzer/index.ts';
import type { Param, Protocol } from '../../spec/index.ts';
import { BitWriter } from './bit-writer.ts';
import type { Built, EncValue } from './built.ts';
import { EncodeError, NotKnown, NotThere } from './encode-error.ts';
import { ObjectWriter } from './encode-object.ts';
import type { GivenMap } from './given.ts';
import { Plan } from './plan.ts';
import { solve } from './solve.ts';

/** Each pass settles a size or a value; a PDU that needs more depends on itself. */
const MAX_PASSES = 64;

/** The octets of one PDU with the values given; what they leave out is derived. Throws EncodeError. */
export function encodePdu(protocol: Protocol, given: GivenMap, side: Side): Uint8Array {
  let assigned: ReadonlyMap<string, bigint> = new Map();
  let sizes: ReadonlyMap<string, number> = new Map();
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    const plan = new Plan({ protocol, assigned, sizes });
    const { octets, writer } = onePass(plan, given, side);
    const isStill = sameSizes(sizes, writer.sizes);
    sizes = writer.sizes;
    const [demand] = writer.demands.filter(({ fills, scope, wanted, expr }) => {
      if (!fills || typeof wanted !== 'bigint' || !isStill) return true;
      return plan.evaluator.int(expr, scope) < wanted;
    });
    if (demand === undefined) {
      if (isStill) return octets;
      continue;
    }
    const found = solve(demand, plan);
    if (found !== undefined) assigned = found;
    else if (isStill) throw new EncodeError(demand.steps, demand.message);
  }
  throw new EncodeError([], `is not settled after ${MAX_PASSES} rounds`);
}

function onePass(
  plan: Plan,
  given: GivenMap,
  side: Side,
): { readonly octets: Uint8Array; readonly writer: ObjectWriter } {
  const output = new BitWriter();
  const writer = new ObjectWriter(plan);
  try {
    writer.write(rootOf(plan, given, side), output);
  } catch (error) {
    if (error instanceof NotKnown || error instanceof NotThere)
      throw new EncodeError([], 'needs a value that only reading can tell');
    throw error;
  }
  writer.sizes.set('io ', output.length);
  return { octets: output.octets(), writer };
}

function rootOf(plan: Plan, given: GivenMap, side: Side): Built {
  const { protocol } = plan.knowledge;
  const type = plan.type(protocol.root);
  const args = type.params.map((param) => zeroOf(param, side));
  const root: Built & { root: Built | null } = {
    type,
    steps: [],
    given,
    parent: null,
    root: null,
    args,
    stream: '',
    writer: null,
    children: new Map(),
  };
  root.root = root;
  return root;
}

function zeroOf({ source, type }: Param, side: Side): EncValue {
  if (source.kind === 'direction') return side === 'c2s';
  if (type.kind === 'bool') return false;
  if (type.kind === 'string') return '';
  if (type.kind === 'bytes') return new Uint8Array();
  return type.kind === 'float' ? 0 : 0n;
}

function sameSizes(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  return a.size === b.size && [...a].every(([key, size]) => b.get(key) === size);
}
