import type { Field } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import { compileBool } from '../evaluate/bool.ts';
import { compileInt } from '../evaluate/number.ts';
import type { OctetStream } from '../octet-stream.ts';
import type { Slot } from '../slot.ts';
import { BadData, OverLimit } from '../stops.ts';
import type { ElementMarks, StructNode } from '../struct-node.ts';
import { staticBits } from './static-bits.ts';

/** Elements read so far. */
export interface Elements {
  readonly values: Slot[];
  readonly marks: ElementMarks;
}

export type ReadElement = (node: StructNode, index: number, io: OctetStream, into: Elements) => Slot;

type Loop = (node: StructNode, io: OctetStream, into: Elements) => void;

/** The loop of a repeated field. Each ends: by its count, its data, or the cap on elements. */
export function compileLoop(c: Compiler, field: Field, readElement: ReadElement): Loop {
  const { repeat } = field;
  switch (repeat.kind) {
    case 'once':
      return (node, io, into) => {
        readElement(node, 0, io, into);
      };
    case 'count': {
      const count = compileInt(c, repeat.count);
      const element = { readElement, bits: staticBits(c, field.content) };
      return (node, io, into) => repeatCount({ node, io, into }, count(node, 0, undefined), element);
    }
    case 'until': {
      const until = compileBool(c, repeat.until);
      return (node, io, into) => {
        for (let index = 0; index < node.run.limits.maxElements; index++) {
          const value = readElement(node, index, io, into);
          if (until(node, index, value)) return;
        }
        throw tooMany(node.run.limits.maxElements);
      };
    }
    case 'to-end':
      return (node, io, into) => repeatToEnd({ node, io, into }, readElement);
  }
}

interface Looping {
  readonly node: StructNode;
  readonly io: OctetStream;
  readonly into: Elements;
}

interface CountedElement {
  readonly readElement: ReadElement;
  /** Size of an element when all have the same, else null. */
  readonly bits: number | null;
}

function repeatCount({ node, io, into }: Looping, count: number | bigint, element: CountedElement): void {
  const cap = node.run.limits.maxElements;
  const reachable = count > cap ? cap : Number(count);
  for (let index = 0; index < reachable; index++) element.readElement(node, index, io, into);
  if (count <= cap) return;
  const { bits } = element;
  if (bits === null || bits % 8 !== 0 || io.bit !== 0) throw tooMany(cap);
  // The rest has a known size, so what stands behind it can still be read.
  node.run.note(tooMany(cap), node);
  io.takeSized((BigInt(count) - BigInt(cap)) * BigInt(bits / 8));
}

function repeatToEnd({ node, io, into }: Looping, readElement: ReadElement): void {
  const cap = node.run.limits.maxElements;
  // Each round moves on, or throws.
  for (let index = 0; !io.atEnd(); index++) {
    if (index >= cap) {
      node.run.note(tooMany(cap), node);
      io.align();
      io.pos = io.end;
      return;
    }
    const before = io.bitPosition();
    readElement(node, index, io, into);
    if (io.bitPosition() <= before) {
      throw new BadData('no-progress', 'an element takes no octets, so the repetition never ends');
    }
  }
}

function tooMany(cap: number): OverLimit {
  return new OverLimit(`more than ${cap.toString()} elements`, false);
}
