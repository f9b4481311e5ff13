import type { DiagnosticSink } from '../diagnostics/diagnostic.ts';
import { primitiveType } from '../expression/check-cast.ts';
import { BAD } from '../expression/check-context.ts';
import type { Scope, TypeQueries } from '../expression/check-context.ts';
import { checkExpression } from '../expression/check-expression.ts';
import {
  ANY_INT,
  BYTES,
  commonType,
  describeType,
  isPoison,
  NO_STRUCT,
  POISON,
} from '../expression/value-types.ts';
import type { Expr } from '../ir/expression.ts';
import type { ValueType } from '../ir/value-type.ts';
import type { AttributeDecl, ExprText, Located, TypeName, TypeUse } from '../syntax/spec-ast.ts';
import { endPhaseOf, memberBitsOf, typeBitsOf } from './static-sizes.ts';
import type { BitPhase } from './static-sizes.ts';
import type { FieldSymbol, InstanceSymbol, MemberSymbol, SpecModel, TypeSymbol } from './symbols.ts';

/** Links of a chain of definitions that are followed by recursion: far from the stack's end, beyond any real spec. */
const MAX_CHAIN = 300;

/**
 * The model with types. Types are found when first asked for, because a value instance has the type of its
 * expression, which names other members; what is being found already and asked for again has none.
 */
export class TypedModel implements TypeQueries {
  readonly model: SpecModel;
  readonly sink: DiagnosticSink;
  readonly #expressions = new Map<ExprText, Expr>();
  readonly #memberTypes = new Map<MemberSymbol, ValueType | 'open'>();
  readonly #typeBits = new Map<TypeSymbol, number | undefined>();
  readonly #openBits = new Set<TypeSymbol>();
  readonly #endPhases = new Map<TypeSymbol, BitPhase>();
  #openMembers = 0;
  #openPhases = 0;

  constructor(model: SpecModel, sink: DiagnosticSink) {
    this.model = model;
    this.sink = sink;
  }

  /** Each expression stands in one scope: it is checked once, and reported on once. */
  check(text: ExprText, scope: Scope): Expr {
    const known = this.#expressions.get(text);
    if (known !== undefined) return known;
    const checked = text.ast === undefined ? BAD : checkExpression(text.ast, { queries: this, scope, text });
    this.#expressions.set(text, checked);
    return checked;
  }

  memberType(member: MemberSymbol): ValueType {
    const known = this.#memberTypes.get(member);
    if (known === 'open') {
      const what = member.kind === 'instance' ? 'value' : 'type';
      this.sink.report('spec/endless-definition', member.place, { what, name: member.id });
      return POISON;
    }
    if (known !== undefined) return known;
    if (this.#openMembers >= MAX_CHAIN) {
      this.sink.report('spec/too-deep', member.place, {
        what: 'Values made of other values',
        limit: MAX_CHAIN,
      });
      return POISON;
    }
    this.#memberTypes.set(member, 'open');
    this.#openMembers += 1;
    const type = this.#findMemberType(member);
    this.#openMembers -= 1;
    this.#memberTypes.set(member, type);
    return type;
  }

  #findMemberType(member: MemberSymbol): ValueType {
    if (member.kind === 'param') {
      const type = this.#nameType(member.decl.type.name, member.decl.type);
      return this.#withEnum(type, member.decl.enum);
    }
    if (member.kind === 'instance' && member.decl.value !== undefined) {
      const value = this.check(member.decl.value, plainScope(member.owner));
      return this.#withEnum(value.type, member.decl.enum);
    }
    const element = this.elementType(member.decl);
    return member.decl.repeat.kind === 'once' ? element : { kind: 'array', element };
  }

  /** The type of one occurrence. */
  elementType(decl: AttributeDecl): ValueType {
    const { type } = decl;
    if (type === undefined) return this.#withEnum(BYTES, decl.enum);
    if (!('on' in type)) return this.useType(type, decl.enum);
    const types = type.cases.map((one) => this.useType(one.type, decl.enum));
    if (hasImplicitBytes(decl)) types.push(BYTES);
    let common: ValueType | undefined;
    for (const next of types)
      common = common === undefined ? next : (commonType(common, next) ?? { kind: 'any' });
    return common ?? { kind: 'any' };
  }

  useType(use: TypeUse, enumName: Located<string> | undefined): ValueType {
    // One bit of an enum is a number, not a boolean.
    if (use.name.kind === 'bits' && enumName !== undefined) {
      return this.#withEnum({ kind: 'int', min: 0n, max: (1n << BigInt(use.name.width)) - 1n }, enumName);
    }
    return this.#withEnum(this.#nameType(use.name, use), enumName);
  }

  #nameType(name: TypeName, use: TypeUse): ValueType {
    if (name.kind === 'array') return { kind: 'array', element: this.#nameType(name.element, use) };
    if (name.kind !== 'user') return primitiveType(name);
    const resolved = this.model.resolvedTypes.get(use);
    switch (resolved?.kind) {
      case 'struct':
        return { kind: 'struct', type: this.model.typeIds.get(resolved.symbol) ?? null };
      case 'opaque':
        return NO_STRUCT;
      case 'broken':
      case undefined:
        return POISON;
    }
  }

  #withEnum(type: ValueType, name: Located<string> | undefined): ValueType {
    if (name === undefined || isPoison(type)) return type;
    if (type.kind !== 'int') {
      const found = describeType(type, this.model);
      this.sink.report('spec/enum-needs-integer', name.place, { found });
      return POISON;
    }
    const symbol = this.model.resolvedEnums.get(name);
    return symbol === undefined ? POISON : { kind: 'enum', enum: symbol.id };
  }

  parentType(symbol: TypeSymbol): ValueType {
    const parent = this.model.parents.get(symbol);
    if (parent?.kind !== 'one') return NO_STRUCT;
    return { kind: 'struct', type: this.model.typeIds.get(parent.symbol) ?? null };
  }

  memberBits(member: MemberSymbol): number | undefined {
    return member.kind === 'param' ? undefined : memberBitsOf(member, this);
  }

  typeBits(symbol: TypeSymbol): number | undefined {
    if (this.#typeBits.has(symbol)) return this.#typeBits.get(symbol);
    // A type that contains itself has no fixed size, and nobody asks for the size of one of hundreds of levels.
    if (this.#openBits.has(symbol) || this.#openBits.size >= MAX_CHAIN) return undefined;
    this.#openBits.add(symbol);
    const bits = typeBitsOf(symbol, this);
    this.#openBits.delete(symbol);
    this.#typeBits.set(symbol, bits);
    return bits;
  }

  /** Where in an octet an object of the type ends; null: not always at the same place. */
  endPhase(symbol: TypeSymbol): BitPhase {
    const known = this.#endPhases.get(symbol);
    if (known !== undefined) return known;
    // What contains itself, or is nested hundreds deep, is not followed.
    this.#endPhases.set(symbol, null);
    this.#openPhases += 1;
    const phase = this.#openPhases > MAX_CHAIN ? null : endPhaseOf(symbol, this);
    this.#openPhases -= 1;
    this.#endPhases.set(symbol, phase);
    return phase;
  }

  enumInterval(value: Expr): ValueType {
    if (value.kind === 'enum') return { kind: 'int', min: value.value, max: value.value };
    if (value.kind === 'member') return this.#memberEnumInterval(value.owner, value.member.id);
    if (value.kind === 'subscript') return this.enumInterval(value.object);
    if (value.kind !== 'choose') return ANY_INT;
    return commonType(this.enumInterval(value.yes), this.enumInterval(value.no)) ?? ANY_INT;
  }

  #memberEnumInterval(owner: number, id: string): ValueType {
    const member = this.model.typesById[owner]?.members.get(id);
    if (member === undefined) return ANY_INT;
    if (member.kind === 'instance' && member.decl.value !== undefined) {
      const value = this.check(member.decl.value, plainScope(member.owner));
      if (value.type.kind === 'int') return value.type;
      return value.type.kind === 'enum' ? this.enumInterval(value) : ANY_INT;
    }
    const { type } = member.decl;
    if (type === undefined || 'on' in type) return ANY_INT;
    if (type.name.kind === 'bits') return { kind: 'int', min: 0n, max: (1n << BigInt(type.name.width)) - 1n };
    const underlying = primitiveType(type.name.kind === 'array' ? type.name.element : type.name);
    return underlying.kind === 'int' ? underlying : ANY_INT;
  }
}

/** A switch with a size but no case `_` gives the octets when no case holds. */
export function hasImplicitBytes(decl: AttributeDecl): boolean {
  if (decl.type === undefined || !('on' in decl.type)) return false;
  const hasElse = decl.type.cases.some((one) => one.value === undefined);
  return !hasElse && (decl.size !== undefined || decl.sizeEos);
}

export function plainScope(self: TypeSymbol): Scope {
  return { self, it: undefined, repeated: false, wire: false };
}

/** Of the expressions that are evaluated for each occurrence. */
export function elementScope(member: FieldSymbol | InstanceSymbol): Scope {
  return { ...plainScope(member.owner), repeated: member.decl.repeat.kind !== 'once' };
}
