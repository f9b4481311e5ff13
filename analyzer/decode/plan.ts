import type { Check, Field, Instance, MemberRef, Param, StructType, TypeId } from '../../spec/index.ts';
import type { BitRange } from './decoded.ts';
import { UNREAD, type Cell, type Slot } from './slot.ts';
import type { OctetStream } from './octet-stream.ts';
import type { StructNode } from './struct-node.ts';

/** A compiled expression: of an object, the number of the repetition (`_index`) and `_`. */
export type Eval<T> = (node: StructNode, index: number, it: Slot) => T;

/**
 * Reads one occurrence of a field at the cursor of a stream, which is the object's own except in an instance with
 * `io`, and leaves its extent in the run's registers.
 */
export type ReadContent = (node: StructNode, index: number, io: OctetStream) => Slot;

export interface CompiledSet {
  readonly variable: string;
  readonly value: Eval<Slot>;
}

export interface CompiledCheck {
  readonly check: Check;
  readonly holds: Eval<boolean>;
  /** Slots of the root's params that the check reads, through instances too: when one is unknown, it is skipped. */
  readonly rootParams: readonly number[];
  /** Ranges of the fields that the expression names. */
  readonly ranges: readonly Eval<BitRange | null>[];
}

/**
 * A type made ready for decoding. Made empty first and filled afterwards, because types refer to one another in
 * circles; after createDecoder nothing in it changes.
 */
export class TypePlan {
  readonly type: StructType;
  readonly id: TypeId;
  /** Name of the file's top type: an object of another file's type is the root of its own tree. */
  readonly file: string;
  /** Where the fields and the instances begin in an object's cells; the params are first. */
  readonly fieldBase: number;
  readonly instanceBase: number;
  readonly members: readonly (Param | Field | Instance)[];
  /** Cells and marks of a fresh object, copied for each. */
  readonly cells: readonly Cell[];
  readonly marks: readonly number[];
  readers: readonly ((node: StructNode) => void)[] = [];
  /** By instance: computes or reads it; the caller stores it. */
  instances: readonly ((node: StructNode) => Slot)[] = [];
  /** True for little-endian; null: no number of the type asks. */
  endian: ((node: StructNode) => boolean) | null = null;
  checks: readonly CompiledCheck[] = [];
  sets: readonly CompiledSet[] = [];
  /** Slots of the fields and parse instances that can hold objects. */
  holders: readonly number[] = [];
  info: Eval<string> | null = null;
  /** Instances that are computed as soon as the PDU is complete, because they are shown and can fail or read. */
  settled: readonly number[] = [];
  /** Some object reachable from one of this type has such instances. */
  settles = false;
  /** Some object reachable from one of this type has checks. */
  checked = false;

  constructor(type: StructType) {
    this.type = type;
    this.id = type.id;
    this.file = type.path[0] ?? '';
    this.fieldBase = type.params.length;
    this.instanceBase = this.fieldBase + type.fields.length;
    this.members = [...type.params, ...type.fields, ...type.instances];
    this.cells = this.members.map((_, slot) => (slot >= this.instanceBase ? UNREAD : undefined));
    this.marks = this.members.flatMap(() => [0, 0]);
  }

  slotOf(member: MemberRef): number {
    switch (member.kind) {
      case 'param':
        return member.index;
      case 'field':
        return this.fieldBase + member.index;
      case 'instance':
        return this.instanceBase + member.index;
    }
  }
}
