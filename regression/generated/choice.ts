import type { Field, Protocol, TypeId } from '../../spec/index.ts';
import type { Scalar } from '../encode/given.ts';

/**
 * What a generated frame shall be: the same shape as the values that are given to the encoder, but with the arm of each
 * switch named, so that the values which the switch depends on can be chosen to fit (`settle`).
 */
export type Choice =
  /** The encoder derives it, or takes the zero of its type. */
  | { readonly kind: 'unsaid' }
  /** Its `if` shall not hold. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'value'; readonly value: Scalar }
  | StructChoice
  | { readonly kind: 'list'; readonly items: readonly Choice[] }
  | { readonly kind: 'arm'; readonly arm: Arm; readonly content: Choice };

export interface StructChoice {
  readonly kind: 'struct';
  readonly type: TypeId;
  readonly members: Readonly<Record<string, Choice>>;
}

/** Position of a switch arm; -1: none of them, the fallback. */
export type Arm = number;
export const FALLBACK: Arm = -1;

export const UNSAID: Choice = { kind: 'unsaid' };
export const ABSENT: Choice = { kind: 'absent' };

/** Fields of a type that take octets: its sequence, and what is read at a position. */
export function membersOf(protocol: Protocol, type: TypeId): readonly Field[] {
  const found = protocol.types[type];
  if (found === undefined) return [];
  return [...found.fields, ...found.instances.flatMap((one) => (one.kind === 'parse' ? [one] : []))];
}
