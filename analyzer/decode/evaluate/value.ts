import type { Expr, ValueType } from '../../../spec/index.ts';
import type { Compiler } from '../compiler.ts';
import { valueOfInstance } from '../instance-value.ts';
import type { OctetStream } from '../octet-stream.ts';
import type { Eval, TypePlan } from '../plan.ts';
import type { Slot } from '../slot.ts';
import { AbsentInput, BadData } from '../stops.ts';
import type { StructNode } from '../struct-node.ts';
import { compileBool } from './bool.ts';
import { compileCall } from './call.ts';
import { convertSlot } from './convert.ts';
import { nameOf, toArray, toNumber, toStream, toStruct } from './narrow.ts';
import { compileBig, compileNumber } from './number.ts';
import { compileByteList, compileBytes, compileFormat, compileText } from './text.ts';

type Member = Extract<Expr, { kind: 'member' }>;
type Subscript = Extract<Expr, { kind: 'subscript' }>;

type CompileKind<K extends Expr['kind']> = (c: Compiler, expr: Extract<Expr, { kind: K }>) => Eval<Slot>;

/** How each kind of expression is compiled; a table, because a switch over all of them would be no clearer. */
const COMPILE: { readonly [K in Expr['kind']]: CompileKind<K> } = {
  int: compileIntValue,
  enum: compileIntValue,
  index: compileIntValue,
  arithmetic: compileIntValue,
  negate: compileIntValue,
  invert: compileIntValue,
  float: compileNumber,
  bool: compileBool,
  not: compileBool,
  logic: compileBool,
  compare: compileBool,
  string: compileText,
  bytes: compileBytes,
  'byte-list': (c, expr) => compileByteList(c, expr.elements),
  concat: (c, expr) => (expr.type.kind === 'string' ? compileText(c, expr) : compileBytes(c, expr)),
  format: (c, expr) => compileFormat(c, expr.parts),
  array: compileArray,
  self: compileStruct,
  root: compileStruct,
  parent: compileStruct,
  io: compileStream,
  it: () => (_, __, it) => it,
  member: compileMember,
  choose: compileChoose,
  subscript: compileSubscript,
  cast: (c, expr) => compileAs(c, expr.operand, expr.type),
  call: compileCall,
};

/** Any expression, in the representation that its type asks for; `undefined` where it is absent. */
export function compileValue(c: Compiler, expr: Expr): Eval<Slot> {
  // The table pairs each kind with its own compiler, which the type of an indexed access does not tell.
  const compile = COMPILE[expr.kind] as (c: Compiler, expr: Expr) => Eval<Slot>;
  return compile(c, expr);
}

function compileIntValue(c: Compiler, expr: Expr): Eval<Slot> {
  return c.isBig(expr.type) ? compileBig(c, expr) : compileNumber(c, expr);
}

/** The expression in the representation of another type (an argument, a branch, a cast); absent stays absent. */
export function compileAs(c: Compiler, expr: Expr, type: ValueType): Eval<Slot> {
  const value = compileValue(c, expr);
  const convert = convertSlot(c, expr.type, type);
  return convert === null ? value : (n, i, it) => convert(value(n, i, it));
}

export function compileStruct(c: Compiler, expr: Expr): Eval<StructNode> {
  if (expr.kind === 'self') return (n) => n;
  if (expr.kind === 'root' || expr.kind === 'parent') {
    const { kind } = expr;
    if (expr.object.kind === 'self') return (n) => n[kind] ?? absent(kind);
    const object = compileStruct(c, expr.object);
    return (n, i, it) => object(n, i, it)[kind] ?? absent(kind);
  }
  const value = compileValue(c, expr);
  return (n, i, it) => toStruct(value(n, i, it), expr);
}

function absent(kind: 'root' | 'parent'): never {
  throw new AbsentInput(`_${kind}`);
}

export function compileStream(c: Compiler, expr: Expr): Eval<OctetStream> {
  if (expr.kind === 'io') {
    const object = compileStruct(c, expr.object);
    return (n, i, it) => object(n, i, it).io;
  }
  const value = compileValue(c, expr);
  return (n, i, it) => toStream(value(n, i, it), expr);
}

function compileMember(c: Compiler, expr: Member): Eval<Slot> {
  const plan = c.plan(expr.owner);
  const slot = plan.slotOf(expr.member);
  const read = expr.member.kind === 'instance' ? readInstance(slot) : readCell(slot);
  if (expr.object.kind === 'self') return read;
  const object = compileStruct(c, expr.object);
  return (n, i, it) => read(ofPlan(object(n, i, it), plan, expr));
}

function readCell(slot: number): (node: StructNode) => Slot {
  return (node) => {
    const cell = node.cells[slot];
    return typeof cell === 'symbol' ? undefined : cell;
  };
}

function readInstance(slot: number): (node: StructNode) => Slot {
  return (node) => {
    const cell = node.cells[slot];
    return typeof cell === 'symbol' ? valueOfInstance(node, slot) : cell;
  };
}

/** A cast is not checked where it stands but where a member is read through it. */
function ofPlan(node: StructNode, plan: TypePlan, expr: Member): StructNode {
  if (node.plan === plan) return node;
  const [is, wanted] = [node.type.path, plan.type.path].map((path) => path.join('::'));
  throw new BadData('wrong-type', `"${nameOf(expr.object)}" is a ${is ?? ''}, not a ${wanted ?? ''}`);
}

function compileChoose(c: Compiler, expr: Extract<Expr, { kind: 'choose' }>): Eval<Slot> {
  const condition = compileBool(c, expr.condition);
  const yes = compileAs(c, expr.yes, expr.type);
  const no = compileAs(c, expr.no, expr.type);
  return (n, i, it) => (condition(n, i, it) ? yes(n, i, it) : no(n, i, it));
}

function compileArray(c: Compiler, { elements, type }: Extract<Expr, { kind: 'array' }>): Eval<Slot> {
  const elementType = type.kind === 'array' ? type.element : type;
  const values = elements.map((element) => compileAs(c, element, elementType));
  return (n, i, it) => values.map((value) => value(n, i, it));
}

function compileSubscript(c: Compiler, expr: Subscript): Eval<Slot> {
  const index = compileNumber(c, expr.index);
  if (expr.object.type.kind === 'bytes') {
    const bytes = compileBytes(c, expr.object);
    return (n, i, it) => {
      const slice = bytes(n, i, it);
      const at = index(n, i, it);
      if (at < 0 || at >= slice.length) throw outOfRange(at, slice.length);
      return slice.source.octets()[slice.start + at];
    };
  }
  const array = compileValue(c, expr.object);
  return (n, i, it) => {
    const elements = toArray(array(n, i, it), expr.object);
    const at = toNumber(index(n, i, it), expr.index);
    if (at < 0 || at >= elements.length) throw outOfRange(at, elements.length);
    return elements[at];
  };
}

function outOfRange(index: number, length: number): BadData {
  return new BadData('out-of-range', `index ${index.toString()} of ${length.toString()} elements`);
}
