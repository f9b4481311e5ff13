import type { TypeSymbol } from '../passes/symbols.ts';
import { ALIGNED, isBitField, nextState, roundToOctet, startPhase } from '../passes/static-sizes.ts';
import { plainScope } from '../passes/typed-model.ts';
import { lowerChecks, lowerSets } from './lower-checks.ts';
import { lowerField, lowerInstance, lowerParam } from './lower-field.ts';
import type { Lowering } from './lowering.ts';
import { lowerExpr } from './lowering.ts';
import type { Field, StructType, TypeEndian } from './protocol.ts';
import { areComparable } from '../expression/check-operators.ts';
import { describeType } from '../expression/value-types.ts';

export function lowerType(symbol: TypeSymbol, lowering: Lowering): StructType {
  const { typed } = lowering;
  const { decl } = symbol;
  const isRoot = symbol === typed.model.main;
  const scope = plainScope(symbol);
  const info = decl.wire?.info;
  return {
    id: typed.model.typeIds.get(symbol) ?? 0,
    path: symbol.path,
    doc: decl.doc,
    parent: typed.parentType(symbol),
    params: symbol.params.map((param) => lowerParam(param, isRoot, lowering)),
    fields: lowerFields(symbol, lowering),
    instances: symbol.instances.map((instance) => lowerInstance(instance, lowering)),
    endian: lowerEndian(symbol, lowering),
    checks: lowerChecks(symbol, lowering),
    sets: lowerSets(symbol, lowering),
    info:
      info === undefined
        ? null
        : lowerExpr(info, { what: '"info"', kind: 'string' }, { ...scope, wire: true }, lowering),
    toStringExpr:
      decl.toStringExpr === undefined
        ? null
        : lowerExpr(decl.toStringExpr, { what: '"to-string"', kind: 'string' }, scope, lowering),
    staticBits: typed.typeBits(symbol) ?? null,
    span: decl.place.span,
  };
}

/** The items of `seq`, each with the place where it begins as long as that is always the same. */
function lowerFields(symbol: TypeSymbol, lowering: Lowering): readonly Field[] {
  const { typed } = lowering;
  const fields: Field[] = [];
  let offset: number | null = 0;
  let state = ALIGNED;
  for (const member of symbol.fields) {
    const isBits = isBitField(member.decl);
    if (!isBits && offset !== null) offset = roundToOctet(offset);
    const shift = startPhase(state, member);
    const offsetBits = shift === null ? null : offset;
    fields.push(lowerField(member, { offsetBits, shift }, lowering));
    state = nextState(state, member, typed);
    const bits = typed.memberBits(member);
    offset = offset === null || bits === undefined ? null : offset + bits;
  }
  return fields;
}

function lowerEndian(symbol: TypeSymbol, lowering: Lowering): TypeEndian {
  const { endian } = symbol.decl.meta;
  if (endian?.kind === 'fixed') return { kind: 'fixed' };
  if (endian === undefined) return inheritsEndian(symbol) ? { kind: 'inherited' } : { kind: 'fixed' };
  const { typed, sink } = lowering;
  const scope = plainScope(symbol);
  const on = typed.check(endian.on, scope);
  const cases: { value: typeof on; endian: 'le' | 'be' }[] = [];
  let fallback: 'le' | 'be' | null = null;
  for (const one of endian.cases) {
    if (one.value === undefined) {
      fallback = one.endian;
      continue;
    }
    const value = typed.check(one.value, { ...scope, it: on.type });
    if (!areComparable(on.type, value.type)) {
      const params = {
        left: describeType(on.type, typed.model),
        right: describeType(value.type, typed.model),
      };
      sink.report('spec/not-comparable', one.value.place, params);
    }
    cases.push({ value, endian: one.endian });
  }
  return { kind: 'calculated', on, cases, fallback };
}

/** A type inside one whose order is calculated has the order of the object it is read in. */
function inheritsEndian(symbol: TypeSymbol): boolean {
  for (let here = symbol.up; here !== undefined; here = here.up) {
    const { endian } = here.decl.meta;
    if (endian !== undefined) return endian.kind === 'switch';
  }
  return false;
}
