import type { Instance, ParseInstance, ValueInstance } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import { compileBool } from '../evaluate/bool.ts';
import { compileInt } from '../evaluate/number.ts';
import { compileAs, compileStream } from '../evaluate/value.ts';
import type { OctetStream } from '../octet-stream.ts';
import type { Slot } from '../slot.ts';
import { DecodeStop } from '../stops.ts';
import type { StructNode } from '../struct-node.ts';
import { attachUnfinished } from './object.ts';
import { compileOccurrences } from './occurrences.ts';
import { compileValidation } from './validate.ts';

type Compute = (node: StructNode) => Slot;

export function compileInstance(c: Compiler, instance: Instance, slot: number): Compute {
  const compute =
    instance.kind === 'value' ? compileComputed(c, instance, slot) : compileParsed(c, instance, slot);
  if (instance.when === null) return compute;
  const when = compileBool(c, instance.when);
  return (node) => (when(node, 0, undefined) ? compute(node) : undefined);
}

function compileComputed(c: Compiler, instance: ValueInstance, slot: number): Compute {
  const value = compileAs(c, instance.value, instance.type);
  if (instance.valid === null) return (node) => value(node, 0, undefined);
  const validate = compileValidation(c, instance.valid, instance.type);
  return (node) => {
    const result = value(node, 0, undefined);
    validate(node, 0, { slot, element: -1, value: result, range: null });
    return result;
  };
}

function compileParsed(c: Compiler, instance: ParseInstance, slot: number): Compute {
  const stream = instance.io === null ? null : compileStream(c, instance.io);
  const position = instance.pos === null ? null : compileInt(c, instance.pos);
  const read = compileOccurrences(c, instance, slot);
  return (node) => {
    const io = stream === null ? node.io : stream(node, 0, undefined);
    const { pos, bit, lowFirst } = io;
    const { run } = node;
    const registers = run.registers();
    const before = run.current;
    try {
      run.current = node;
      if (position !== null) io.seek(position(node, 0, undefined));
      const value = read(node, io);
      io.source.reach(Math.min(io.end, io.pos + (io.bit === 0 ? 0 : 1)));
      return value;
    } catch (stop) {
      notePath(stop, node, slot);
      attachUnfinished(run, node);
      throw stop;
    } finally {
      run.current = before;
      run.restore(registers);
      restore(io, { pos, bit, lowFirst });
    }
  };
}

/** The sequence goes on where it stood. */
function restore(
  io: OctetStream,
  { pos, bit, lowFirst }: Pick<OctetStream, 'pos' | 'bit' | 'lowFirst'>,
): void {
  io.pos = pos;
  io.bit = bit;
  io.lowFirst = lowFirst;
}

/** The object of the instance is not where the sequence stands, so the stop has to carry the place. */
function notePath(stop: unknown, node: StructNode, slot: number): void {
  if (!(stop instanceof DecodeStop)) return;
  const { current } = node.run;
  stop.path ??= current === null || current === node ? node.pathOf(slot, -1) : current.pathAtCursor();
}
