import { valueOfInstance } from '../instance-value.ts';
import { UNREAD, type Cell, type Slot } from '../slot.ts';
import { AbsentInput, BadData, EndOfData, OverLimit } from '../stops.ts';
import { StructNode } from '../struct-node.ts';

/**
 * Computes and reads the instances that are shown, after the sequence of the PDU is complete (they may need what
 * stands behind them). Ends because each object lies deeper than its holder, depth is bounded, and so is the work.
 */
export function settle(node: StructNode): void {
  const { plan } = node;
  for (const slot of plan.holders) {
    if (slot < plan.instanceBase) settleChildren(node, node.cells[slot]);
  }
  for (const slot of plan.settled) {
    const value = settleInstance(node, slot);
    if (isRepetitionOfAncestor(value)) node.cells[slot] = UNREAD;
    else settleChildren(node, value);
  }
}

function settleChildren(node: StructNode, cell: Cell): void {
  if (cell instanceof StructNode) {
    // An alias of an object is settled where the object was read.
    if (cell.holder === node && cell.plan.settles) settle(cell);
  } else if (Array.isArray(cell)) {
    for (const element of cell as readonly Slot[]) settleChildren(node, element);
  }
}

function settleInstance(node: StructNode, slot: number): Slot {
  try {
    return valueOfInstance(node, slot);
  } catch (stop) {
    noteFailure(stop, node, slot);
    return undefined;
  }
}

/** What an instance lacks is no fault of the PDU: it is absent, like an `if` that does not hold. */
function noteFailure(stop: unknown, node: StructNode, slot: number): void {
  if (stop instanceof AbsentInput) return;
  if (stop instanceof EndOfData && stop.stream.carrier && !node.run.wholePayload) throw stop;
  if (stop instanceof OverLimit && stop.fatal) throw stop;
  const member = node.member(slot);
  if (stop instanceof BadData && 'kind' in member && member.kind === 'value') {
    if (stop.reason === 'wrong-type') return;
    node.run.addFault({
      kind: 'not-computable',
      severity: 'warning',
      path: node.pathOf(slot, -1),
      range: null,
      message: stop.message,
    });
    return;
  }
  node.run.note(stop, node);
}

/**
 * An object of the same type at the same place as one that it lies in: following it would repeat for ever what is
 * shown already (recursive types read at a position).
 */
function isRepetitionOfAncestor(value: Slot): boolean {
  if (!(value instanceof StructNode)) return false;
  for (let node = value.holder; node !== null; node = node.holder) {
    if (node.plan === value.plan && node.io.source === value.io.source && node.startBit === value.startBit)
      return true;
  }
  return false;
}
