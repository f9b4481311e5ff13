import type { Expr, Process } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import type { BitRange, Value } from '../decoded.ts';
import { compileBytes } from '../evaluate/text.ts';
import { compileNumber } from '../evaluate/number.ts';
import { compileValue } from '../evaluate/value.ts';
import { toValue } from '../items.ts';
import type { OctetStream } from '../octet-stream.ts';
import type { Eval } from '../plan.ts';
import { OctetSource } from '../source.ts';
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
    case 'xor':
      return compileXor(xorKey(c, process.key));
    case 'rotate': {
      const bits = compileNumber(c, process.bits);
      const sign = process.direction === 'left' ? 1 : -1;
      return (node, index, io) => {
        const left = (((bits(node, index, undefined) * sign) % 8) + 8) % 8;
        const { from, to } = node.run;
        const octets = io.source.octets();
        const make = (): Uint8Array => rotateOctets(octets, from, to, left);
        return OctetSource.derivedLazily('rotate', rangeOfRun(node, io), to - from, make);
      };
    }
    case 'zlib':
      return compileZlib(c);
    case 'custom':
      return compileCustom(c, process.name, process.args);
  }
}

function xorKey(c: Compiler, key: Expr): Eval<Uint8Array> {
  if (key.type.kind === 'bytes') {
    const bytes = compileBytes(c, key);
    return (n, i, it) => bytes(n, i, it).view();
  }
  const octet = compileNumber(c, key);
  return (n, i, it) => Uint8Array.of(octet(n, i, it));
}

/** The octets are combined when somebody looks at them: most readers want no more than the headers. */
function compileXor(key: Eval<Uint8Array>): Algorithm {
  return (node, index, io) => {
    const keyOctets = key(node, index, undefined);
    if (keyOctets.length === 0) throw new BadData('process', 'the key of xor is empty');
    const { from, to } = node.run;
    const octets = io.source.octets();
    const make = (): Uint8Array =>
      keyOctets.every((octet) => octet === 0)
        ? octets.subarray(from, to)
        : xorOctets(octets, from, to, keyOctets);
    return OctetSource.derivedLazily('xor', rangeOfRun(node, io), to - from, make);
  };
}

function compileZlib(c: Compiler): Algorithm {
  const inflate = c.options.inflate ?? inflateZlib;
  return (node, _, io) => {
    const { from, to } = node.run;
    const cap = node.run.limits.maxPduOctets;
    const result = inflate(io.source.octets().subarray(from, to), cap);
    switch (result.kind) {
      case 'inflated':
        return OctetSource.derivedFrom('zlib', rangeOfRun(node, io), result.bytes);
      case 'corrupt':
        throw new BadData('process', `zlib: ${result.message}`);
      case 'too-big':
        throw new OverLimit(`zlib: the inflated octets exceed the limit of ${cap.toString()}`, false);
    }
  };
}

function compileCustom(c: Compiler, name: string, args: readonly Expr[]): Algorithm {
  const apply = c.options.processes?.[name];
  const values = args.map((arg) => compileValue(c, arg));
  return (node, index, io) => {
    if (apply === undefined) throw new BadData('unsupported', `nobody knows the process "${name}"`);
    const { from, to } = node.run;
    const given: readonly Value[] = values.map((value) => toValue(value(node, index, undefined)));
    const octets = callCustom(() => apply(io.source.octets().subarray(from, to), given), name);
    return OctetSource.derivedFrom('custom', rangeOfRun(node, io), octets);
  };
}

function callCustom(apply: () => Uint8Array, name: string): Uint8Array {
  try {
    return apply();
  } catch (error) {
    throw new BadData('process', `${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function rangeOfRun({ run }: StructNode, { source }: OctetStream): BitRange {
  const { from, to } = run;
  return { source, start: (from - source.origin) * 8, length: (to - from) * 8 };
}
