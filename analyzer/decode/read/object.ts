import type { Run } from '../run.ts';
import { UNREAD, RUNNING, type Slot } from '../slot.ts';
import type { StructNode } from '../struct-node.ts';

/**
 * Reads the seq of an object. When reading stops on the way, `run.current` stays at the innermost object that was
 * being read; whoever catches the stop puts it right.
 */
export function readObject(node: StructNode): void {
  const run = node.run;
  const before = run.current;
  run.enter(node);
  const plan = node.plan;
  if (plan.endian !== null) node.littleEndian = plan.endian(node);
  const readers = plan.readers;
  for (let i = 0; i < readers.length; i++) {
    node.reading = i;
    readers[i]?.(node);
  }
  node.reading = readers.length;
  node.endBit = node.io.bitPosition();
  run.current = before;
}

/** Puts the objects that were being read inside `holder` (null: anywhere) into their holders, half read as they are. */
export function attachUnfinished(run: Run, holder: StructNode | null): void {
  let node = run.current;
  while (node !== null && node !== holder) {
    node.endBit = Math.max(node.startBit, node.io.bitPosition());
    // An object of which nothing was read may stand beyond the end of the data; it has nothing to show.
    if (node.holder !== null && node.endBit > node.startBit) attach(node, node.holder);
    node = node.holder;
  }
}

function attach(node: StructNode, holder: StructNode): void {
  const cell = holder.cells[node.slot];
  if (Array.isArray(cell)) {
    const elements = cell as Slot[];
    if (elements.length === node.element) {
      elements.push(node);
      const marks = holder.extras?.[node.slot]?.elements;
      marks?.starts.push(node.startBit);
      marks?.ends.push(node.endBit);
    }
  } else if (cell === undefined || cell === UNREAD || cell === RUNNING) {
    holder.cells[node.slot] = node.element < 0 ? node : [node];
    holder.marks[2 * node.slot] = node.startBit;
    holder.marks[2 * node.slot + 1] = node.endBit;
  }
}
