import { parseArguments } from '../expression/parse-expression.ts';
import type { ValueReader } from './map-reader.ts';
import type { ExprText, ProcessDecl } from './spec-ast.ts';
import type { YamlNode, YamlScalar } from './yaml-node.ts';
import { abridged } from './yaml-node.ts';

const PROCESS = /^([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)\s*(?:\(([^]*)\)\s*)?$/;

/** `zlib`, `xor(key)`, `rol(bits)`, `ror(bits)`, or the name of something outside the language. */
export function readProcess(node: YamlNode | undefined, read: ValueReader): ProcessDecl | undefined {
  const scalar = node === undefined ? undefined : read.scalar(node, 'The process');
  if (scalar === undefined) return undefined;
  const match = PROCESS.exec(scalar.text);
  if (match === null) {
    read.sink.report('spec/expression-syntax', scalar.place, {
      found: `"${abridged(scalar.text)}"`,
      expected: '"zlib", "xor(key)", "rol(bits)", "ror(bits)" or the name of a process,',
    });
    return undefined;
  }
  const [whole, name = '', inner] = match;
  const start = whole.trimEnd().length - 1 - (inner?.length ?? 0);
  const args =
    inner === undefined ? [] : parseArguments(scalar, { start, end: start + inner.length }, read.sink);
  return args === undefined ? undefined : build(scalar, name, args, read);
}

function build(
  scalar: YamlScalar,
  name: string,
  args: readonly ExprText[],
  read: ValueReader,
): ProcessDecl | undefined {
  const { place } = scalar;
  const wanted = ARGUMENTS[name];
  if (wanted === undefined) return { kind: 'custom', place, name, args };
  if (args.length !== wanted) {
    read.sink.report('spec/wrong-arguments', place, {
      method: name,
      expected: wanted === 0 ? 'no argument' : 'one argument',
      found: String(args.length),
    });
    return undefined;
  }
  const [first] = args;
  if (first === undefined) return { kind: 'zlib', place };
  if (name === 'xor') return { kind: 'xor', place, key: first };
  return { kind: 'rotate', place, direction: name === 'rol' ? 'left' : 'right', bits: first };
}

const ARGUMENTS: Readonly<Partial<Record<string, number>>> = { zlib: 0, xor: 1, rol: 1, ror: 1 };
