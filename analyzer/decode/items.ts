import type { Content, Field, Instance, Param, ProtocolFieldId } from '../../spec/index.ts';
import type { BitRange, DecodedItem, Value } from './decoded.ts';
import { OctetStream } from './octet-stream.ts';
import { valueOfInstance } from './instance-value.ts';
import { plainSlot, RUNNING, UNREAD, type Slot } from './slot.ts';
import { ByteSlice } from './source.ts';
import { DecodeStop } from './stops.ts';
import type { ElementMarks, StructNode } from './struct-node.ts';

/** Everything an object shows, in reading order: params, seq, instances. */
export function itemsOf(node: StructNode): readonly DecodedItem[] {
  const items: DecodedItem[] = [];
  for (let slot = 0; slot < node.cells.length; slot++) {
    const member = node.member(slot);
    const cell = cellToShow(node, slot, member);
    if (cell === undefined || cell instanceof OctetStream) continue;
    const elements = node.extras?.[slot]?.elements ?? null;
    if (elements === null || !Array.isArray(cell)) {
      items.push({
        member,
        index: null,
        value: toValue(cell),
        range: rangeOf(node, slot),
        field: fieldOf(node, slot),
      });
    } else {
      addElements(items, node, slot, cell as readonly Slot[]);
    }
  }
  return items;
}

function addElements(items: DecodedItem[], node: StructNode, slot: number, elements: readonly Slot[]): void {
  elements.forEach((element, index) => {
    if (element === undefined) return;
    items.push({
      member: node.member(slot),
      index,
      value: toValue(element),
      range: elementRange(node, slot, index),
      field: fieldOf(node, slot, index),
    });
  });
}

/**
 * A value instance is computed when somebody looks; where it cannot be, it is absent. A parse instance is there
 * when the PDU was settled or an expression asked for it.
 */
function cellToShow(node: StructNode, slot: number, member: Param | Field | Instance): Slot {
  const cell = node.cells[slot];
  if (cell === RUNNING) return undefined;
  if (cell !== UNREAD) return cell;
  if (!('kind' in member) || member.kind !== 'value') return undefined;
  return softly(() => valueOfInstance(node, slot));
}

/** The value, or absent when it cannot be had. */
export function softly<T>(compute: () => T): T | undefined {
  try {
    return compute();
  } catch (stop) {
    if (stop instanceof DecodeStop) return undefined;
    throw stop;
  }
}

export function toValue(slot: Slot): Value {
  if (slot instanceof ByteSlice) return slot.view();
  if (slot instanceof OctetStream) return undefined;
  if (Array.isArray(slot)) return (slot as readonly Slot[]).map(toValue);
  return plainSlot(slot) as Value;
}

/** Bits of a member that is not repeated, or of the whole of a repeated one; null: computed, or not read. */
export function rangeOf(node: StructNode, slot: number): BitRange | null {
  if (!hasOctets(node, slot)) return null;
  const extra = node.extras?.[slot];
  const start = node.marks[2 * slot] ?? 0;
  const end = node.marks[2 * slot + 1] ?? 0;
  return (extra?.source ?? node.io.source).range(start, end);
}

export function elementRange(node: StructNode, slot: number, index: number): BitRange | null {
  const elements: ElementMarks | null = node.extras?.[slot]?.elements ?? null;
  const start = elements?.starts[index];
  const end = elements?.ends[index];
  if (elements === null || start === undefined || end === undefined) return null;
  const source = elements.sources[index] ?? node.extras?.[slot]?.source ?? node.io.source;
  return source.range(start, end);
}

function hasOctets(node: StructNode, slot: number): boolean {
  if (slot < node.plan.fieldBase) return false;
  const cell = node.cells[slot];
  if (cell === undefined || cell === UNREAD || cell === RUNNING) return false;
  const member = node.member(slot);
  return 'content' in member;
}

function fieldOf(node: StructNode, slot: number, index = -1): ProtocolFieldId | null {
  const member = node.member(slot);
  if ('hidden' in member && member.hidden) return null;
  if (!('content' in member)) return member.field;
  const extra = node.extras?.[slot];
  const own = index < 0 ? extra?.field : extra?.elements?.fields[index];
  return own !== undefined && own >= 0 ? own : fieldOfContent(member.content);
}

/** Field of a content that is not a switch. */
export function fieldOfContent(content: Content): ProtocolFieldId | null {
  return content.kind === 'switch' ? null : content.field;
}
