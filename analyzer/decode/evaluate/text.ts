import type { Expr } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import type { Eval } from '../plan.ts';
import { plainSlot } from '../slot.ts';
import { ByteSlice } from '../source.ts';
import { OverLimit } from '../stops.ts';
import { toBytes, toText, unfit } from './narrow.ts';
import { compileNumber } from './number.ts';
import { compileValue } from './value.ts';

export function compileText(c: Compiler, expr: Expr): Eval<string> {
  if (expr.kind === 'string') {
    const value = expr.value;
    return () => value;
  }
  if (expr.kind === 'concat') {
    const left = compileText(c, expr.left);
    const right = compileText(c, expr.right);
    return (n, i, it) => joinedText(left(n, i, it), right(n, i, it));
  }
  const value = compileValue(c, expr);
  return (n, i, it) => toText(value(n, i, it), expr);
}

export function compileBytes(c: Compiler, expr: Expr): Eval<ByteSlice> {
  if (expr.kind === 'bytes') {
    const value = ByteSlice.of(expr.value);
    return () => value;
  }
  if (expr.kind === 'concat') {
    const left = compileBytes(c, expr.left);
    const right = compileBytes(c, expr.right);
    return (n, i, it) => joined(left(n, i, it), right(n, i, it));
  }
  const value = compileValue(c, expr);
  return (n, i, it) => toBytes(value(n, i, it), expr);
}

/** Instances that double one another would soon reach any size. */
const LONGEST_RESULT = 1 << 24;

function joinedText(left: string, right: string): string {
  checkLength(left.length + right.length);
  return left + right;
}

function checkLength(length: number): void {
  if (length <= LONGEST_RESULT) return;
  throw new OverLimit(`a computed text or list of more than ${LONGEST_RESULT.toString()} elements`, false);
}

function joined(left: ByteSlice, right: ByteSlice): ByteSlice {
  checkLength(left.length + right.length);
  const bytes = new Uint8Array(left.length + right.length);
  bytes.set(left.view(), 0);
  bytes.set(right.view(), left.length);
  return ByteSlice.of(bytes);
}

/** Computed octets; of an int outside 0 .. 255 the low eight bits count. */
export function compileByteList(c: Compiler, elements: readonly Expr[]): Eval<ByteSlice> {
  const octets = elements.map((element) => compileNumber(c, element));
  return (n, i, it) => ByteSlice.of(Uint8Array.from(octets, (octet) => octet(n, i, it)));
}

export function compileFormat(c: Compiler, parts: readonly Expr[]): Eval<string> {
  const texts = parts.map((part) => compileFormatPart(c, part));
  return (n, i, it) => {
    let text = '';
    for (const part of texts) text = joinedText(text, part(n, i, it));
    return text;
  };
}

function compileFormatPart(c: Compiler, part: Expr): Eval<string> {
  const value = compileValue(c, part);
  return (n, i, it) => {
    const v = plainSlot(value(n, i, it));
    if (typeof v === 'string') return v;
    if (typeof v === 'number' || typeof v === 'bigint' || typeof v === 'boolean') return v.toString();
    return unfit(v, part);
  };
}
