import type { DiagnosticSink } from '../diagnostics/diagnostic.ts';
import { parseArguments } from '../expression/parse-expression.ts';
import type { ExprText, TypeName, TypeUse } from './spec-ast.ts';
import type { YamlScalar } from './yaml-node.ts';
import { abridged } from './yaml-node.ts';

const NUMBER = /^([us])([1248])(le|be)?$|^(f)([48])(le|be)?$/;
const BITS = /^b([1-9][0-9]{0,3})(le|be)?$/;
const WIDEST_BITS = 64;
const INVOCATION = /^(::)?([A-Za-z_][A-Za-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)*)\s*(?:\(([^]*)\)\s*)?$/;

/** Reads what stands after `type:`, e.g. `u4le`, `b3`, `strz`, `network::address(4)`. */
export function readTypeUse(scalar: YamlScalar, sink: DiagnosticSink): TypeUse {
  return { place: scalar.place, text: scalar.text, name: readTypeName(scalar, sink) };
}

function readTypeName(scalar: YamlScalar, sink: DiagnosticSink): TypeName {
  const primitive = primitiveTypeName(scalar.text);
  if (primitive !== undefined) {
    if (primitive.kind !== 'bits' || primitive.width <= WIDEST_BITS) return primitive;
    sink.report('spec/bad-value', scalar.place, {
      what: 'The width of a bit field',
      expected: `from 1 to ${String(WIDEST_BITS)}`,
      found: String(primitive.width),
    });
    return { kind: 'broken' };
  }
  const invocation = readInvocation(scalar, sink);
  if (invocation === undefined) return { kind: 'broken' };
  const { absolute, name, args } = invocation;
  return { kind: 'user', absolute, path: name.split('::'), args };
}

/** Types that have no name of their own making; undefined: a type of the spec. */
export function primitiveTypeName(text: string): TypeName | undefined {
  const number = NUMBER.exec(text);
  if (number !== null) {
    const numberKind = (number[1] ?? number[4]) as 'u' | 's' | 'f';
    const octets = Number(number[2] ?? number[5]) as 1 | 2 | 4 | 8;
    // `u1le` is no type: a single octet has no order.
    if (octets === 1 && number[3] !== undefined) return undefined;
    return {
      kind: 'number',
      numberKind,
      octets,
      endian: (number[3] ?? number[6]) as 'le' | 'be' | undefined,
    };
  }
  const bits = BITS.exec(text);
  if (bits !== null) {
    return { kind: 'bits', width: Number(bits[1]), order: bits[2] as 'le' | 'be' | undefined };
  }
  if (text === 'str' || text === 'strz') return { kind: 'str', zero: text === 'strz' };
  return undefined;
}

/** Types that only parameters and casts have, besides those of attributes: `bool`, `bytes`, `io`, `u1[]`, `any`. */
export function valueTypeName(text: string): TypeName | undefined {
  if (text.endsWith('[]')) {
    const element = valueTypeName(text.slice(0, -2));
    if (element !== undefined) return { kind: 'array', element };
    const user = INVOCATION.exec(text.slice(0, -2));
    if (user === null || user[3] !== undefined) return undefined;
    const path = (user[2] ?? '').split('::');
    return { kind: 'array', element: { kind: 'user', absolute: user[1] !== undefined, path, args: [] } };
  }
  if (text === 'bool' || text === 'io' || text === 'struct' || text === 'any') return { kind: text };
  if (text === 'bytes') return { kind: 'bytes' };
  return primitiveTypeName(text);
}

export interface Invocation {
  readonly absolute: boolean;
  readonly name: string;
  readonly args: readonly ExprText[];
}

/** `name(argument, ...)`; undefined and reported when it is something else. */
export function readInvocation(scalar: YamlScalar, sink: DiagnosticSink): Invocation | undefined {
  const match = INVOCATION.exec(scalar.text);
  if (match === null) {
    sink.report('spec/expression-syntax', scalar.place, {
      found: `"${abridged(scalar.text)}"`,
      expected: 'a name, or a name with arguments in parentheses,',
    });
    return undefined;
  }
  const [whole, absolute, name = '', inner] = match;
  if (inner === undefined) return { absolute: absolute !== undefined, name, args: [] };
  const start = whole.trimEnd().length - 1 - inner.length;
  const args = parseArguments(scalar, { start, end: start + inner.length }, sink);
  return args === undefined ? undefined : { absolute: absolute !== undefined, name, args };
}
