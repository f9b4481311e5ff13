import type { Expr, Protocol, StructType } from '../../spec/index.ts';
import type { PathStep } from '../suite/suite.ts';
import { type GivenMap, isMap, type Given, type Scalar } from './given.ts';
import type { Image, OctetWriter } from './octet-writer.ts';
import type { Patch } from './patch.ts';

/** What expressions compute with. Ints and enums are bigint, floats are number. */
export type EncValue = Scalar | Built | readonly EncValue[];

/** An object of the PDU that is being built. */
export interface Built {
  readonly type: StructType;
  readonly steps: readonly PathStep[];
  readonly given: GivenMap;
  /** The object that it stands in; null: it is the PDU. */
  readonly holder: Built | null;
  /** `_parent` and `_root`; null: none. */
  readonly parent: Built | null;
  readonly root: Built | null;
  /** Values of the params; undefined: not there. */
  readonly args: readonly (EncValue | undefined)[];
  /** What they are computed from, in the holder; none of the root. */
  readonly argExprs: readonly Expr[];
  readonly argIndex: number | undefined;
  /** Key of the stream it is written to: the path of the field that has the extent. */
  readonly stream: string;
  /** Where its stream stands; null while it is only looked at from elsewhere. */
  readonly writer: Pick<OctetWriter, 'position' | 'used'> | null;
  /** Its members that are objects, or lists of them, as far as they are made. */
  readonly children: Map<string, EncValue>;
}

/** What is known so far; it lasts from pass to pass. */
export interface Knowledge {
  readonly protocol: Protocol;
  /** Values of members that nothing was given for. */
  readonly assigned: ReadonlyMap<string, bigint>;
  /** Octets of streams and objects in the pass before. */
  readonly sizes: ReadonlyMap<string, number>;
  /** What streams had in the pass before, by key. */
  readonly images: ReadonlyMap<string, Image>;
  /** What is read at positions, as the pass before had it. */
  readonly patches: readonly Patch[];
  /** Evaluations that may still be tried to find values. */
  readonly budget: { left: number };
}

export function isBuilt(value: EncValue): value is Built {
  return typeof value === 'object' && !(value instanceof Uint8Array) && !Array.isArray(value);
}

export function keyOf(steps: readonly PathStep[]): string {
  return steps.join('.');
}

/** The top type of a file is the root of its own tree; a type nested in another file's has none. */
export function rootFor(type: StructType, holder: Built | null, self: Built): Built | null {
  if (holder !== null && holder.type.path[0] === type.path[0]) return holder.root;
  return holder === null || type.path.length === 1 ? self : null;
}

/** A type with one member takes for it what is no map of members. */
export function membersGiven(type: StructType, given: Given): GivenMap | undefined {
  const [only] = type.fields;
  const single = type.fields.length === 1 ? only : undefined;
  if (given === undefined || given === null) return {};
  if (isMap(given)) return single !== undefined && isForm(given, type) ? { [single.id]: given } : given;
  if (single === undefined) return undefined;
  const { kind } = single.content;
  return kind === 'bytes' || kind === 'string' ? { [single.id]: given } : undefined;
}

/** A map that says what octets there are, and is none of the type's members. */
export function isForm(given: GivenMap, type: StructType): boolean {
  const isMember = (id: string): boolean => type.fields.some((field) => field.id === id);
  return FORMS.some((form) => form in given) && !Object.keys(given).some(isMember);
}

const FORMS = ['repeat', 'hex', 'wire', 'deflate'];
