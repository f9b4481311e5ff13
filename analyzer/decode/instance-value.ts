import { RUNNING, UNREAD, type Slot } from './slot.ts';
import { BadData } from './stops.ts';
import type { StructNode } from './struct-node.ts';

/** Value of an instance, computed or read on first use; at most once, but again where it failed. */
export function valueOfInstance(node: StructNode, slot: number): Slot {
  const cell = node.cells[slot];
  if (cell === RUNNING) throw new BadData('cycle', `"${node.pathOf(slot, -1)}" depends on itself`);
  if (cell !== UNREAD) return cell;
  const compute = node.plan.instances[slot - node.plan.instanceBase];
  if (compute === undefined) return undefined;
  node.cells[slot] = RUNNING;
  try {
    const value = compute(node);
    node.cells[slot] = value;
    return value;
  } finally {
    if (node.cells[slot] === RUNNING) node.cells[slot] = UNREAD;
  }
}
