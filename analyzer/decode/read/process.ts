import type { Expr, Process } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import { compileTerms } from '../context.ts';
import type { Value } from '../decoded.ts';
import { compileByteList, compileBytes } from '../evaluate/text.ts';
import { compileNumber } from '../evaluate/number.ts';
import { compileValue } from '../evaluate/value.ts';
import { toValue } from '../items.ts';
import type { OctetStream } from '../octet-stream.ts';
import type { Eval } from '../plan.ts';
import type { Run } from '../run.ts';
import { OctetSource, type ByteSlice, type Recipe } from '../source.ts';
import { BadData, OverLimit } from '../stops.ts';
import type { StructNode } from '../struct-node.ts';
import { inflateZlib } from './inflate.ts';
import { rotateOctets, xorOctets } from './xor.ts';

/** Makes the derived octets of the extent in the run's registers; null: it failed, which is noted. */
export type ApplyProcess = (node: StructNode, index: number, io: OctetStream) => OctetSource | null;

/** The extent is known whatever the process makes of it, so its failure does not end the reading. */
export function compileProcess(c: Compiler, process: Process): ApplyProcess {
  const apply = compileAlgorithm(c, process);
  return (node, index, io) => {
    try {
      return apply(node, index, io);
    } catch (stop) {
      node.run.recover(stop, node);
      return null;
    }
  };
}

type Algorithm = (node: StructNode, index: number, io: OctetStream) => OctetSource;

function compileAlgorithm(c: Compiler, process: Process): Algorithm {
  switch (process.kind) {
    case 'xor': {
      const key = compileXorKey(c, process.key);
      return (node, index, io) => xored(node.run, io.source, key(node, index, undefined));
    }
    case 'rotate': {
      const bits = compileNumber(c, process.bits);
      const sign = process.direction === 'left' ? 1 : -1;
      return (node, index, io) => {
        const left = bits(node, index, undefined) * sign;
        const { from, to } = node.run;
        return OctetSource.derivedBy(new Rotated(io.source, from, to, ((left % 8) + 8) % 8), to - from);
      };
    }
    case 'zlib':
      return compileZlib(c);
    case 'custom':
      return compileCustom(c, process.name, process.args);
  }
}

function compileXorKey(c: Compiler, key: Expr): Eval<ByteSlice> {
  return key.type.kind === 'bytes' ? compileBytes(c, key) : compileByteList(c, [key]);
}

/** The octets are combined when somebody looks at them: most readers want no more than the headers. */
function xored({ from, to }: Run, source: OctetSource, key: ByteSlice): OctetSource {
  if (key.length === 0) throw new BadData('process', 'the key of xor is empty');
  return OctetSource.derivedBy(new Xored(source, from, to, key), to - from);
}

/** A class, not a closure: one is made for every payload of a capture. */
class Xored implements Recipe {
  readonly by = 'xor';
  readonly source: OctetSource;
  readonly from: number;
  readonly to: number;
  private readonly key: ByteSlice;

  constructor(source: OctetSource, from: number, to: number, key: ByteSlice) {
    this.source = source;
    this.from = from;
    this.to = to;
    this.key = key;
  }

  make(): Uint8Array {
    const octets = this.source.octets();
    const key = this.key.view();
    if (key.every((octet) => octet === 0)) return octets.subarray(this.from, this.to);
    return xorOctets(octets, this.from, this.to, key);
  }
}

class Rotated implements Recipe {
  readonly by = 'rotate';
  readonly source: OctetSource;
  readonly from: number;
  readonly to: number;
  private readonly left: number;

  constructor(source: OctetSource, from: number, to: number, left: number) {
    this.source = source;
    this.from = from;
    this.to = to;
    this.left = left;
  }

  make(): Uint8Array {
    return rotateOctets(this.source.octets(), this.from, this.to, this.left);
  }
}

function compileZlib(c: Compiler): Algorithm {
  const inflate = c.options.inflate ?? inflateZlib;
  return ({ run }, _, { source }) => {
    const { from, to } = run;
    const cap = run.limits.maxPduOctets;
    const result = inflate(source.octets().subarray(from, to), cap);
    switch (result.kind) {
      case 'inflated':
        run.spendOctets(to - from + result.bytes.length);
        return ready('zlib', { run, source }, result.bytes);
      case 'corrupt':
        throw new BadData('process', `zlib: ${result.message}`);
      case 'too-big':
        throw new OverLimit(`zlib: the inflated octets exceed the limit of ${cap.toString()}`, false);
    }
  };
}

/** Inflate of a message: the windows are kept by who reads the conversation. */
function compileInflate(c: Compiler, name: string): Algorithm | null {
  const known = compileTerms(c, c.protocol).get(name);
  if (known === undefined) return null;
  const { process, terms } = known;
  return (node, _, { source }) => {
    const { run, root } = node;
    if (run.inflate === null || root === null) {
      throw new BadData('unsupported', `the process "${name}" is for messages only`);
    }
    const { from, to } = run;
    const result = run.inflate(source.octets().subarray(from, to), process, terms(root));
    switch (result.kind) {
      case 'inflated':
        run.allowOctets(result.bytes.length);
        return ready('custom', { run, source }, result.bytes);
      case 'corrupt':
        throw new BadData('process', `${name}: ${result.message}`);
      case 'too-big':
        throw new OverLimit(
          `${name}: the inflated octets exceed the limit of ${process.maxOctets.toString()}`,
          false,
        );
    }
  };
}

function compileCustom(c: Compiler, name: string, args: readonly Expr[]): Algorithm {
  const inflate = compileInflate(c, name);
  if (inflate !== null) return inflate;
  const apply = c.options.processes?.[name];
  const values = args.map((arg) => compileValue(c, arg));
  return (node, index, { source }) => {
    if (apply === undefined) throw new BadData('unsupported', `nobody knows the process "${name}"`);
    const { run } = node;
    const given: readonly Value[] = values.map((value) => toValue(value(node, index, undefined)));
    const input = source.octets().subarray(run.from, run.to);
    return ready(
      'custom',
      { run, source },
      callCustom(() => apply(input, given), name),
    );
  };
}

function callCustom(apply: () => Uint8Array, name: string): Uint8Array {
  try {
    return apply();
  } catch (error) {
    throw new BadData('process', `${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A source whose octets are made already, because their number is not known before. */
function ready(
  by: Recipe['by'],
  { run, source }: { readonly run: Run; readonly source: OctetSource },
  bytes: Uint8Array,
): OctetSource {
  const { from, to } = run;
  return OctetSource.derivedBy({ by, source, from, to, make: () => bytes }, bytes.length);
}
