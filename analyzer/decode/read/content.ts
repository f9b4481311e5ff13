import type { Content, ValueType } from '../../../spec/index.ts';
import { MAX_NUMBER_BITS, takeBigBits, takeBitsBe, takeBitsLe } from '../bits.ts';
import type { Compiler } from '../compiler.ts';
import { convertSlot } from '../evaluate/convert.ts';
import { bigInteger, float, smallInteger, unsigned8 } from '../numbers.ts';
import type { OctetStream } from '../octet-stream.ts';
import type { ReadContent } from '../plan.ts';
import type { Run } from '../run.ts';
import type { Slot } from '../slot.ts';
import { compileBytesContent, compileExpectedContent, compileStringContent } from './octet-content.ts';
import { compileStructContent } from './struct-content.ts';
import { compileSwitch } from './switch-content.ts';

/** Where a content stands: the holder's slot, and whether it is one of several there. */
export interface Place {
  readonly slot: number;
  readonly repeated: boolean;
  /** Type of one occurrence as expressions see it: it decides how an int is represented. */
  readonly type: ValueType;
}

export function compileContent(c: Compiler, content: Content, place: Place): ReadContent {
  switch (content.kind) {
    case 'integer':
      return converted(c, compileInteger(content), integerType(content.octets === 8), place);
    case 'float':
      return compileFloat(content);
    case 'bits':
      if (content.boolean) return compileFlag(content);
      return converted(c, compileBits(content), integerType(content.width > MAX_NUMBER_BITS), place);
    case 'bytes':
    case 'opaque':
      return compileBytesContent(c, content.extent);
    case 'contents':
      return compileExpectedContent(content, place);
    case 'string':
      return compileStringContent(c, content);
    case 'struct':
      return compileStructContent(c, content, place);
    case 'switch':
      return compileSwitch(c, content, place);
  }
}

/** The type whose representation is the one the octets are read in. */
function integerType(big: boolean): ValueType {
  return big ? { kind: 'int', min: -(2n ** 63n), max: 2n ** 64n - 1n } : { kind: 'int', min: 0n, max: 0n };
}

function converted(c: Compiler, read: ReadContent, from: ValueType, place: Place): ReadContent {
  const convert = convertSlot(c, from, place.type);
  return convert === null ? read : (node, index, io) => convert(read(node, index, io));
}

function compileInteger(content: Extract<Content, { kind: 'integer' }>): ReadContent {
  const { octets, signed, endian } = content;
  if (octets === 8) {
    return numberReader(8, endian, bigInteger(signed, 'le'), bigInteger(signed, 'be'));
  }
  if (octets === 1 && !signed) return readOctet;
  return numberReader(octets, endian, smallInteger(octets, signed, 'le'), smallInteger(octets, signed, 'be'));
}

const readOctet: ReadContent = ({ run }, _, io) => {
  const at = io.take(1);
  mark(run, io, at, 1);
  return unsigned8(io.source.octets(), at);
};

function compileFloat(content: Extract<Content, { kind: 'float' }>): ReadContent {
  const { octets, endian } = content;
  return numberReader(octets, endian, float(octets, 'le'), float(octets, 'be'));
}

type ReadValue = (octets: Uint8Array, at: number) => number | bigint;

function numberReader(size: number, endian: 'le' | 'be' | 'type', le: ReadValue, be: ReadValue): ReadContent {
  if (endian === 'type') {
    return ({ run, littleEndian }, _, io) => {
      const at = io.take(size);
      mark(run, io, at, size);
      return littleEndian ? le(io.source.octets(), at) : be(io.source.octets(), at);
    };
  }
  const read = endian === 'le' ? le : be;
  return ({ run }, _, io) => {
    const at = io.take(size);
    mark(run, io, at, size);
    return read(io.source.octets(), at);
  };
}

function mark(run: Run, io: OctetStream, at: number, size: number): void {
  const start = (at - io.source.origin) * 8;
  run.start = start;
  run.end = start + size * 8;
  run.source = null;
}

function compileBits(content: Extract<Content, { kind: 'bits' }>): ReadContent {
  const { width, order } = content;
  const lowFirst = order === 'le';
  const markBits = lowFirst ? markLowFirst : markHighFirst;
  if (width > MAX_NUMBER_BITS) return bitReader(width, (io) => takeBigBits(io, width, lowFirst), markBits);
  const take = lowFirst ? takeBitsLe : takeBitsBe;
  return bitReader(width, (io) => take(io, width), markBits);
}

function compileFlag(content: Extract<Content, { kind: 'bits' }>): ReadContent {
  const read = compileBits(content);
  return (node, index, io) => read(node, index, io) !== 0;
}

function bitReader(
  width: number,
  take: (io: OctetStream) => Slot,
  markBits: (run: Run, io: OctetStream, width: number) => void,
): ReadContent {
  return ({ run }, _, io) => {
    const value = take(io);
    markBits(run, io, width);
    return value;
  };
}

function markHighFirst(run: Run, io: OctetStream, width: number): void {
  run.end = io.bitPosition();
  run.start = run.end - width;
  run.source = null;
}

/**
 * Ranges count from the top bit of an octet. A little-endian bit field inside one octet has an exact range; one that
 * crosses octets is in two pieces there, so its range is all of the octets it touches.
 */
function markLowFirst(run: Run, io: OctetStream, width: number): void {
  const end = io.bitPosition();
  const start = end - width;
  const first = Math.floor(start / 8);
  const last = Math.floor((end - 1) / 8);
  run.source = null;
  if (first === last) {
    run.start = first * 8 + 7 - ((end - 1) % 8);
    run.end = run.start + width;
  } else {
    run.start = first * 8;
    run.end = (last + 1) * 8;
  }
}
