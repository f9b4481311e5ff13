import type { Content, EnumId, Protocol, TypeId, ValueType } from '../../spec/index.ts';
import type { DecoderOptions } from './decoder.ts';
import { TypePlan } from './plan.ts';

const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** Not the front end's own function: at run time the decoder needs nothing but the IR. */
function isSafeInt({ min, max }: { readonly min: bigint; readonly max: bigint }): boolean {
  return min >= -SAFE_MAX && max <= SAFE_MAX;
}

/** What compiling needs to know of the whole protocol. */
export class Compiler {
  readonly protocol: Protocol;
  readonly options: DecoderOptions;
  readonly plans: readonly TypePlan[];
  private readonly bigEnums: ReadonlySet<EnumId>;

  constructor(protocol: Protocol, options: DecoderOptions) {
    this.protocol = protocol;
    this.options = options;
    this.plans = protocol.types.map((type) => new TypePlan(type));
    this.bigEnums = findBigEnums(protocol);
  }

  plan(id: TypeId): TypePlan {
    const plan = this.plans[id];
    if (plan === undefined) throw new Error(`the IR has no type ${id.toString()}`);
    return plan;
  }

  /** Whether values of the type are bigints; the spec alone decides, never the data. */
  isBig(type: ValueType): boolean {
    if (type.kind === 'int') return !isSafeInt(type);
    return type.kind === 'enum' && this.bigEnums.has(type.enum);
  }
}

/** Enums that some field of more than 53 bits has, or whose own values need more: all their values are bigints. */
function findBigEnums(protocol: Protocol): ReadonlySet<EnumId> {
  const big = new Set<EnumId>();
  for (const type of protocol.enums) {
    if (!type.values.every(({ value }) => isSafeInt({ min: value, max: value }))) big.add(type.id);
  }
  for (const type of protocol.types) {
    for (const field of type.fields) noteWide(field.content, big);
    for (const instance of type.instances) if (instance.kind === 'parse') noteWide(instance.content, big);
  }
  return big;
}

function noteWide(content: Content, big: Set<EnumId>): void {
  switch (content.kind) {
    case 'integer':
      if (content.octets === 8 && content.enum !== null) big.add(content.enum);
      return;
    case 'bits':
      if (content.width > 53 && content.enum !== null) big.add(content.enum);
      return;
    case 'switch':
      for (const arm of content.arms) noteWide(arm.content, big);
      if (content.fallback !== null) noteWide(content.fallback, big);
      return;
    case 'float':
    case 'bytes':
    case 'contents':
    case 'string':
    case 'struct':
    case 'opaque':
      return;
  }
}
