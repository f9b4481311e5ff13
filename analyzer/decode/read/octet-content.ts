import type { Content, Extent } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import type { OctetStream } from '../octet-stream.ts';
import type { ReadContent } from '../plan.ts';
import { ByteSlice, TextSlice } from '../source.ts';
import type { StructNode } from '../struct-node.ts';
import { encodingOf } from '../text/encoding.ts';
import type { Place } from './content.ts';
import { compileExtent } from './extent.ts';
import { toHex } from '../hex.ts';
import { compileProcess } from './process.ts';

/** `undefined`: the process failed, which is noted. */
type ReadSlice = (node: StructNode, index: number, io: OctetStream) => ByteSlice | undefined;

/** Octets; behind a process the value lies in the derived source. */
export function compileBytesContent(c: Compiler, extent: Extent): ReadSlice {
  const read = compileExtent(c, extent);
  if (extent.process === null) {
    return (node, index, io) => {
      read(node, index, io);
      return markSlice(node, io);
    };
  }
  const apply = compileProcess(c, extent.process);
  return (node, index, io) => {
    read(node, index, io);
    const source = apply(node, index, io);
    if (source === null) return undefined;
    const run = node.run;
    run.start = 0;
    run.end = source.size * 8;
    run.source = source;
    return new ByteSlice(source, 0, source.size);
  };
}

export function compileStringContent(
  c: Compiler,
  content: Extract<Content, { kind: 'string' }>,
): ReadContent {
  const read = compileBytesContent(c, content.extent);
  const encoding = encodingOf(content.encoding);
  const decode = (bytes: Uint8Array): string => encoding.decode(bytes);
  return (node, index, io) => {
    const slice = read(node, index, io);
    if (slice === undefined) return undefined;
    node.run.spendOctets(slice.length);
    return new TextSlice(slice, decode);
  };
}

/** `contents`: other octets are a fault, but as many are there and reading goes on behind them. */
export function compileExpectedContent(
  content: Extract<Content, { kind: 'contents' }>,
  place: Place,
): ReadContent {
  const { expected } = content;
  return (node, index, io) => {
    node.run.from = io.take(expected.length);
    node.run.to = io.pos;
    const slice = markSlice(node, io);
    const found = slice.view();
    if (!expected.every((octet, i) => octet === found[i])) {
      node.run.addFault({
        kind: 'contents',
        severity: 'error',
        path: node.pathOf(place.slot, place.repeated ? index : -1),
        range: { source: io.source, start: node.run.start, length: expected.length * 8 },
        message: `must be ${toHex(expected)}, found ${toHex(found)}`,
      });
    }
    return slice;
  };
}

function markSlice({ run }: StructNode, io: OctetStream): ByteSlice {
  const source = io.source;
  run.start = (run.from - source.origin) * 8;
  run.end = (run.to - source.origin) * 8;
  run.source = null;
  return new ByteSlice(source, run.from, run.to);
}
