import { DiagnosticSink } from '../diagnostics/diagnostic.ts';
import { typeUsesOf } from './resolve-types.ts';
import type { FieldSymbol, InstanceSymbol, SpecModel, TypeSymbol } from './symbols.ts';
import { isExternalUse } from './symbols.ts';
import { elementScope, TypedModel } from './typed-model.ts';

/**
 * Finds the type of `_parent` in each type: the type that uses it. Used in several, `_parent` has no type of which
 * members are known. Uses from another file give no parent at all.
 *
 * Depth first from the outermost types, for `parent: _parent` needs the parent of the type in which it stands.
 */
export function deriveParents(model: SpecModel): void {
  // A model of its own: what it finds before all parents are known is not final. The real check comes later.
  const typed = new TypedModel(model, new DiagnosticSink());
  const visited = new Set<TypeSymbol>();
  for (const start of typed.model.types) {
    const pending = [start];
    for (let symbol = pending.pop(); symbol !== undefined; symbol = pending.pop()) {
      if (visited.has(symbol)) continue;
      visited.add(symbol);
      pending.push(...markChildren(symbol, typed).reverse());
    }
  }
}

/** Gives the types that a type uses their parent; those that now have their first one are to be visited next. */
function markChildren(symbol: TypeSymbol, typed: TypedModel): TypeSymbol[] {
  const first: TypeSymbol[] = [];
  for (const member of [...symbol.fields, ...symbol.instances]) {
    for (const use of typeUsesOf(member)) {
      const resolved = typed.model.resolvedTypes.get(use);
      if (resolved?.kind !== 'struct') continue;
      const parent = parentOf(member, resolved.symbol, typed);
      if (parent !== undefined && mark(resolved.symbol, parent, typed)) first.push(resolved.symbol);
    }
  }
  return first;
}

function parentOf(
  member: FieldSymbol | InstanceSymbol,
  child: TypeSymbol,
  typed: TypedModel,
): TypeSymbol | undefined {
  const { parent } = member.decl;
  if (parent?.kind === 'none') return undefined;
  if (parent === undefined) return isExternalUse(member.owner, child) ? undefined : member.owner;
  const { type } = typed.check(parent.object, elementScope(member));
  return type.kind === 'struct' && type.type !== null ? typed.model.typesById[type.type] : undefined;
}

/** True when it is the child's first parent. */
function mark(child: TypeSymbol, parent: TypeSymbol, typed: TypedModel): boolean {
  const known = typed.model.parents.get(child);
  if (known === undefined) {
    typed.model.parents.set(child, { kind: 'one', symbol: parent });
    return true;
  }
  if (known.kind === 'one' && known.symbol !== parent) typed.model.parents.set(child, { kind: 'several' });
  return false;
}
