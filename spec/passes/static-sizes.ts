import type { Scope } from '../expression/check-context.ts';
import type { AttributeDecl, ExprText, TypeUse } from '../syntax/spec-ast.ts';
import { bitOrderOf } from './inherited-meta.ts';
import type { FieldSymbol, InstanceSymbol, TypeSymbol } from './symbols.ts';
import { elementScope, plainScope } from './typed-model.ts';
import type { TypedModel } from './typed-model.ts';

/** Beyond this a size is no size but a mistake; sums of them stay exact in a double. */
const LARGEST_STATIC = 1n << 40n;

/** Bits of an object of the type, when the same in every object. Bit fields are packed, all else begins at an octet. */
export function typeBitsOf(symbol: TypeSymbol, typed: TypedModel): number | undefined {
  let total = 0;
  for (const field of symbol.fields) {
    const bits = memberBitsOf(field, typed);
    if (bits === undefined) return undefined;
    total = (isBitField(field.decl) ? total : roundToOctet(total)) + bits;
  }
  return total;
}

/** Bits of all occurrences of a member. */
export function memberBitsOf(member: FieldSymbol | InstanceSymbol, typed: TypedModel): number | undefined {
  const { decl } = member;
  if ('value' in decl && decl.value !== undefined) return undefined;
  if (decl.when !== undefined) return undefined;
  if (decl.repeat.kind === 'once') return elementBitsOf(member, typed);
  if (decl.repeat.kind !== 'count') return undefined;
  const count = constantOf(decl.repeat.count, plainScope(member.owner), typed);
  const element = count === undefined ? undefined : elementBitsOf(member, typed);
  if (count === undefined || element === undefined) return undefined;
  if (!isBitField(decl) && element % 8 !== 0) return undefined;
  const total = BigInt(count) * BigInt(element);
  return total <= LARGEST_STATIC ? Number(total) : undefined;
}

/** Bits of one occurrence. */
export function elementBitsOf(member: FieldSymbol | InstanceSymbol, typed: TypedModel): number | undefined {
  const { decl } = member;
  if (decl.size !== undefined) {
    const octets = constantOf(decl.size, elementScope(member), typed);
    return octets === undefined ? undefined : 8 * octets;
  }
  if (decl.sizeEos) return undefined;
  if (decl.contents !== undefined) return 8 * decl.contents.value.length;
  if (decl.type === undefined || 'on' in decl.type) return undefined;
  return useBits(decl.type, decl, typed);
}

function useBits(use: TypeUse, decl: AttributeDecl, typed: TypedModel): number | undefined {
  const { name } = use;
  if (name.kind === 'number') return 8 * name.octets;
  if (name.kind === 'bits') return name.width;
  if (name.kind !== 'user' || decl.terminator !== undefined) return undefined;
  const resolved = typed.model.resolvedTypes.get(use);
  return resolved?.kind === 'struct' ? typed.typeBits(resolved.symbol) : undefined;
}

/** The value of an expression that has always the same one. */
function constantOf(text: ExprText, scope: Scope, typed: TypedModel): number | undefined {
  const { type } = typed.check(text, scope);
  if (type.kind !== 'int' || type.min !== type.max) return undefined;
  return type.min >= 0n && type.min <= LARGEST_STATIC ? Number(type.min) : undefined;
}

export function isBitField(decl: AttributeDecl): boolean {
  return decl.type !== undefined && !('on' in decl.type) && decl.type.name.kind === 'bits';
}

export function roundToOctet(bits: number): number {
  return Math.ceil(bits / 8) * 8;
}

/** Bits into an octet: where a bit field begins; null: not the same in every object, or not one run of bits. */
export type BitPhase = number | null;

/** How far the current octet is taken, and from which side. */
export interface BitState {
  readonly phase: BitPhase;
  readonly order: BitOrder | undefined;
}
export type BitOrder = 'le' | 'be';

export const ALIGNED: BitState = { phase: 0, order: undefined };

/** The phase in which an object of the type ends. Objects begin at an octet. */
export function endPhaseOf(symbol: TypeSymbol, typed: TypedModel): BitPhase {
  let state = ALIGNED;
  for (const field of symbol.fields) state = nextState(state, field, typed);
  return state.phase;
}

/** Where in its octet a field begins. When the order changes within an octet, what is left is the middle of it. */
export function startPhase(state: BitState, member: FieldSymbol): BitPhase {
  const order = bitOrder(member);
  if (order === undefined) return 0;
  return state.order === undefined || state.order === order || state.phase === 0 ? state.phase : null;
}

export function nextState(state: BitState, member: FieldSymbol, typed: TypedModel): BitState {
  const order = bitOrder(member);
  if (order !== undefined) return { phase: phaseAfterBits(startPhase(state, member), member, typed), order };
  const { decl } = member;
  const { type } = decl;
  if (type === undefined || decl.size !== undefined || decl.sizeEos || decl.terminator !== undefined)
    return ALIGNED;
  const uses = 'on' in type ? type.cases.map((one) => one.type) : [type];
  return uses.every((use) => endsAligned(use, typed)) ? ALIGNED : { phase: null, order: undefined };
}

/** The order of a bit field; undefined: it is none. */
function bitOrder(member: FieldSymbol): BitOrder | undefined {
  const { type } = member.decl;
  if (type === undefined || 'on' in type || type.name.kind !== 'bits') return undefined;
  return type.name.order ?? bitOrderOf(member.owner);
}

function endsAligned(use: TypeUse, typed: TypedModel): boolean {
  if (use.name.kind === 'bits') return false;
  const resolved = typed.model.resolvedTypes.get(use);
  return resolved?.kind !== 'struct' || typed.endPhase(resolved.symbol) === 0;
}

function phaseAfterBits(phase: BitPhase, member: FieldSymbol, typed: TypedModel): BitPhase {
  if (phase === null) return null;
  const element = elementBitsOf(member, typed) ?? 1;
  if (element % 8 === 0) return phase;
  const bits = memberBitsOf(member, typed);
  return bits === undefined ? null : (phase + bits) % 8;
}
