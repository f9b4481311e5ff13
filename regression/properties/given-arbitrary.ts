import fc from 'fast-check';
import type { Content, Expr, Extent, Field, Instance, Protocol, StructType } from '../../spec/index.ts';
import type { Given, GivenMap } from '../encode/given.ts';

/** Where lengths change their form, and the ends of what fits into one, two octets. */
const BOUNDARIES = [0, 1, 125, 126, 127, 65_535, 65_536];
const MAX_DEPTH = 8;

/**
 * Values of one PDU, as a tests file could give them. What sizes and counts are computed from is left to the encoder,
 * so that it has to derive it. Some contradict one another: the encoder refuses those.
 */
export function pduArbitrary(protocol: Protocol): fc.Arbitrary<GivenMap> {
  const types = protocol.types;
  const derived = derivedFields(protocol);
  const ofType = (type: StructType | undefined, depth: number): fc.Arbitrary<GivenMap> => {
    const fields = depth > MAX_DEPTH ? [] : (type?.fields ?? []);
    const kept = fields.filter((field) => !derived.has(field));
    return fc.record(Object.fromEntries(kept.map((field) => [field.id, ofField(field, depth)])));
  };
  const ofField = (field: Field, depth: number): fc.Arbitrary<Given> => {
    const one = ofContent(field.content, depth);
    const all = field.repeat.kind === 'once' ? one : fc.array(one, { maxLength: 4 });
    return field.when === null ? all : fc.option(all, { nil: undefined });
  };
  const ofContent = (content: Content, depth: number): fc.Arbitrary<Given> => {
    switch (content.kind) {
      case 'integer':
        return ofInteger(protocol, content.octets * 8, content);
      case 'bits':
        return content.boolean
          ? fc.boolean()
          : ofInteger(protocol, content.width, { ...content, signed: false });
      case 'float':
        return fc.constantFrom(0, 1.5, -2, 1024);
      case 'bytes':
      case 'opaque':
        return octets(content.extent);
      case 'string':
        return text(content.extent);
      case 'contents':
        return fc.constant(undefined);
      case 'struct':
        return ofType(types[content.type], depth + 1);
      case 'switch': {
        const arms = [...content.arms.map((arm) => arm.content), content.fallback];
        return fc.oneof(
          ...arms.map((arm) => (arm === null ? fc.constant(undefined) : ofContent(arm, depth))),
        );
      }
    }
  };
  return ofType(types[protocol.root], 0);
}

/** Every value of the enum and one outside it, else the ends of the interval and anything between. */
function ofInteger(
  protocol: Protocol,
  bits: number,
  { enum: id, signed }: { readonly enum: number | null; readonly signed: boolean },
): fc.Arbitrary<bigint> {
  const [min, max] = signed
    ? [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n]
    : [0n, (1n << BigInt(bits)) - 1n];
  const any = fc.bigInt(min, max);
  const named = id === null ? [] : (protocol.enums[id]?.values ?? []).map(({ value }) => value);
  const known = named.filter((value) => value >= min && value <= max);
  if (known.length === 0) return fc.oneof(fc.constantFrom(min, max), any);
  return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: any });
}

function octets({ length, include, terminator }: Extent): fc.Arbitrary<Uint8Array> {
  if (length.kind === 'size' && length.octets.kind === 'int') {
    const size = Number(length.octets.value);
    return fc.uint8Array({ minLength: size, maxLength: size });
  }
  const boundary = fc.constantFrom(...BOUNDARIES).map((size) => new Uint8Array(size).fill(0x61));
  const short = fc.uint8Array({ maxLength: 20 });
  const any = fc.oneof({ weight: 5, arbitrary: short }, { weight: 2, arbitrary: boundary });
  if (!include || terminator === null) return any;
  return any.map((value) => new Uint8Array(Buffer.concat([value, terminator])));
}

/** Of a fixed size, what is shorter is for padding; without any it is refused, unless it is left out. */
function text({ length, padRight, terminator, include }: Extent): fc.Arbitrary<string | undefined> {
  const isFixed = length.kind === 'size' && length.octets.kind === 'int';
  if (isFixed && padRight === null && terminator === null) return fc.constant(undefined);
  const end = include && terminator !== null ? Buffer.from(terminator).toString('latin1') : '';
  return fc.stringMatching(/^[a-z]{0,12}$/).map((value) => value + end);
}

/** Fields that a size or a count is computed from, also through value instances. */
function derivedFields(protocol: Protocol): ReadonlySet<Field> {
  const found = new Set<Field>();
  const seen = new Set<unknown>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || node instanceof Uint8Array || seen.has(node)) return;
    seen.add(node);
    const expr = node as Expr;
    if (expr.kind === 'member') {
      const { field, instance } = memberOf(expr, protocol);
      if (field !== undefined) found.add(field);
      if (instance?.kind === 'value') visit(instance.value);
    }
    for (const [key, value] of Object.entries(expr)) if (key !== 'type') visit(value);
  };
  for (const { repeat, content } of protocol.types.flatMap(({ fields }) => fields)) {
    if (repeat.kind === 'count') visit(repeat.count);
    for (const size of sizesOf(content)) visit(size);
  }
  return found;
}

function memberOf(
  { owner, member: { kind, index } }: Expr & { kind: 'member' },
  protocol: Protocol,
): { readonly field: Field | undefined; readonly instance: Instance | undefined } {
  const type = protocol.types[owner];
  return {
    field: kind === 'field' ? type?.fields[index] : undefined,
    instance: kind === 'instance' ? type?.instances[index] : undefined,
  };
}

function sizesOf(content: Content): readonly Expr[] {
  if (content.kind === 'switch') {
    return [...content.arms.map((arm) => arm.content), content.fallback].flatMap((arm) =>
      arm === null ? [] : sizesOf(arm),
    );
  }
  const length = 'extent' in content ? content.extent?.length : undefined;
  return length?.kind === 'size' ? [length.octets] : [];
}
