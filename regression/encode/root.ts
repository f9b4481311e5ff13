import { paramsFor, type Side, type Value } from '../../analyzer/index.ts';
import type { Param } from '../../spec/index.ts';
import type { GivenParam } from '../suite/suite.ts';
import type { Built, EncValue } from './built.ts';
import type { GivenMap } from './given.ts';
import type { Plan } from './plan.ts';

/** Values of the root type's params that were given by hand, by id. */
export type ParamsGiven = ReadonlyMap<string, Pick<GivenParam, 'value'>>;

/** The PDU itself. Its params are given, or what the first PDU of a conversation has. */
export function rootOf(
  plan: Plan,
  given: GivenMap,
  { side, params }: { readonly side: Side; readonly params: ParamsGiven },
): Built {
  const { protocol } = plan.knowledge;
  const type = plan.type(protocol.root);
  const args: (EncValue | undefined)[] = [];
  const root: Built & { root: Built | null } = {
    type,
    steps: [],
    given,
    holder: null,
    parent: null,
    root: null,
    args,
    argExprs: [],
    argIndex: undefined,
    stream: '',
    writer: null,
    children: new Map(),
  };
  root.root = root;
  const fresh = paramsFor(protocol, side);
  for (const param of type.params) {
    const value = params.get(param.id)?.value ?? fresh[param.id];
    args.push(value === undefined ? unsaid(param, root, plan) : asType(value, param));
  }
  return root;
}

/** What the param is when nobody says: a preference's initial value, the zero of an argument, else it is not there. */
function unsaid({ source, type }: Param, root: Built, plan: Plan): EncValue | undefined {
  switch (source.kind) {
    case 'preference':
      return plan.evaluator.value(source.initial, { self: root });
    case 'session':
    case 'direction':
    case 'server-port':
      return undefined;
    case 'argument':
      break;
  }
  switch (type.kind) {
    case 'int':
    case 'enum':
      return 0n;
    case 'float':
      return 0;
    case 'bool':
      return false;
    case 'string':
      return '';
    case 'bytes':
      return new Uint8Array();
    case 'array':
      return [];
    case 'struct':
    case 'io':
    case 'any':
      return undefined;
  }
}

/** Integers are bigint here, whatever they were given as. */
function asType(value: Value, { type }: Param): EncValue | undefined {
  if (type.kind === 'float') return Number(value);
  if (typeof value === 'number') return BigInt(Math.trunc(value));
  if (typeof value === 'object' && !(value instanceof Uint8Array)) return undefined;
  return value;
}
