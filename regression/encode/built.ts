import type { Protocol, StructType } from '../../spec/index.ts';
import type { PathStep } from '../suite/suite.ts';
import type { BitWriter } from './bit-writer.ts';
import { type GivenMap, isMap, type Given, type Scalar } from './given.ts';

/** What expressions compute with. Ints and enums are bigint, floats are number. */
export type EncValue = Scalar | Built | readonly EncValue[];

/** An object of the PDU that is being built. */
export interface Built {
  readonly type: StructType;
  readonly steps: readonly PathStep[];
  readonly given: GivenMap;
  readonly parent: Built | null;
  readonly root: Built | null;
  readonly args: readonly EncValue[];
  /** Key of the stream it is written to: the path of the field that has the extent. */
  readonly stream: string;
  /** null while it is only looked at from elsewhere. */
  readonly writer: BitWriter | null;
  /** Its members that are objects, or lists of them, as far as they are made. */
  readonly children: Map<string, EncValue>;
}

/** What is known so far; it lasts from pass to pass. */
export interface Knowledge {
  readonly protocol: Protocol;
  /** Values of members that nothing was given for. */
  assigned: ReadonlyMap<string, bigint>;
  /** Octets of streams and objects in the pass before. */
  sizes: ReadonlyMap<string, number>;
}

export function isBuilt(value: EncValue): value is Built {
  return typeof value === 'object' && !(value instanceof Uint8Array) && !Array.isArray(value);
}

export function keyOf(steps: readonly PathStep[]): string {
  return steps.join('.');
}

/** A type with one member takes for it what is no map. */
export function membersGiven(type: StructType, given: Given): GivenMap | undefined {
  const [only] = type.fields;
  if (given === undefined || given === null) return {};
  if (isMap(given)) {
    const isOfMember = only !== undefined && type.fields.length === 1 && !(only.id in given);
    const isRepeated = 'repeat' in given && 'n' in given && !type.fields.some(({ id }) => id === 'repeat');
    return isOfMember && isRepeated ? { [only.id]: given } : given;
  }
  if (only === undefined || type.fields.length !== 1) return undefined;
  return only.content.kind === 'bytes' || only.content.kind === 'string' ? { [only.id]: given } : undefined;
}
