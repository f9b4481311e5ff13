import type { Scope } from '../expression/check-context.ts';
import { areComparable } from '../expression/check-operators.ts';
import { describeType, isPoison } from '../expression/value-types.ts';
import type { MemberSymbol } from '../passes/symbols.ts';
import { plainScope } from '../passes/typed-model.ts';
import type { ExprText, ValidDecl } from '../syntax/spec-ast.ts';
import type { Expr } from './expression.ts';
import type { Lowering } from './lowering.ts';
import { lowerExpr } from './lowering.ts';
import type { Validation, ValidationRule } from './protocol.ts';
import type { ValueType } from './value-type.ts';

/** `valid`. `type`: of one occurrence of the value. */
export function lowerValid(
  decl: ValidDecl | undefined,
  member: Exclude<MemberSymbol, { kind: 'param' }>,
  type: ValueType,
  lowering: Lowering,
): Validation | null {
  if (decl === undefined) return null;
  const scope: Scope = {
    ...plainScope(member.owner),
    it: type,
    repeated: member.decl.repeat.kind !== 'once',
  };
  const rule = lowerRule(decl, { type, scope, hasEnum: member.decl.enum !== undefined }, lowering);
  return rule === undefined ? null : { rule, severity: decl.severity, message: decl.message ?? null };
}

interface Validated {
  readonly type: ValueType;
  readonly scope: Scope;
  readonly hasEnum: boolean;
}

function lowerRule(decl: ValidDecl, validated: Validated, lowering: Lowering): ValidationRule | undefined {
  const { rule } = decl;
  switch (rule.kind) {
    case 'equal':
      return { kind: 'equal', value: comparable(rule.value, validated, lowering) };
    case 'range': {
      const min = rule.min === undefined ? null : ordered(rule.min, validated, lowering);
      const max = rule.max === undefined ? null : ordered(rule.max, validated, lowering);
      return { kind: 'range', min, max };
    }
    case 'any-of':
      return { kind: 'any-of', values: rule.values.map((value) => comparable(value, validated, lowering)) };
    case 'in-enum':
      if (validated.type.kind === 'enum') return { kind: 'in-enum', enum: validated.type.enum };
      if (!validated.hasEnum) {
        lowering.sink.report('spec/key-conflict', rule.place, { detail: '"in-enum" needs the key "enum".' });
      }
      return undefined;
    case 'expression': {
      const what = { what: '"expr" of "valid"', kind: 'bool' } as const;
      return { kind: 'expression', expr: lowerExpr(rule.expr, what, validated.scope, lowering) };
    }
  }
}

function comparable(text: ExprText, validated: Validated, lowering: Lowering): Expr {
  const value = lowering.typed.check(text, validated.scope);
  if (!areComparable(validated.type, value.type)) {
    const { model } = lowering.typed;
    const params = { left: describeType(validated.type, model), right: describeType(value.type, model) };
    lowering.sink.report('spec/not-comparable', text.place, params);
  }
  return value;
}

function ordered(text: ExprText, validated: Validated, lowering: Lowering): Expr {
  const value = comparable(text, validated, lowering);
  const { kind } = validated.type;
  if ((kind === 'bool' || kind === 'enum') && !isPoison(value.type)) {
    const operands = describeType(validated.type, lowering.typed.model);
    lowering.sink.report('spec/operand-types', text.place, { operator: 'min/max', operands });
  }
  return value;
}
