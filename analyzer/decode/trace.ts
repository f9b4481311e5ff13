import type { Check, Field, Instance, Param, StructType } from '../../spec/index.ts';
import { NO_ARM } from './arms.ts';
import { outcomeOf } from './checks.ts';
import { changesBy, type StateUpdate } from './context.ts';
import type { BitRange, DecodedPdu, Value } from './decoded.ts';
import { valueOfInstance } from './instance-value.ts';
import { elementRange, rangeOf, softly, toValue } from './items.ts';
import { UNREAD, type Cell, type Slot } from './slot.ts';
import { StructNode } from './struct-node.ts';

/** Which way reading took at one member. */
export interface MemberTrace {
  readonly member: Field | Instance;
  /** `records[2].value`; of a repeated member without the position. */
  readonly path: string;
  readonly outcome:
    | 'present'
    /** Its `if` does not hold. */
    | 'absent'
    /** No arm of its switch fits. */
    | 'no-arm';
  /** What was read, one by one; of a member that is not repeated, one. Empty when it is absent. */
  readonly occurrences: readonly Occurrence[];
}

export interface Occurrence {
  readonly value: Value;
  readonly range: BitRange | null;
  /** Position of the switch arm, FALLBACK_ARM or NO_ARM; null: no switch, or an object that was read only in part. */
  readonly arm: number | null;
}

/** What became of one object. */
export interface ObjectTrace {
  readonly type: StructType;
  readonly params: readonly { readonly param: Param; readonly value: Value }[];
  /** Without those that reading did not come to. */
  readonly members: readonly MemberTrace[];
  /** Rules that could be applied. */
  readonly checks: readonly { readonly check: Check; readonly held: boolean }[];
  /** What a complete PDU with it makes of the session variables. */
  readonly changes: readonly StateUpdate[];
}

/** The ways that reading took in a PDU or a message, object by object. Made when somebody asks, from what was read. */
export function traceObjects({ root }: DecodedPdu): readonly ObjectTrace[] {
  const traces: ObjectTrace[] = [];
  if (root instanceof StructNode) visit(root, root.root ?? root, traces);
  return traces;
}

/** Ends: objects are visited from their holders only, so each once. */
function visit(node: StructNode, pdu: StructNode, traces: ObjectTrace[]): void {
  const { plan } = node;
  const members: MemberTrace[] = [];
  for (const [slot, member] of plan.members.entries()) {
    if (slot < plan.fieldBase) continue;
    const trace = traceMember(node, slot, member as Field | Instance);
    if (trace !== null) members.push(trace);
  }
  traces.push({
    type: plan.type,
    params: plan.type.params.map((param, slot) => ({ param, value: toValue(node.plainCell(slot)) })),
    members,
    checks: plan.checks.flatMap((check) => {
      const held = outcomeOf(check, node, pdu);
      return held === null ? [] : [{ check: check.check, held }];
    }),
    changes: changesBy(node),
  });
  for (const slot of plan.holders) visitCell(node, node.cells[slot], pdu, traces);
}

function visitCell(holder: StructNode, cell: Cell, pdu: StructNode, traces: ObjectTrace[]): void {
  if (cell instanceof StructNode) {
    if (cell.holder === holder) visit(cell, pdu, traces);
  } else if (Array.isArray(cell)) {
    for (const element of cell as readonly Slot[]) visitCell(holder, element, pdu, traces);
  }
}

/** null: reading did not come to it, or it is an instance that nobody asked for. */
function traceMember(node: StructNode, slot: number, member: Field | Instance): MemberTrace | null {
  const cell = reached(node, slot, member);
  if (cell === null) return null;
  const base = { member, path: node.pathOf(slot, -1) };
  const extra = node.extras?.[slot];
  if (cell !== undefined) {
    return { ...base, outcome: 'present', occurrences: occurrencesOf(node, slot, cell) };
  }
  if (extra?.arm === NO_ARM) return { ...base, outcome: 'no-arm', occurrences: [] };
  return member.when === null ? null : { ...base, outcome: 'absent', occurrences: [] };
}

function reached(node: StructNode, slot: number, member: Field | Instance): Slot | null {
  if ('kind' in member && member.kind === 'value') softly(() => valueOfInstance(node, slot));
  const cell = node.cells[slot];
  if (cell === UNREAD || typeof cell === 'symbol') return null;
  if (cell === undefined && slot < node.plan.instanceBase && slot - node.plan.fieldBase >= node.reading) {
    return null;
  }
  return cell;
}

function occurrencesOf(node: StructNode, slot: number, cell: Slot): readonly Occurrence[] {
  const extra = node.extras?.[slot];
  const elements = extra?.elements ?? null;
  const member = node.member(slot);
  const isSwitch = 'content' in member && member.content.kind === 'switch';
  if (elements === null || !Array.isArray(cell)) {
    return [
      { value: toValue(cell), range: rangeOf(node, slot), arm: isSwitch ? (extra?.arm ?? null) : null },
    ];
  }
  return (cell as readonly Slot[]).map((element, index) => ({
    value: toValue(element),
    range: elementRange(node, slot, index),
    arm: isSwitch ? (elements.arms[index] ?? null) : null,
  }));
}
