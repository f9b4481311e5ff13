import { type Content, didYouMean, type EnumType } from '../../spec/index.ts';
import type { ScalarKind } from '../suite/field-paths.ts';
import { SCALAR_TEXT } from '../suite/literal.ts';
import type { PathStep } from '../suite/suite.ts';
import { EncodeError } from './encode-error.ts';
import { type Given, type Scalar, scalarOf, Written } from './given.ts';

/** A content that is a value of its own. */
export type ScalarContent = Exclude<Content, { kind: 'switch' | 'struct' }>;

/** The value that is given for a member; refuses what it cannot be, and says what it can. */
export function scalarGiven(
  content: ScalarContent,
  given: Given,
  { enums, steps }: { readonly enums: readonly EnumType[]; readonly steps: readonly PathStep[] },
): Scalar {
  const kind = kindOf(content);
  const value = scalarOf(kind, given, enums);
  if (value === undefined) throw new EncodeError(steps, unfit(kind, given, enums));
  if (typeof value === 'bigint') refuseBeyond(value, content, steps);
  return value;
}

/** Refuses an integer that the octets, or bits, cannot hold. */
export function refuseBeyond(value: bigint, content: Content, steps: readonly PathStep[]): void {
  if (content.kind !== 'integer' && content.kind !== 'bits') return;
  const [min, max] = intervalOf(content);
  if (value >= min && value <= max) return;
  const bits = content.kind === 'bits' ? content.width : content.octets * 8;
  throw new EncodeError(
    steps,
    `must fit into ${bits} ${bits === 1 ? 'bit' : 'bits'}: ${min} to ${max}, and is ${value}`,
  );
}

export function intervalOf(content: Content & { kind: 'integer' | 'bits' }): readonly [bigint, bigint] {
  if (content.kind === 'bits') return [0n, (1n << BigInt(content.width)) - 1n];
  const bits = BigInt(content.octets * 8);
  return content.signed ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
}

/** Why it is no value of the kind. */
function unfit(kind: ScalarKind, given: Given, enums: readonly EnumType[]): string {
  const word = given instanceof Written ? given.text : given;
  const names = enums.flatMap(({ values }) => values.map(({ name }) => name));
  const expected =
    kind === 'int' && names.length > 0
      ? `${SCALAR_TEXT.int}, or the name of an enum value`
      : SCALAR_TEXT[kind];
  if (kind !== 'int' || typeof word !== 'string' || names.length === 0) return `must be ${expected}`;
  const meant = didYouMean(word, names);
  const help = meant === undefined ? listed(names) : `did you mean "${meant}"?`;
  return `must be ${expected}, and "${word.slice(0, 40)}" is none of its names; ${help}`;
}

/** Names beyond these would not be read. */
const MOST_NAMES = 12;

function listed(names: readonly string[]): string {
  return `they are ${names.slice(0, MOST_NAMES).join(', ')}${names.length > MOST_NAMES ? ' ...' : ''}`;
}

export function kindOf(content: ScalarContent): ScalarKind {
  switch (content.kind) {
    case 'integer':
      return 'int';
    case 'bits':
      return content.boolean ? 'bool' : 'int';
    case 'float':
      return 'float';
    case 'string':
      return 'string';
    case 'bytes':
    case 'contents':
    case 'opaque':
      return 'bytes';
  }
}
