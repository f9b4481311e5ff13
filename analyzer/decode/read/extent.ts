import type { Extent } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import { compileInt } from '../evaluate/number.ts';
import type { OctetStream } from '../octet-stream.ts';
import { EndOfData } from '../stops.ts';
import type { StructNode } from '../struct-node.ts';

/**
 * Moves over the octets of an extent and leaves its value octets in the run's registers `from` and `to`: without the
 * terminator, unless it is included, and without padding.
 */
export type ReadExtent = (node: StructNode, index: number, io: OctetStream) => void;

export function compileExtent(c: Compiler, extent: Extent): ReadExtent {
  switch (extent.length.kind) {
    case 'size': {
      const size = compileInt(c, extent.length.octets);
      return trimmed(extent, (node, index, io) => {
        const count = size(node, index, undefined);
        node.run.from = io.takeSized(count);
        node.run.to = io.pos;
      });
    }
    case 'rest':
      return trimmed(extent, ({ run }, _, io) => {
        io.align();
        // A position beyond the end leaves nothing to read.
        run.from = io.pos;
        run.to = io.pos = Math.max(io.pos, io.end);
      });
    case 'terminated':
      return compileTerminated(extent);
  }
}

/** Inside a known length a missing terminator is no error; padding is stripped only when there was none. */
function trimmed(extent: Extent, read: ReadExtent): ReadExtent {
  const { terminator, include, padRight } = extent;
  if (terminator === null && padRight === null) return read;
  return (node, index, io) => {
    read(node, index, io);
    const run = node.run;
    const octets = io.source.octets();
    const found = terminator === null ? -1 : findTerminator(octets, run.from, run.to, terminator);
    if (terminator !== null && found >= 0) run.to = include ? found + terminator.length : found;
    else if (padRight !== null) while (run.to > run.from && octets[run.to - 1] === padRight) run.to -= 1;
  };
}

function compileTerminated(extent: Extent): ReadExtent {
  const { include, consume, eosError } = extent;
  const terminator = extent.terminator ?? Uint8Array.of(0);
  return ({ run }, _, io) => {
    io.align();
    run.from = io.pos;
    const found = findTerminator(io.source.octets(), io.pos, io.end, terminator);
    run.spendOctets((found < 0 ? io.end : found) - io.pos);
    if (found >= 0) {
      const behind = found + terminator.length;
      run.to = include ? behind : found;
      io.pos = consume ? behind : found;
      return;
    }
    // One octet more is the least that can bring the terminator.
    if (eosError) throw new EndOfData(io, io.pos, BigInt(Math.max(0, io.end - io.pos) + 1));
    run.to = io.pos = Math.max(io.pos, io.end);
  };
}

/** Terminators of two or four octets stand at multiples of their length, as the characters before them do. */
function findTerminator(octets: Uint8Array, from: number, to: number, terminator: Uint8Array): number {
  const width = terminator.length;
  for (let at = from; at + width <= to; at += width) {
    let same = 0;
    while (same < width && octets[at + same] === terminator[same]) same += 1;
    if (same === width) return at;
  }
  return -1;
}
