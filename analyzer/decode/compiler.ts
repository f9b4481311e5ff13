import type { Content, EnumId, Expr, Protocol, TypeId, ValueType } from '../../spec/index.ts';
import { MAX_NUMBER_BITS } from './bits.ts';
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

/**
 * Enums whose values are bigints: some value of theirs, some field that has them, or some int that is made one of
 * them, needs more than 53 bits.
 */
function findBigEnums(protocol: Protocol): ReadonlySet<EnumId> {
  const big = new Set<EnumId>();
  for (const type of protocol.enums) {
    if (!type.values.every(({ value }) => isSafeInt({ min: value, max: value }))) big.add(type.id);
  }
  const seen = new Set<object>();
  for (const type of protocol.types) {
    for (const field of type.fields) noteWideContent(field.content, big);
    for (const instance of type.instances) {
      if (instance.kind === 'parse') noteWideContent(instance.content, big);
    }
    noteWideCasts(type, big, seen);
  }
  return big;
}

function noteWideContent(content: Content, big: Set<EnumId>): void {
  switch (content.kind) {
    case 'integer':
      if (content.octets === 8 && content.enum !== null) big.add(content.enum);
      return;
    case 'bits':
      if (content.width > MAX_NUMBER_BITS && content.enum !== null) big.add(content.enum);
      return;
    case 'switch':
      for (const arm of content.arms) noteWideContent(arm.content, big);
      if (content.fallback !== null) noteWideContent(content.fallback, big);
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

/** Casts stand in expressions anywhere in a type, so the whole of it is gone through as plain data. */
function noteWideCasts(part: object, big: Set<EnumId>, seen: Set<object>): void {
  if (seen.has(part)) return;
  seen.add(part);
  if (isExpression(part) && part.kind === 'cast' && part.type.kind === 'enum') {
    const { type } = part.operand;
    if (type.kind === 'int' && !isSafeInt(type)) big.add(part.type.enum);
  }
  for (const [key, value] of Object.entries(part)) {
    // Spans lead to whole files.
    if (key !== 'span' && typeof value === 'object' && value !== null) {
      noteWideCasts(value as object, big, seen);
    }
  }
}

function isExpression(part: object): part is Expr {
  return 'kind' in part && 'type' in part && typeof part.type === 'object';
}
