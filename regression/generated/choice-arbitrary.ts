import fc from 'fast-check';
import type { Content, Field, Protocol, TypeId } from '../../spec/index.ts';
import type { Scalar } from '../encode/given.ts';
import { ABSENT, type Choice, FALLBACK, type StructChoice, UNSAID } from './choice.ts';
import { readFields } from './derived-fields.ts';
import {
  fixedSize,
  intervalOf,
  namedValues,
  ofLength,
  type ScalarContent,
  SHORT_LENGTHS,
  unnamedValue,
} from './values.ts';

const MAX_ELEMENTS = 3;
/** Objects inside one another; deeper ones are left to the encoder. */
const MAX_DEPTH = 5;

/**
 * Choices for one PDU. What sizes and counts are computed from is left to the encoder mostly, so that it has to derive it.
 * The simplest choice comes first everywhere, for that is where shrinking leads.
 */
export function pduArbitrary(protocol: Protocol): fc.Arbitrary<StructChoice> {
  return new Arbitraries(protocol).struct(protocol.root, 0);
}

class Arbitraries {
  readonly #protocol: Protocol;
  readonly #derived: ReadonlySet<Field>;

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
    this.#derived = readFields(protocol).derived;
  }

  struct(type: TypeId, depth: number): fc.Arbitrary<StructChoice> {
    // What is read at a position often reads what others read too: values of both would contradict one another.
    const members = depth > MAX_DEPTH ? [] : (this.#protocol.types[type]?.fields ?? []);
    const kept = members.filter((field) => !this.#derived.has(field));
    return fc
      .record(Object.fromEntries(kept.map((field) => [field.id, this.#field(field, depth)])))
      .map((chosen) => ({ kind: 'struct', type, members: chosen }));
  }

  #field({ content, repeat, when }: Field, depth: number): fc.Arbitrary<Choice> {
    const one = this.#content(content, depth);
    const some: fc.Arbitrary<Choice> =
      repeat.kind === 'once'
        ? one
        : fc
            .array(one, { minLength: repeat.kind === 'until' ? 1 : 0, maxLength: MAX_ELEMENTS })
            .map((items) => ({ kind: 'list', items }));
    return when === null ? some : simplestFirst([fc.constant(UNSAID), fc.constant(ABSENT), some], [1, 2, 4]);
  }

  #content(content: Content | null, depth: number): fc.Arbitrary<Choice> {
    if (content === null || content.kind === 'contents') return fc.constant(UNSAID);
    if (content.kind === 'struct') return this.struct(content.type, depth + 1);
    if (content.kind === 'switch') {
      const arms = content.arms.map(({ content: arm }, index) => ({ arm: index, content: arm }));
      const all = [{ arm: FALLBACK, content: content.fallback }, ...arms];
      return simplestFirst(
        all.map(({ arm, content: inner }) =>
          this.#content(inner, depth).map((chosen) => ({ kind: 'arm' as const, arm, content: chosen })),
        ),
        all.map(() => 1),
      );
    }
    const value = scalarArbitrary(this.#protocol, content);
    if (value === undefined) return fc.constant(UNSAID);
    const chosen = value.map((one): Choice => ({ kind: 'value', value: one }));
    return simplestFirst([fc.constant(UNSAID), chosen], [1, 6]);
  }
}

function simplestFirst(
  arbitraries: readonly fc.Arbitrary<Choice>[],
  weights: readonly number[],
): fc.Arbitrary<Choice> {
  const weighted = arbitraries.map((arbitrary, index) => ({ arbitrary, weight: weights[index] ?? 1 }));
  return fc.oneof({ withCrossShrink: true }, ...weighted);
}

/** undefined: nothing can be chosen. */
function scalarArbitrary(protocol: Protocol, content: ScalarContent): fc.Arbitrary<Scalar> | undefined {
  switch (content.kind) {
    case 'integer':
    case 'bits':
      if (content.kind === 'bits' && content.boolean) return fc.boolean();
      return integers(protocol, content);
    case 'float':
      return fc.constantFrom(0, 1.5, -2, 1024, 0.1015625);
    case 'bytes':
    case 'opaque':
    case 'string':
      return lengthy(content);
  }
}

function integers(
  protocol: Protocol,
  content: ScalarContent & { kind: 'integer' | 'bits' },
): fc.Arbitrary<bigint> {
  const [min, max] = intervalOf(content);
  const any = fc.oneof(fc.constantFrom(min, max), fc.bigInt(min, max));
  const named = namedValues(protocol, content);
  const unnamed = unnamedValue(protocol, content);
  if (named.length === 0) return any;
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...named) },
    { weight: 1, arbitrary: unnamed === undefined ? any : fc.constant(unnamed) },
    { weight: 1, arbitrary: any },
  );
}

/** Short ones mostly; the long boundaries are on the systematic list, for they take long. */
function lengthy(
  content: ScalarContent & { kind: 'bytes' | 'opaque' | 'string' },
): fc.Arbitrary<Scalar> | undefined {
  const fixed = fixedSize(content.extent);
  const lengths = SHORT_LENGTHS.map((length) => ofLength(content, length, 1)).filter(
    (one) => one !== undefined,
  );
  if (fixed !== undefined && lengths.length === 0) {
    if (content.kind === 'string' || fixed > MOST_RANDOM) {
      const only = ofLength(content, fixed, 1);
      return only === undefined ? undefined : fc.constant(only);
    }
    return fc.uint8Array({ minLength: fixed, maxLength: fixed });
  }
  const boundaries = lengths.length === 0 ? [] : [{ weight: 1, arbitrary: fc.constantFrom(...lengths) }];
  const usual = fc
    .nat(20)
    .map((length) => ofLength(content, length, length) ?? ofLength(content, 0, 0) ?? '');
  const isFree = content.kind !== 'string' && fixed === undefined && content.extent.terminator === null;
  const free = isFree ? [{ weight: 2, arbitrary: fc.uint8Array({ maxLength: 20 }) }] : [];
  return fc.oneof({ weight: 3, arbitrary: usual }, ...free, ...boundaries);
}

const MOST_RANDOM = 4096;
