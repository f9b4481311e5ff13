import type { DiagnosticSink, Place } from '../diagnostics/diagnostic.ts';
import type { Scope } from '../expression/check-context.ts';
import { describeType, isPoison } from '../expression/value-types.ts';
import type { TypedModel } from '../passes/typed-model.ts';
import type { TypeSymbol } from '../passes/symbols.ts';
import type { ExprText, Located } from '../syntax/spec-ast.ts';
import type { Expr } from './expression.ts';
import type { FieldTable } from './field-table.ts';
import type { ValueType } from './value-type.ts';

/** What every step from AST to IR needs. Types that cannot occur are lowered too, for their diagnostics. */
export interface Lowering {
  readonly typed: TypedModel;
  readonly sink: DiagnosticSink;
  readonly table: FieldTable;
  /** Ids of checks, each with the place of the first that has it. */
  readonly checkIds: Map<string, Place>;
  /** The protocol's display filter name. */
  readonly filter: string;
  /** What only messages are made of (`reassemble`), not PDUs. */
  readonly messageTypes: ReadonlySet<TypeSymbol>;
  /** Ids of the session variables. */
  readonly variables: ReadonlySet<string>;
}

/** Display filter prefix of a type's members: by type path; the main type's own members stand at the protocol's. */
export function prefixOf(symbol: TypeSymbol, lowering: Lowering): string {
  const path = symbol.file === lowering.typed.model.main.file ? symbol.path.slice(1) : symbol.path;
  return [lowering.filter, ...path].join('.');
}

/** Takes the id of a check or rule, and gives the display filter name of its expert info. */
export function claimRule(id: Located<string>, lowering: Lowering): string {
  const filter = `${lowering.filter}.rule.${id.value.toLowerCase().replaceAll('-', '_')}`;
  const first = lowering.checkIds.get(id.value);
  if (first === undefined) {
    lowering.checkIds.set(id.value, id.place);
    lowering.table.claim(filter, id.place);
  } else {
    const notes = [{ message: 'It first stands here.', place: first }];
    lowering.sink.report('spec/duplicate-id', id.place, { what: 'a check', id: id.value }, { notes });
  }
  return filter;
}

/** Reports a session variable that the spec does not declare. */
export function checkVariable(variable: Located<string>, lowering: Lowering): void {
  if (lowering.variables.has(variable.value)) return;
  const help = lowering.sink.suggest(variable.value, () => lowering.variables);
  lowering.sink.report('spec/unknown-variable', variable.place, { name: variable.value }, { help });
}

const KIND_WORDS = {
  int: 'an integer',
  bool: 'a boolean',
  string: 'text',
  io: 'a stream',
} as const;

/** Checks an expression and demands its kind. */
export function lowerExpr(
  text: ExprText,
  what: { readonly what: string; readonly kind: keyof typeof KIND_WORDS },
  scope: Scope,
  lowering: Lowering,
): Expr {
  const expr = lowering.typed.check(text, scope);
  if (expr.type.kind !== what.kind && !isPoison(expr.type)) {
    reportMismatch(text.place, { ...what, expected: KIND_WORDS[what.kind], found: expr.type }, lowering);
  }
  return expr;
}

export function reportMismatch(
  place: Place,
  wrong: { readonly what: string; readonly expected: string; readonly found: ValueType },
  lowering: Lowering,
): void {
  lowering.sink.report('spec/type-mismatch', place, {
    what: wrong.what,
    expected: wrong.expected,
    found: describeType(wrong.found, lowering.typed.model),
  });
}
