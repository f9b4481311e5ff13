import type { FilterAlias, TypeId } from '../../spec/index.ts';
import type { Compiler } from './compiler.ts';
import type { BitRange, DecodedPdu } from './decoded.ts';
import { compileBool } from './evaluate/bool.ts';
import { rangeOf, softly } from './items.ts';
import type { Eval } from './plan.ts';
import type { Cell, Slot } from './slot.ts';
import { StructNode } from './struct-node.ts';

/** A field under the name that the built-in dissector has for it. */
export interface AliasedField {
  readonly alias: FilterAlias;
  /** Octets of the member; null: it is computed. */
  readonly range: BitRange | null;
}

interface CompiledAlias {
  readonly slot: number;
  readonly alias: FilterAlias;
  readonly when: Eval<boolean> | null;
}

/** Tells the aliases that hold of a PDU, in reading order. */
export type AliasesOf = (pdu: DecodedPdu) => readonly AliasedField[];

export function compileAliases(c: Compiler): AliasesOf {
  const byType = new Map<TypeId, readonly CompiledAlias[]>();
  for (const plan of c.plans) {
    const { fields, instances } = plan.type;
    const ofFields = fields.flatMap(({ aliases }, i) => compileAll(c, aliases, plan.fieldBase + i));
    const ofInstances = instances.flatMap(({ aliases }, i) => compileAll(c, aliases, plan.instanceBase + i));
    byType.set(plan.id, [...ofFields, ...ofInstances]);
  }
  return ({ root }) => {
    const found: AliasedField[] = [];
    if (root instanceof StructNode) visit(root, byType, found);
    return found;
  };
}

function compileAll(c: Compiler, aliases: readonly FilterAlias[], slot: number): CompiledAlias[] {
  return aliases.map((alias) => ({
    slot,
    alias,
    when: alias.when === null ? null : compileBool(c, alias.when),
  }));
}

function visit(
  node: StructNode,
  byType: ReadonlyMap<TypeId, readonly CompiledAlias[]>,
  found: AliasedField[],
): void {
  for (const { slot, alias, when } of byType.get(node.plan.id) ?? []) {
    const range = rangeOf(node, slot);
    if (range === null) continue;
    if (when === null || softly(() => when(node, 0, undefined)) === true) found.push({ alias, range });
  }
  for (let slot = node.plan.fieldBase; slot < node.cells.length; slot++) {
    visitCell(node, node.cells[slot], (child) => visit(child, byType, found));
  }
}

function visitCell(node: StructNode, cell: Cell, visitChild: (child: StructNode) => void): void {
  if (cell instanceof StructNode) {
    if (cell.holder === node) visitChild(cell);
  } else if (Array.isArray(cell)) {
    for (const element of cell as readonly Slot[]) visitCell(node, element, visitChild);
  }
}
