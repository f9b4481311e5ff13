import type { Content, Expr, Extent, Field, TypeId } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import { compileBool } from '../evaluate/bool.ts';
import { compileInt } from '../evaluate/number.ts';
import { sameSlot } from '../evaluate/order.ts';
import { compileValue } from '../evaluate/value.ts';
import { softly } from '../items.ts';
import type { Eval } from '../plan.ts';
import type { StructNode } from '../struct-node.ts';

/**
 * How long the rest of a PDU is at least, when its octets end early. Whatever the octets at hand do not tell counts
 * as nothing, so the result is never too much; where all sizes are known it is exact.
 */
export class Measure {
  private readonly c: Compiler;
  private readonly fields = new Map<Field, (node: StructNode, done: number) => bigint>();
  private readonly least = new Map<TypeId, bigint>();

  constructor(c: Compiler) {
    this.c = c;
  }

  /**
   * Octets that must follow the ones the cut field asks for. `spare`: bits of their last octet that the cut field
   * leaves to bit fields behind it.
   */
  octetsBehind(innermost: StructNode, spare: number): bigint {
    let bits = BigInt(-spare);
    for (let node: StructNode | null = innermost; node !== null; node = node.holder) {
      const { fields } = node.plan.type;
      for (let position = node.reading; position < fields.length; position++) {
        const field = fields[position];
        if (field === undefined) continue;
        const started = position === node.reading;
        if (!started && !isBits(field.content)) bits = roundUp(bits);
        bits += this.measurer(field)(node, started ? occurrencesBegun(node, position) : 0);
      }
    }
    return bits > 0n ? roundUp(bits) / 8n : 0n;
  }

  /** Bits of the occurrences of a field that have not begun. */
  private measurer(field: Field): (node: StructNode, begun: number) => bigint {
    const known = this.fields.get(field) ?? this.compileField(field);
    this.fields.set(field, known);
    return known;
  }

  private compileField(field: Field): (node: StructNode, begun: number) => bigint {
    const content = this.compileContent(field.content);
    const count = this.compileCount(field);
    const when = field.when === null ? null : compileBool(this.c, field.when);
    return (node, begun) => {
      if (begun === 0 && when !== null && softly(() => when(node, 0, undefined)) !== true) return 0n;
      const left = count(node) - BigInt(begun);
      return left > 0n ? left * content(node) : 0n;
    };
  }

  private compileCount(field: Field): (node: StructNode) => bigint {
    const { repeat } = field;
    switch (repeat.kind) {
      case 'once':
      case 'until':
        return () => 1n;
      case 'to-end':
        return () => 0n;
      case 'count':
        return this.compileSoft(repeat.count);
    }
  }

  /** A count or size that is not negative; 0 where it cannot be known. */
  private compileSoft(expr: Expr): (node: StructNode) => bigint {
    const value: Eval<number | bigint> = compileInt(this.c, expr);
    return (node) => {
      const known = BigInt(softly(() => value(node, 0, undefined)) ?? 0);
      return known > 0n ? known : 0n;
    };
  }

  private compileContent(content: Content): (node: StructNode) => bigint {
    switch (content.kind) {
      case 'integer':
      case 'float':
      case 'bits':
      case 'contents': {
        const bits = fixedBits(content);
        return () => bits;
      }
      case 'bytes':
      case 'string':
      case 'opaque':
        return this.compileExtent(content.extent);
      case 'struct': {
        if (content.extent !== null) return this.compileExtent(content.extent);
        const bits = this.leastOfType(content.type);
        return () => bits;
      }
      case 'switch':
        return this.compileSwitch(content);
    }
  }

  private compileExtent(extent: Extent): (node: StructNode) => bigint {
    if (extent.length.kind === 'size') {
      const size = this.compileSoft(extent.length.octets);
      return (node) => size(node) * 8n;
    }
    const bits = leastOfExtent(extent);
    return () => bits;
  }

  private compileSwitch(content: Extract<Content, { kind: 'switch' }>): (node: StructNode) => bigint {
    const on = compileValue(this.c, content.on);
    const arms = content.arms.map((arm) => ({
      value: compileValue(this.c, arm.value),
      bits: this.compileContent(arm.content),
    }));
    const fallback = content.fallback === null ? null : this.compileContent(content.fallback);
    return (node) => {
      const value = softly(() => on(node, 0, undefined));
      if (value === undefined) return 0n;
      const arm = arms.find(
        (candidate) => softly(() => sameSlot(candidate.value(node, 0, value), value)) === true,
      );
      return (arm?.bits ?? fallback)?.(node) ?? 0n;
    };
  }

  /** Bits that every object of a type has. */
  private leastOfType(id: TypeId): bigint {
    const known = this.least.get(id);
    if (known !== undefined) return known;
    // A type inside itself counts as nothing there.
    this.least.set(id, 0n);
    let bits = 0n;
    for (const field of this.c.plan(id).type.fields) {
      if (field.when !== null) continue;
      if (field.repeat.kind !== 'once' && field.repeat.kind !== 'until') continue;
      if (!isBits(field.content)) bits = roundUp(bits);
      bits += this.leastOfContent(field.content);
    }
    this.least.set(id, bits);
    return bits;
  }

  private leastOfContent(content: Content): bigint {
    switch (content.kind) {
      case 'integer':
      case 'float':
      case 'bits':
      case 'contents':
        return fixedBits(content);
      case 'bytes':
      case 'string':
      case 'opaque':
        return leastOfExtent(content.extent);
      case 'struct':
        return content.extent === null ? this.leastOfType(content.type) : leastOfExtent(content.extent);
      case 'switch':
        return 0n;
    }
  }
}

function isBits(content: Content): boolean {
  return content.kind === 'bits';
}

function roundUp(bits: bigint): bigint {
  return bits <= 0n ? 0n : ((bits + 7n) / 8n) * 8n;
}

/** Occurrences of the field at the cursor that are read or being read. */
function occurrencesBegun(node: StructNode, position: number): number {
  const cell = node.cells[node.plan.fieldBase + position];
  return Array.isArray(cell) ? cell.length + 1 : 1;
}

function fixedBits(content: Extract<Content, { kind: 'integer' | 'float' | 'bits' | 'contents' }>): bigint {
  if (content.kind === 'bits') return BigInt(content.width);
  return BigInt(content.kind === 'contents' ? content.expected.length : content.octets) * 8n;
}

function leastOfExtent(extent: Extent): bigint {
  const { length } = extent;
  if (length.kind === 'size') {
    return length.octets.kind === 'int' && length.octets.value > 0n ? length.octets.value * 8n : 0n;
  }
  if (length.kind === 'rest' || !extent.eosError) return 0n;
  return BigInt(extent.terminator?.length ?? 1) * 8n;
}
