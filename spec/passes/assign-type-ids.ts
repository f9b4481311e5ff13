import { visitAst } from '../expression/parse-expression.ts';
import type { ExprText } from '../syntax/spec-ast.ts';
import { memberExpressions, typeExpressions } from './declared-expressions.ts';
import { findType } from './find-names.ts';
import { messageUseOf, typeUsesOf } from './resolve-types.ts';
import type { SpecModel, TypeSymbol } from './symbols.ts';

/**
 * Numbers the types: first those that can occur in a PDU (or that a cast names), beginning with the root; Wireshark
 * is told of no others. An import can bring dozens that the spec does not use. Done again when parents are known.
 */
export function assignTypeIds(model: SpecModel): number {
  model.typeIds.clear();
  model.typesById.length = 0;
  const order = reach(model, [model.main], new Set());
  reach(model, messageRoots(model), order);
  const reachable = order.size;
  for (const symbol of model.types) order.add(symbol);
  for (const symbol of order) {
    model.typeIds.set(symbol, model.typesById.length);
    model.typesById.push(symbol);
  }
  return reachable;
}

/** What only messages are made of: no PDU has an object of these types. */
export function messageTypesOf(model: SpecModel): ReadonlySet<TypeSymbol> {
  const inPdus = reach(model, [model.main], new Set());
  return new Set([...reach(model, messageRoots(model), new Set())].filter((symbol) => !inPdus.has(symbol)));
}

function messageRoots(model: SpecModel): TypeSymbol[] {
  const use = messageUseOf(model);
  const resolved = use === undefined ? undefined : model.resolvedTypes.get(use);
  return resolved?.kind === 'struct' ? [resolved.symbol] : [];
}

/** Adds the types that can be reached from some, in the order in which they are used. */
function reach(model: SpecModel, from: TypeSymbol[], order: Set<TypeSymbol>): Set<TypeSymbol> {
  const pending = [...from];
  for (let symbol = pending.pop(); symbol !== undefined; symbol = pending.pop()) {
    if (order.has(symbol)) continue;
    order.add(symbol);
    // Last in, first out: reversed, so that types are numbered in the order in which they are used.
    pending.push(...usedTypes(model, symbol).reverse());
  }
  return order;
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
  const members = [...symbol.fields, ...symbol.instances].flatMap(memberExpressions);
  for (const text of [...typeExpressions(symbol), ...members])
    used.push(...typesNamedIn(text, model, symbol));
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
