import type { Content, Field, ValueType } from '../../../spec/index.ts';
import { FALLBACK_ARM } from '../arms.ts';
import type { Compiler } from '../compiler.ts';
import type { BitRange } from '../decoded.ts';
import type { OctetStream } from '../octet-stream.ts';
import type { ReadContent } from '../plan.ts';
import type { Slot } from '../slot.ts';
import type { ElementMarks, StructNode } from '../struct-node.ts';
import { compileContent } from './content.ts';
import { compileLoop, type Elements, type ReadElement } from './repeat.ts';
import { compileValidation, type Validate } from './validate.ts';

/** Reads a field, once or as often as it is repeated, and notes its bits. `if` is not looked at here. */
export type ReadOccurrences = (node: StructNode, io: OctetStream) => Slot;

export function compileOccurrences(c: Compiler, field: Field, slot: number): ReadOccurrences {
  const repeated = field.repeat.kind !== 'once';
  const type = repeated ? elementType(field.type) : field.type;
  const read = compileContent(c, field.content, { slot, repeated, type });
  const validate = field.valid === null ? null : compileValidation(c, field.valid, type);
  if (!repeated) return compileOnce(field, slot, read, validate);
  const note = needsExtra(field) ? noteExtra(field.content) : noteNothing;
  return compileRepeat(compileLoop(c, field, compileElement(slot, read, { validate, note })), slot);
}

function elementType(type: ValueType): ValueType {
  return type.kind === 'array' ? type.element : type;
}

function compileOnce(
  field: Field,
  slot: number,
  read: ReadContent,
  validate: Validate | null,
): ReadOccurrences {
  const mark = needsExtra(field) ? markWithExtra(field.content, slot) : markPlainly(slot);
  if (validate === null) {
    return (node, io) => {
      const value = read(node, 0, io);
      mark(node, io);
      return value;
    };
  }
  return (node, io) => {
    const value = read(node, 0, io);
    mark(node, io);
    validate(node, 0, { slot, element: -1, value, range: rangeOfRun(node, io) });
    return value;
  };
}

/** Whether source or protocol field are not those that the plan tells: a process, a switch, an instance's `io`. */
function needsExtra(field: Field): boolean {
  const { content } = field;
  if (content.kind === 'switch' || 'io' in field) return true;
  return 'extent' in content && content.extent !== null && content.extent.process !== null;
}

type Mark = (node: StructNode, io: OctetStream) => void;

function markPlainly(slot: number): Mark {
  const at = 2 * slot;
  return ({ marks, run }) => {
    marks[at] = run.start;
    marks[at + 1] = run.end;
  };
}

function markWithExtra(content: Content, slot: number): Mark {
  const isSwitch = content.kind === 'switch';
  return (node, io) => {
    const run = node.run;
    node.marks[2 * slot] = run.start;
    node.marks[2 * slot + 1] = run.end;
    const field = isSwitch ? run.field : -1;
    const arm = isSwitch ? run.arm : FALLBACK_ARM;
    node.setExtra(slot, { source: run.source ?? io.source, field, arm, elements: null });
  };
}

interface ElementWork {
  readonly validate: Validate | null;
  readonly note: (node: StructNode, marks: ElementMarks) => void;
}

function noteNothing(): void {
  // Source and field are those of every element.
}

function noteExtra(content: Content): ElementWork['note'] {
  const isSwitch = content.kind === 'switch';
  return ({ run }, marks) => {
    marks.sources.push(run.source);
    marks.fields.push(isSwitch ? run.field : -1);
    if (isSwitch) marks.arms.push(run.arm);
  };
}

function compileElement(slot: number, read: ReadContent, work: ElementWork): ReadElement {
  const { validate, note } = work;
  return (node, index, io, { values, marks }) => {
    const run = node.run;
    run.spend(1);
    const value = read(node, index, io);
    values.push(value);
    marks.starts.push(run.start);
    marks.ends.push(run.end);
    note(node, marks);
    validate?.(node, index, { slot, element: index, value, range: rangeOfRun(node, io) });
    return value;
  };
}

function rangeOfRun({ run }: StructNode, io: OctetStream): BitRange {
  return { source: run.source ?? io.source, start: run.start, length: run.end - run.start };
}

function compileRepeat(
  loop: (node: StructNode, io: OctetStream, into: Elements) => void,
  slot: number,
): ReadOccurrences {
  return (node, io) => {
    const marks: ElementMarks = { starts: [], ends: [], sources: [], fields: [], arms: [] };
    const values: Slot[] = [];
    node.setExtra(slot, { source: io.source, field: -1, arm: FALLBACK_ARM, elements: marks });
    // Elements read before a stop are kept. An instance has no value until it is complete.
    if (slot < node.plan.instanceBase) node.cells[slot] = values;
    node.marks[2 * slot] = io.bitPosition();
    loop(node, io, { values, marks });
    node.marks[2 * slot + 1] = io.bitPosition();
    return values;
  };
}
