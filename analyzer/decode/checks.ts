import type { Check, Expr } from '../../spec/index.ts';
import { rootParamsOf } from './compile-type.ts';
import type { Compiler } from './compiler.ts';
import type { BitRange, Breach } from './decoded.ts';
import { compileBool } from './evaluate/bool.ts';
import { compileStruct } from './evaluate/value.ts';
import { rangeOf, softly } from './items.ts';
import type { CompiledCheck, Eval } from './plan.ts';
import type { Cell, Slot } from './slot.ts';
import { DecodeStop } from './stops.ts';
import { StructNode } from './struct-node.ts';
import { membersOf, type MemberExpr } from './walk-expression.ts';

export function compileCheck(c: Compiler, check: Check): CompiledCheck {
  return {
    check,
    holds: compileBool(c, check.expect),
    rootParams: rootParamsOf(c, check.expect),
    ranges: rangesOf(c, check.expect, new Set()),
  };
}

/** Ranges of the fields that a rule names; when it names computed values only, of those that they are computed from. */
function rangesOf(c: Compiler, expr: Expr, seen: Set<Expr>): readonly Eval<BitRange | null>[] {
  if (seen.has(expr)) return [];
  seen.add(expr);
  const members = membersOf(expr);
  const read = members.filter((member) => isRead(c, member));
  if (read.length > 0) return read.map((member) => compileRange(c, member));
  return members.flatMap((member) => {
    // Inside another object the expression has another scope, which is not followed.
    if (member.object.kind !== 'self' || member.member.kind !== 'instance') return [];
    const instance = c.plan(member.owner).type.instances[member.member.index];
    return instance?.kind === 'value' ? rangesOf(c, instance.value, seen) : [];
  });
}

function isRead(c: Compiler, { member, owner }: MemberExpr): boolean {
  if (member.kind === 'field') return true;
  return member.kind === 'instance' && c.plan(owner).type.instances[member.index]?.kind === 'parse';
}

function compileRange(c: Compiler, member: MemberExpr): Eval<BitRange | null> {
  const object = compileStruct(c, member.object);
  const plan = c.plan(member.owner);
  const slot = plan.slotOf(member.member);
  return (n, i, it) => {
    const node = softly(() => object(n, i, it));
    return node?.plan === plan ? rangeOf(node, slot) : null;
  };
}

/**
 * The rules of a PDU or a message that do not hold, object by object in reading order. A rule whose inputs are not there
 * (an `if` field that is absent, an unknown direction) says nothing and is skipped.
 */
export function findBreaches(pdu: StructNode): readonly Breach[] {
  const search = new Search(pdu.root ?? pdu);
  search.visit(pdu);
  return search.breaches ?? NONE;
}

const NONE: readonly Breach[] = [];

/** Ends: objects are visited from their holders only, so each once. */
class Search {
  breaches: Breach[] | null = null;
  /** Its params are what the conversation gives; of a message, the PDU of its first part. */
  private readonly pdu: StructNode;

  constructor(pdu: StructNode) {
    this.pdu = pdu;
  }

  visit(node: StructNode): void {
    const { plan } = node;
    for (const check of plan.checks) {
      if (outcomeOf(check, node, this.pdu) === false) {
        (this.breaches ??= []).push({ check: check.check, range: smallestRange(node, check) });
      }
    }
    for (const slot of plan.holders) this.visitCell(node, node.cells[slot]);
  }

  private visitCell(holder: StructNode, cell: Cell): void {
    if (cell instanceof StructNode) {
      if (cell.plan.checked && cell.holder === holder) this.visit(cell);
    } else if (Array.isArray(cell)) {
      for (const element of cell as readonly Slot[]) this.visitCell(holder, element);
    }
  }
}

/** Whether a rule holds of an object; null: its inputs are not there. `pdu`: who has the params. */
export function outcomeOf(check: CompiledCheck, node: StructNode, pdu: StructNode): boolean | null {
  for (const slot of check.rootParams) if (pdu.cells[slot] === undefined) return null;
  const { assumed } = pdu.run;
  if (assumed.size > 0 && check.check.reads.some((id) => assumed.has(id))) return null;
  try {
    return check.holds(node, 0, undefined);
  } catch (stop) {
    if (stop instanceof DecodeStop) return null;
    throw stop;
  }
}

function smallestRange(node: StructNode, check: CompiledCheck): BitRange {
  let smallest: BitRange | null = null;
  for (const range of check.ranges) {
    const candidate = range(node, 0, undefined);
    if (candidate !== null && (smallest === null || candidate.length < smallest.length)) smallest = candidate;
  }
  return smallest ?? node.range;
}
