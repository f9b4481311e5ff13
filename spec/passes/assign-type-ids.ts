import { visitAst } from '../expression/parse-expression.ts';
import type { ExprText, TypeUse } from '../syntax/spec-ast.ts';
import { findType } from './find-names.ts';
import { typeUsesOf } from './resolve-types.ts';
import type { MemberSymbol, SpecModel, TypeSymbol } from './symbols.ts';

/**
 * Numbers the types: first those that can occur in a PDU (or that a cast names), beginning with the root; Wireshark
 * is told of no others. An import can bring dozens that the spec does not use. Done again when parents are known.
 */
export function assignTypeIds(model: SpecModel): number {
  model.typeIds.clear();
  model.typesById.length = 0;
  const order = new Set<TypeSymbol>();
  const pending: TypeSymbol[] = [model.main];
  for (let symbol = pending.pop(); symbol !== undefined; symbol = pending.pop()) {
    if (order.has(symbol)) continue;
    order.add(symbol);
    // Last in, first out: reversed, so that types are numbered in the order in which they are used.
    pending.push(...usedTypes(model, symbol).reverse());
  }
  const reachable = order.size;
  for (const symbol of model.types) order.add(symbol);
  for (const symbol of order) {
    model.typeIds.set(symbol, model.typesById.length);
    model.typesById.push(symbol);
  }
  return reachable;
}

function usedTypes(model: SpecModel, symbol: TypeSymbol): TypeSymbol[] {
  const used: TypeSymbol[] = [];
  const parent = model.parents.get(symbol);
  if (parent?.kind === 'one') used.push(parent.symbol);
  for (const member of [...symbol.params, ...symbol.fields, ...symbol.instances]) {
    for (const use of typeUsesOf(member)) {
      const resolved = model.resolvedTypes.get(use);
      if (resolved?.kind === 'struct') used.push(resolved.symbol);
    }
  }
  for (const text of expressionsOf(symbol)) used.push(...typesNamedIn(text, model, symbol));
  return used;
}

function typesNamedIn(text: ExprText, model: SpecModel, from: TypeSymbol): readonly TypeSymbol[] {
  const named: TypeSymbol[] = [];
  if (text.ast === undefined) return named;
  visitAst(text.ast, (node) => {
    if (node.kind !== 'cast') return;
    const found = findType(model, from, node.type.path, node.type.absolute);
    if (found !== undefined) named.push(found);
  });
  return named;
}

function expressionsOf(symbol: TypeSymbol): readonly ExprText[] {
  const { meta, toStringExpr, wire } = symbol.decl;
  const endian =
    meta.endian?.kind === 'switch' ? [meta.endian.on, ...meta.endian.cases.map((one) => one.value)] : [];
  const checks = wire?.checks.map((check) => check.expect) ?? [];
  const own = [...endian, toStringExpr, wire?.info, ...checks];
  const all = [...own, ...[...symbol.fields, ...symbol.instances].flatMap(memberExpressions)];
  return all.filter((text) => text !== undefined);
}

type Optional = ExprText | undefined;

/** Every expression of an attribute or instance. */
function memberExpressions(member: Exclude<MemberSymbol, { kind: 'param' }>): readonly Optional[] {
  const { decl } = member;
  const { repeat, process, parent, type, valid } = decl;
  const instance = 'value' in decl ? [decl.value, decl.pos, decl.io] : [];
  const uses = typeUsesOf(member);
  const cases = type !== undefined && 'on' in type ? [type.on, ...type.cases.map((one) => one.value)] : [];
  return [
    ...instance,
    ...cases,
    ...uses.flatMap(argumentsOf),
    decl.size,
    decl.when,
    repeat.kind === 'count' ? repeat.count : repeat.kind === 'until' ? repeat.until : undefined,
    ...(process === undefined ? [] : processExpressions(process)),
    parent?.kind === 'other' ? parent.object : undefined,
    ...(valid === undefined ? [] : validExpressions(valid.rule)),
    ...decl.wire.aliases.map((alias) => alias.when),
  ];
}

function argumentsOf(use: TypeUse): readonly ExprText[] {
  return use.name.kind === 'user' ? use.name.args : [];
}

function processExpressions(process: NonNullable<MemberSymbolDecl['process']>): readonly Optional[] {
  switch (process.kind) {
    case 'xor':
      return [process.key];
    case 'rotate':
      return [process.bits];
    case 'zlib':
      return [];
    case 'custom':
      return process.args;
  }
}

type MemberSymbolDecl = Exclude<MemberSymbol, { kind: 'param' }>['decl'];

function validExpressions(rule: NonNullable<MemberSymbolDecl['valid']>['rule']): readonly Optional[] {
  switch (rule.kind) {
    case 'equal':
      return [rule.value];
    case 'range':
      return [rule.min, rule.max];
    case 'any-of':
      return rule.values;
    case 'in-enum':
      return [];
    case 'expression':
      return [rule.expr];
  }
}
