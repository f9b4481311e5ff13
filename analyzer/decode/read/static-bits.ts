import type { Content, Extent } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';

/** Bits of one occurrence when all have the same number, else null. */
export function staticBits(c: Compiler, content: Content): number | null {
  switch (content.kind) {
    case 'integer':
    case 'float':
      return content.octets * 8;
    case 'bits':
      return content.width;
    case 'contents':
      return content.expected.length * 8;
    case 'struct':
      if (content.extent === null) return c.plan(content.type).type.staticBits;
      return staticSize(content.extent);
    case 'bytes':
    case 'string':
    case 'opaque':
      return staticSize(content.extent);
    case 'switch':
      return null;
  }
}

function staticSize({ length }: Extent): number | null {
  if (length.kind !== 'size' || length.octets.kind !== 'int') return null;
  return length.octets.value < 0n ? null : Number(length.octets.value) * 8;
}
