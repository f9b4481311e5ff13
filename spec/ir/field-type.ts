import type { ProtocolFieldType } from './protocol.ts';
import type { ValueType } from './value-type.ts';

/** The Wireshark type that holds a computed value; undefined: none does (objects, streams). */
export function fieldTypeOf(type: ValueType): ProtocolFieldType | undefined {
  switch (type.kind) {
    case 'int':
      return intFieldType(type.min, type.max);
    case 'float':
      return { kind: 'double' };
    case 'bool':
      return { kind: 'bool' };
    case 'string':
      return { kind: 'string' };
    case 'bytes':
      return { kind: 'bytes' };
    case 'array':
      return fieldTypeOf(type.element);
    case 'enum':
    case 'struct':
    case 'io':
    case 'any':
      return undefined;
  }
}

const WIDTHS = [8, 16, 32] as const;

function intFieldType(min: bigint, max: bigint): ProtocolFieldType {
  if (min >= 0n) {
    const bits = WIDTHS.find((width) => max < 1n << BigInt(width));
    return { kind: 'uint', bits: bits ?? 64 };
  }
  const bits = WIDTHS.find((width) => {
    const half = 1n << BigInt(width - 1);
    return min >= -half && max < half;
  });
  return { kind: 'int', bits: bits ?? 64 };
}

/** A bit field is shown over the octets it touches when they are at most four, else as a number of its own width. */
export function bitsFieldType(width: number, boolean: boolean, shift: number | null): ProtocolFieldType {
  if (boolean) return { kind: 'bool' };
  const touched = Math.ceil(((shift ?? 0) + width) / 8);
  const octets = touched <= 4 && shift !== null ? touched : Math.ceil(width / 8);
  const bits = ([8, 16, 24, 32] as const)[octets - 1];
  return { kind: 'uint', bits: bits ?? 64 };
}
