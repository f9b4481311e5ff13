import type { Field, Instance, Param } from '../../spec/index.ts';
import type { DecodedPdu } from './decoded.ts';
import { toHex } from './hex.ts';
import { softly } from './items.ts';
import { valueOfInstance } from './instance-value.ts';
import { OctetStream } from './octet-stream.ts';
import { plainSlot, RUNNING, UNREAD, type Slot } from './slot.ts';
import { ByteSlice } from './source.ts';
import { StructNode } from './struct-node.ts';

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

export interface JsonFieldsOptions {
  /** Give long hex and text whole. */
  readonly full?: boolean;
}

/** Characters of hex or text that a line gives of one value; more makes lines that no tool reads. */
const MOST_CHARACTERS = 1024 * 1024;

/**
 * The `fields` of a line of `decode --format ndjson`: nested types are objects, repeats arrays, absent fields absent;
 * value instances and shown params included. Where a text or hex is cut, the object that holds the member says
 * `"cut": true` beside it.
 */
export function toJsonFields(pdu: DecodedPdu, options: JsonFieldsOptions = {}): JsonObject {
  const { root } = pdu;
  return root instanceof StructNode ? objectOf(root, options.full === true) : {};
}

function objectOf(node: StructNode, full: boolean): JsonObject {
  const object: Record<string, JsonValue> = {};
  const cut = { happened: false, full };
  for (let slot = 0; slot < node.cells.length; slot++) {
    const member = node.member(slot);
    const value = shownValue(node, slot, member);
    const json = isAlias(value, node, slot) ? undefined : toJson(value, cut);
    if (json !== undefined) object[member.id] = json;
  }
  // A member of that name keeps it: the mark is a hint, the member is data.
  if (cut.happened) object['cut'] ??= true;
  return object;
}

function shownValue(node: StructNode, slot: number, member: Param | Field | Instance): Slot {
  if ('source' in member) return member.field === null ? undefined : node.plainCell(slot);
  if (member.hidden) return undefined;
  const cell = node.cells[slot];
  if (cell === RUNNING) return undefined;
  if (cell !== UNREAD) return cell;
  if (!('kind' in member) || member.kind === 'parse') return undefined;
  return softly(() => valueOfInstance(node, slot));
}

/** An object, or a list of objects, that was read elsewhere and is shown there. */
function isAlias(value: Slot, node: StructNode, slot: number): boolean {
  if (Array.isArray(value)) return isAlias((value as readonly Slot[])[0], node, slot);
  return value instanceof StructNode && (value.holder !== node || value.slot !== slot);
}

interface Cut {
  happened: boolean;
  readonly full: boolean;
}

function toJson(slot: Slot, cut: Cut): JsonValue | undefined {
  const value = plainSlot(slot);
  if (value instanceof StructNode) return objectOf(value, cut.full);
  if (value instanceof ByteSlice) return hexOf(value.view(), cut);
  if (value instanceof OctetStream || value === undefined) return undefined;
  if (Array.isArray(value)) return (value as readonly Slot[]).map((element) => toJson(element, cut) ?? null);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return isExact(value) ? Number(value) : value.toString();
  return typeof value === 'string' ? textOf(value, cut) : (value as boolean);
}

function isExact(value: bigint): boolean {
  return value <= BigInt(Number.MAX_SAFE_INTEGER) && value >= BigInt(Number.MIN_SAFE_INTEGER);
}

function hexOf(bytes: Uint8Array, cut: Cut): string {
  if (cut.full || bytes.length * 2 <= MOST_CHARACTERS) return toHex(bytes);
  cut.happened = true;
  return toHex(bytes.subarray(0, MOST_CHARACTERS / 2));
}

function textOf(text: string, cut: Cut): string {
  if (cut.full || text.length <= MOST_CHARACTERS) return text;
  cut.happened = true;
  const last = text.charCodeAt(MOST_CHARACTERS - 1);
  const splitsPair = last >= 0xd800 && last < 0xdc00;
  return text.slice(0, splitsPair ? MOST_CHARACTERS - 1 : MOST_CHARACTERS);
}
