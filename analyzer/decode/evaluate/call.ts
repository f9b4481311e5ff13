import type { Expr } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import type { Eval } from '../plan.ts';
import type { Slot } from '../slot.ts';
import { ByteSlice } from '../source.ts';
import { BadData } from '../stops.ts';
import { isUtf8 } from '../text/utf8.ts';
import { encodingOf } from '../text/encoding.ts';
import { compileBool } from './bool.ts';
import { convertSlot } from './convert.ts';
import { toArray } from './narrow.ts';
import { compileBig, compileNumber } from './number.ts';
import { compareSlots } from './order.ts';
import { compileBytes, compileText } from './text.ts';
import { compileStream, compileStruct, compileValue } from './value.ts';
import { parseInteger, reverseText, substring, truncated } from './text-methods.ts';

export type Call = Extract<Expr, { kind: 'call' }>;

const ANY_INT = { kind: 'any' } as const;

export function compileCall(c: Compiler, call: Call): Eval<Slot> {
  const result = compileByReceiver(c, call);
  // Methods give a number or a bigint as it comes; the type says which one the expression has.
  const convert = call.type.kind === 'int' ? convertSlot(c, ANY_INT, call.type) : null;
  return convert === null ? result : (n, i, it) => convert(result(n, i, it));
}

function compileByReceiver(c: Compiler, call: Call): Eval<Slot> {
  const kind = call.object.type.kind;
  switch (kind) {
    case 'int':
      return compileIntCall(c, call);
    case 'float': {
      const value = compileNumber(c, call.object);
      if (call.method === 'to-i') return (n, i, it) => truncated(value(n, i, it));
      return unknownMethod(call);
    }
    case 'bool': {
      const value = compileBool(c, call.object);
      if (call.method === 'to-i') return (n, i, it) => (value(n, i, it) ? 1 : 0);
      return unknownMethod(call);
    }
    case 'enum':
      return compileEnumCall(c, call);
    case 'string':
      return compileTextCall(c, call);
    case 'bytes':
      return compileBytesCall(c, call);
    case 'array':
      return compileArrayCall(c, call);
    case 'io':
      return compileStreamCall(c, call);
    case 'struct':
    case 'any':
      return compileStructCall(c, call);
  }
}

function compileIntCall(c: Compiler, call: Call): Eval<Slot> {
  const value = compileValue(c, call.object);
  if (call.method === 'to-i') return value;
  if (call.method !== 'to-s') return unknownMethod(call);
  if (c.isBig(call.object.type)) {
    const big = compileBig(c, call.object);
    return (n, i, it) => big(n, i, it).toString();
  }
  const number = compileNumber(c, call.object);
  return (n, i, it) => number(n, i, it).toString();
}

function compileEnumCall(c: Compiler, call: Call): Eval<Slot> {
  if (call.method === 'to-i') return compileValue(c, call.object);
  if (call.method !== 'name') return unknownMethod(call);
  const type = call.object.type;
  const values = type.kind === 'enum' ? (c.protocol.enums[type.enum]?.values ?? []) : [];
  const names = new Map(values.map(({ value, name }) => [value, name]));
  const value = compileBig(c, call.object);
  return (n, i, it) => {
    const v = value(n, i, it);
    return names.get(v) ?? v.toString();
  };
}

function compileTextCall(c: Compiler, call: Call): Eval<Slot> {
  const text = compileText(c, call.object);
  const [first, second] = call.args;
  if (call.method === 'length') return (n, i, it) => Array.from(text(n, i, it)).length;
  if (call.method === 'reverse') return (n, i, it) => reverseText(text(n, i, it));
  if (call.method === 'to-i') {
    if (first === undefined) return (n, i, it) => parseInteger(text(n, i, it), 10);
    const base = compileNumber(c, first);
    return (n, i, it) => parseInteger(text(n, i, it), base(n, i, it));
  }
  if (call.method === 'substring' && first !== undefined && second !== undefined) {
    const from = compileNumber(c, first);
    const to = compileNumber(c, second);
    return (n, i, it) => substring(text(n, i, it), from(n, i, it), to(n, i, it));
  }
  if (call.method === 'to-b' && first?.kind === 'string') {
    const encoding = encodingOf(first.value);
    return (n, i, it) => ByteSlice.of(encoding.encode(text(n, i, it)));
  }
  return unknownMethod(call);
}

function compileBytesCall(c: Compiler, call: Call): Eval<Slot> {
  const bytes = compileBytes(c, call.object);
  const [first] = call.args;
  if (call.method === 'length' || call.method === 'size') return (n, i, it) => bytes(n, i, it).length;
  if (call.method === 'is-utf8') return (n, i, it) => isUtf8(bytes(n, i, it).view());
  if (call.method === 'to-s' && first?.kind === 'string') {
    const encoding = encodingOf(first.value);
    return (n, i, it) => encoding.decode(bytes(n, i, it).view());
  }
  if (isPicking(call.method)) {
    const pick = picker(call.method);
    return (n, i, it) => pick(Array.from(bytes(n, i, it).view()));
  }
  return unknownMethod(call);
}

function compileArrayCall(c: Compiler, call: Call): Eval<Slot> {
  const value = compileValue(c, call.object);
  if (call.method === 'size' || call.method === 'length') {
    return (n, i, it) => toArray(value(n, i, it), call.object).length;
  }
  if (!isPicking(call.method)) return unknownMethod(call);
  const pick = picker(call.method);
  return (n, i, it) => pick(toArray(value(n, i, it), call.object));
}

type Picking = 'first' | 'last' | 'min' | 'max';

function isPicking(method: Call['method']): method is Picking {
  return method === 'first' || method === 'last' || method === 'min' || method === 'max';
}

function picker(method: Picking): (elements: readonly Slot[]) => Slot {
  return (elements) => {
    const [first] = elements;
    if (elements.length === 0) throw new BadData('out-of-range', `"${method}" of nothing`);
    if (method === 'first') return first;
    if (method === 'last') return elements.at(-1);
    const sign = method === 'min' ? 1 : -1;
    return elements.reduce((best, next) => (compareSlots(next, best) * sign < 0 ? next : best), first);
  };
}

function compileStreamCall(c: Compiler, call: Call): Eval<Slot> {
  const stream = compileStream(c, call.object);
  if (call.method === 'pos') return (n, i, it) => stream(n, i, it).position();
  if (call.method === 'size') return (n, i, it) => stream(n, i, it).size();
  if (call.method === 'eof') return (n, i, it) => stream(n, i, it).atEnd();
  return unknownMethod(call);
}

function compileStructCall(c: Compiler, call: Call): Eval<Slot> {
  if (call.method !== 'sizeof') return unknownMethod(call);
  const object = compileStruct(c, call.object);
  return (n, i, it) => {
    const node = object(n, i, it);
    return Math.ceil((node.endBit - node.startBit) / 8);
  };
}

function unknownMethod(call: Call): never {
  throw new Error(`the IR calls "${call.method}" of ${call.object.type.kind}`);
}
