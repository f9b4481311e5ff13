import type { Content, ParentLink } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import { compileAs, compileValue } from '../evaluate/value.ts';
import { OctetStream } from '../octet-stream.ts';
import type { Eval, ReadContent, TypePlan } from '../plan.ts';
import type { Slot } from '../slot.ts';
import { StructNode } from '../struct-node.ts';
import type { Place } from './content.ts';
import { compileExtent } from './extent.ts';
import { attachUnfinished, readObject } from './object.ts';
import { compileProcess } from './process.ts';

type StructContent = Extract<Content, { kind: 'struct' }>;

/** Makes the object in a stream, with arguments and parent, but does not read it. */
type MakeObject = (node: StructNode, index: number, io: OctetStream) => StructNode;

export function compileStructContent(c: Compiler, content: StructContent, place: Place): ReadContent {
  const make = compileMake(c, content, place);
  if (content.extent !== null) return compileSized(c, content, make);
  return (node, index, io) => {
    const child = make(node, index, io);
    readObject(child);
    const run = node.run;
    run.start = child.startBit;
    run.end = child.endBit;
    run.source = null;
    return child;
  };
}

/** In a substream: what cannot be read there does not hinder reading behind it. */
function compileSized(c: Compiler, content: StructContent, make: MakeObject): ReadContent {
  const openStream = compileSubstream(c, content);
  return (node, index, io) => {
    const run = node.run;
    const inner = openStream(node, index, io);
    if (inner === null) return undefined;
    const origin = io.source.origin;
    const start = (run.from - origin) * 8;
    const end = (run.to - origin) * 8;
    const child = make(node, index, inner);
    const before = run.current;
    try {
      readObject(child);
    } catch (stop) {
      run.recover(stop, child);
      attachUnfinished(run, node);
      run.current = before;
    }
    run.start = start;
    run.end = end;
    run.source = null;
    return child;
  };
}

type OpenStream = (node: StructNode, index: number, io: OctetStream) => OctetStream | null;

function compileSubstream(c: Compiler, content: StructContent): OpenStream {
  const extent = content.extent;
  if (extent === null) return (_, __, io) => io;
  const read = compileExtent(c, extent);
  if (extent.process === null) {
    return (node, index, io) => {
      read(node, index, io);
      return new OctetStream(io.source, node.run.from, node.run.to, false);
    };
  }
  const apply = compileProcess(c, extent.process);
  return (node, index, io) => {
    read(node, index, io);
    const source = apply(node, index, io);
    return source === null ? null : new OctetStream(source, 0, source.size, false);
  };
}

function compileMake(c: Compiler, content: StructContent, place: Place): MakeObject {
  const plan = c.plan(content.type);
  const args = compileArguments(c, content, plan);
  const link = compileParent(c, content.parent);
  return (node, index, io) => {
    const child = new StructNode(plan, node.run, io, node);
    child.slot = place.slot;
    if (place.repeated) child.element = index;
    for (let i = 0; i < args.length; i++) child.cells[i] = args[i]?.(node, index, undefined);
    if (link !== null) child.parent = link(node, index);
    return child;
  };
}

function compileArguments(c: Compiler, content: StructContent, plan: TypePlan): readonly Eval<Slot>[] {
  return content.args.map((arg, i) => {
    const param = plan.type.params[i];
    return param === undefined ? compileValue(c, arg) : compileAs(c, arg, param.type);
  });
}

/** null: the holder, which is what a new object has anyway. */
function compileParent(
  c: Compiler,
  link: ParentLink,
): ((node: StructNode, index: number) => StructNode | null) | null {
  switch (link.kind) {
    case 'holder':
      return null;
    case 'none':
      return () => null;
    case 'other': {
      const object = compileValue(c, link.object);
      return (node, index) => {
        const value = object(node, index, undefined);
        return value instanceof StructNode ? value : null;
      };
    }
  }
}
