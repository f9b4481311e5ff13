import type { Field, Instance, Param, ProtocolFieldId, StructType } from '../../spec/index.ts';
import type { BitRange, DecodedItem, DecodedStruct } from './decoded.ts';
import { itemsOf } from './items.ts';
import type { OctetStream } from './octet-stream.ts';
import type { TypePlan } from './plan.ts';
import type { Run } from './run.ts';
import type { Cell, Slot } from './slot.ts';
import type { OctetSource } from './source.ts';

/** What a member has beside its value and bits, where the plan alone does not tell. */
export interface MemberExtra {
  /** null: the source of the object's own stream. */
  readonly source: OctetSource | null;
  /** Field of the switch arm that was read; -1: the field of the content. */
  readonly field: ProtocolFieldId;
  /** The switch arm that was read; FALLBACK_ARM where there is no switch. */
  readonly arm: number;
  /** Of a repeated member, the same for each element, in order. */
  readonly elements: ElementMarks | null;
}

export interface ElementMarks {
  readonly starts: number[];
  readonly ends: number[];
  /** Left empty when no element has an own source, an own field, or an arm. */
  readonly sources: (OctetSource | null)[];
  readonly fields: ProtocolFieldId[];
  readonly arms: number[];
}

/** The top type of another file is the root of its own tree; a type nested in it has none, as in Kaitai. */
function rootOf(node: StructNode, plan: TypePlan, holder: StructNode | null): StructNode | null {
  if (holder !== null && plan.file === holder.plan.file) return holder.root;
  return holder === null || plan.type.path.length === 1 ? node : null;
}

/**
 * An object of the PDU while and after it is read. Values and bit positions lie in flat arrays; ranges and items are
 * made when somebody looks, for most PDUs nobody does.
 */
export class StructNode implements DecodedStruct {
  readonly plan: TypePlan;
  readonly run: Run;
  readonly io: OctetStream;
  /** The object that this one was read in; null: the PDU itself. */
  readonly holder: StructNode | null;
  /** `_root`; null: none. Of a message, the PDU of its first part. */
  root: StructNode | null;
  readonly depth: number;
  /** The holder's slot and the number of the repetition, -1: not repeated. */
  slot = -1;
  element = -1;
  /** `_parent`; null: none. */
  parent: StructNode | null;
  littleEndian = false;
  readonly cells: Cell[];
  /** Bit positions of each slot: start, end. */
  readonly marks: number[];
  extras: (MemberExtra | undefined)[] | null = null;
  readonly startBit: number;
  endBit: number;
  /** Position in seq of the field being read. */
  reading = 0;
  private made: readonly DecodedItem[] | null = null;

  constructor(plan: TypePlan, run: Run, io: OctetStream, holder: StructNode | null) {
    this.plan = plan;
    this.run = run;
    this.io = io;
    this.holder = holder;
    this.parent = holder;
    this.depth = holder === null ? 0 : holder.depth + 1;
    this.root = rootOf(this, plan, holder);
    this.cells = plan.cells.slice();
    this.marks = plan.marks.slice();
    this.startBit = io.bitPosition();
    this.endBit = this.startBit;
  }

  get type(): StructType {
    return this.plan.type;
  }

  get range(): BitRange {
    return this.io.source.range(this.startBit, this.endBit);
  }

  get items(): readonly DecodedItem[] {
    return (this.made ??= itemsOf(this));
  }

  member(slot: number): Param | Field | Instance {
    const member = this.plan.members[slot];
    if (member === undefined) throw new Error('no such member');
    return member;
  }

  /** Value of a param or field; of an instance that nobody asked for yet, none. */
  plainCell(slot: number): Slot {
    const cell = this.cells[slot];
    return typeof cell === 'symbol' ? undefined : cell;
  }

  setExtra(slot: number, extra: MemberExtra): void {
    this.extras ??= [];
    this.extras[slot] = extra;
  }

  /** Names from the PDU down to this object, e.g. `records[2].value`; empty for the PDU itself. */
  path(): string {
    if (this.holder === null) return '';
    return this.holder.pathOf(this.slot, this.element);
  }

  pathOf(slot: number, element: number): string {
    const prefix = this.path();
    const id = this.member(slot).id + (element < 0 ? '' : `[${element.toString()}]`);
    return prefix === '' ? id : `${prefix}.${id}`;
  }

  /** The field at which reading stands. */
  pathAtCursor(): string {
    const slot = this.plan.fieldBase + this.reading;
    if (this.reading >= this.plan.readers.length) return this.path();
    const cell: Cell = this.cells[slot];
    const element = Array.isArray(cell) ? (cell as readonly Slot[]).length : -1;
    return this.pathOf(slot, element);
  }
}
