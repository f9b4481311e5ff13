import type { Expr } from './expression.ts';
import type { Content, Extent, Field, Instance, Repeat, StructType, ValidationRule } from './protocol.ts';

/** Every expression of a member, in no particular order. */
export function memberExpressions(member: Field | Instance): readonly Expr[] {
  const common = [
    ...optional(member.when),
    ...(member.valid === null ? [] : validExpressions(member.valid.rule)),
    ...member.aliases.flatMap((alias) => optional(alias.when)),
  ];
  if ('value' in member) return [...common, member.value];
  if (member.handover !== null) common.push(...member.handover.tables.map(({ key }) => key));
  const instance = 'kind' in member ? [...optional(member.pos), ...optional(member.io)] : [];
  return [...common, ...instance, ...repeatExpressions(member.repeat), ...contentExpressions(member.content)];
}

/** Expressions of a type that belong to none of its members. */
export function typeExpressions(type: StructType): readonly Expr[] {
  const { endian } = type;
  return [
    ...(endian.kind === 'calculated' ? [endian.on, ...endian.cases.map((one) => one.value)] : []),
    ...type.checks.map((check) => check.expect),
    ...type.sets.map((change) => change.value),
    ...optional(type.info),
    ...optional(type.toStringExpr),
  ];
}

function optional(expr: Expr | null): readonly Expr[] {
  return expr === null ? [] : [expr];
}

function repeatExpressions(repeat: Repeat): readonly Expr[] {
  switch (repeat.kind) {
    case 'once':
    case 'to-end':
      return [];
    case 'count':
      return [repeat.count];
    case 'until':
      return [repeat.until];
  }
}

function contentExpressions(content: Content): readonly Expr[] {
  switch (content.kind) {
    case 'integer':
    case 'float':
    case 'bits':
    case 'contents':
      return [];
    case 'bytes':
    case 'string':
    case 'opaque':
      return extentExpressions(content.extent);
    case 'struct':
      return [
        ...content.args,
        ...(content.extent === null ? [] : extentExpressions(content.extent)),
        ...(content.parent.kind === 'other' ? [content.parent.object] : []),
      ];
    case 'switch':
      return [
        content.on,
        ...content.arms.flatMap((arm) => [arm.value, ...contentExpressions(arm.content)]),
        ...(content.fallback === null ? [] : contentExpressions(content.fallback)),
      ];
  }
}

function extentExpressions(extent: Extent): readonly Expr[] {
  const length = extent.length.kind === 'size' ? [extent.length.octets] : [];
  const { process } = extent;
  switch (process?.kind) {
    case undefined:
    case 'zlib':
      return length;
    case 'xor':
      return [...length, process.key];
    case 'rotate':
      return [...length, process.bits];
    case 'custom':
      return [...length, ...process.args];
  }
}

function validExpressions(rule: ValidationRule): readonly Expr[] {
  switch (rule.kind) {
    case 'equal':
      return [rule.value];
    case 'range':
      return [...optional(rule.min), ...optional(rule.max)];
    case 'any-of':
      return rule.values;
    case 'in-enum':
      return [];
    case 'expression':
      return [rule.expr];
  }
}
