import type { DiagnosticSink, Place } from '../diagnostics/diagnostic.ts';
import type { Expr } from '../ir/expression.ts';
import type { ValueType } from '../ir/value-type.ts';
import type { MemberSymbol, SpecModel, TypeSymbol } from '../passes/symbols.ts';
import type { ExprText } from '../syntax/spec-ast.ts';
import type { TextRange } from './expression-ast.ts';
import { placeInside } from './parse-expression.ts';
import { POISON } from './value-types.ts';

/** What the expression checker must know of the rest; `TypedModel` answers. */
export interface TypeQueries {
  readonly model: SpecModel;
  readonly sink: DiagnosticSink;
  memberType(member: MemberSymbol): ValueType;
  parentType(symbol: TypeSymbol): ValueType;
  /** Bits of one element of the member; undefined: not the same in every object. */
  memberBits(member: MemberSymbol): number | undefined;
  typeBits(symbol: TypeSymbol): number | undefined;
  /** Where the number behind a value of an enum can lie; the data may hold numbers that the enum does not name. */
  enumInterval(value: Expr): ValueType;
}

/** Where an expression stands: what its names mean. */
export interface Scope {
  readonly self: TypeSymbol;
  /** The type of `_`; undefined: it has no meaning here. */
  readonly it: ValueType | undefined;
  /** `_index` has a meaning: inside a repeated attribute. */
  readonly repeated: boolean;
  /** In the key `-wireshark`: our own methods are allowed. */
  readonly wire: boolean;
}

export interface CheckContext {
  readonly queries: TypeQueries;
  readonly scope: Scope;
  readonly text: ExprText;
}

export function placeOf(context: CheckContext, range: TextRange): Place {
  return placeInside(context.text, range);
}

/** What stands for an expression that is wrong and reported. */
export const BAD: Expr = { kind: 'int', value: 0n, type: POISON };
