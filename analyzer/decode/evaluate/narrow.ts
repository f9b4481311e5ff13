import { OctetStream } from '../octet-stream.ts';
import type { Slot } from '../slot.ts';
import { ByteSlice, TextSlice } from '../source.ts';
import { AbsentInput, BadData } from '../stops.ts';
import { StructNode } from '../struct-node.ts';
import type { Expr } from '../../../spec/index.ts';

/** What an absent or unfit operand is called in messages. */
export function nameOf(expr: Expr): string {
  if (expr.kind === 'member') return expr.member.id;
  if (expr.kind === 'cast') return nameOf(expr.operand);
  if (expr.kind === 'subscript' || expr.kind === 'call') return nameOf(expr.object);
  if (expr.kind === 'parent') return '_parent';
  return expr.kind === 'it' ? '_' : expr.kind;
}

export function unfit(value: Slot, expr: Expr): never {
  if (value === undefined) throw new AbsentInput(nameOf(expr));
  throw new BadData('wrong-type', `"${nameOf(expr)}" is not of the type it is used as`);
}

export function toNumber(value: Slot, expr: Expr): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return unfit(value, expr);
}

export function toBig(value: Slot, expr: Expr): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(value);
  return unfit(value, expr);
}

export function toBool(value: Slot, expr: Expr): boolean {
  return typeof value === 'boolean' ? value : unfit(value, expr);
}

export function toText(value: Slot, expr: Expr): string {
  if (typeof value === 'string') return value;
  return value instanceof TextSlice ? value.text() : unfit(value, expr);
}

export function toBytes(value: Slot, expr: Expr): ByteSlice {
  return value instanceof ByteSlice ? value : unfit(value, expr);
}

export function toStruct(value: Slot, expr: Expr): StructNode {
  return value instanceof StructNode ? value : unfit(value, expr);
}

export function toStream(value: Slot, expr: Expr): OctetStream {
  return value instanceof OctetStream ? value : unfit(value, expr);
}

export function toArray(value: Slot, expr: Expr): readonly Slot[] {
  return Array.isArray(value) ? (value as readonly Slot[]) : unfit(value, expr);
}
