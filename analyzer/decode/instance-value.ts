import { RUNNING, UNREAD, type Slot } from './slot.ts';
import { BadData, OverLimit } from './stops.ts';
import type { StructNode } from './struct-node.ts';

/** Instances whose values wait for one another; each takes several frames of the JavaScript stack. */
const DEEPEST_CHAIN = 300;

/** Value of an instance, computed or read on first use; at most once, but again where it failed. */
export function valueOfInstance(node: StructNode, slot: number): Slot {
  const cell = node.cells[slot];
  if (cell === RUNNING) throw new BadData('cycle', `"${node.pathOf(slot, -1)}" depends on itself`);
  if (cell !== UNREAD) return cell;
  const compute = node.plan.instances[slot - node.plan.instanceBase];
  if (compute === undefined) return undefined;
  const { run } = node;
  node.cells[slot] = RUNNING;
  run.nesting += 1;
  try {
    if (run.nesting > DEEPEST_CHAIN) {
      throw new OverLimit(`instances need one another more than ${DEEPEST_CHAIN.toString()} deep`, false);
    }
    const value = compute(node);
    node.cells[slot] = value;
    return value;
  } finally {
    run.nesting -= 1;
    if (node.cells[slot] === RUNNING) node.cells[slot] = UNREAD;
  }
}
