import type { Expr } from '../ir/expression.ts';
import type { ValueType } from '../ir/value-type.ts';
import { findType, visibleTypeNames } from '../passes/find-names.ts';
import { typeName } from '../passes/symbols.ts';
import { valueTypeName } from '../syntax/read-type-use.ts';
import type { TypeName } from '../syntax/spec-ast.ts';
import { BAD, placeOf } from './check-context.ts';
import type { CheckContext } from './check-context.ts';
import type { ExprAst, TextRange, WrittenType } from './expression-ast.ts';
import {
  BOOL,
  BYTES,
  describeType,
  FLOAT,
  IO,
  isPoison,
  NO_STRUCT,
  POISON,
  signedType,
  STRING,
  unsignedType,
} from './value-types.ts';

/** `operand.as<type>`. A cast says what is already known of a value; it converts nothing. */
export function checkCast(
  ast: Extract<ExprAst, { kind: 'cast' }>,
  operand: Expr,
  context: CheckContext,
  bytesOf: (elements: readonly Expr[]) => Expr,
): Expr {
  const target = writtenType(ast.type, context);
  if (isPoison(target) || isPoison(operand.type)) return isPoison(target) ? BAD : { ...BAD, type: POISON };
  if (operand.kind === 'array' && target.kind === 'bytes') return bytesOf(operand.elements);
  if (operand.kind === 'bytes' && target.kind === 'array') return octetsAsList(operand.value, target);
  if (operand.kind === 'byte-list' && target.kind === 'array') {
    return { kind: 'array', elements: operand.elements, type: target };
  }
  const type = castType(operand, target, context);
  if (type === undefined) {
    const { model, sink } = context.queries;
    const params = {
      what: `The operand of ".as<${ast.type.path.join('::')}>"`,
      expected: describeType(target, model),
      found: describeType(operand.type, model),
    };
    sink.report('spec/type-mismatch', placeOf(context, ast.range), params);
    return BAD;
  }
  return { kind: 'cast', operand, type };
}

function octetsAsList(octets: Uint8Array, target: ValueType): Expr {
  const elements = [...octets].map((octet): Expr => {
    const value = BigInt(octet);
    return { kind: 'int', value, type: { kind: 'int', min: value, max: value } };
  });
  return { kind: 'array', elements, type: target };
}

/** The type after the cast; undefined: it cannot be right for any data. An int stays within its own interval. */
function castType(operand: Expr, target: ValueType, context: CheckContext): ValueType | undefined {
  const from = operand.type;
  if (from.kind === 'any' || target.kind === 'any') return target;
  if (target.kind === 'int') {
    if (from.kind === 'int') return from;
    return from.kind === 'enum' ? context.queries.enumInterval(operand) : undefined;
  }
  if (target.kind === 'float') return from.kind === 'int' || from.kind === 'float' ? target : undefined;
  return from.kind === target.kind ? target : undefined;
}

function writtenType(written: WrittenType, context: CheckContext): ValueType {
  const element = elementType(written, context);
  return written.array ? { kind: 'array', element } : element;
}

function elementType(written: WrittenType, context: CheckContext): ValueType {
  const { model, sink } = context.queries;
  const { self } = context.scope;
  const [first] = written.path;
  const primitive =
    written.path.length === 1 && !written.absolute && first !== undefined ? valueTypeName(first) : undefined;
  if (primitive !== undefined) return primitiveType(primitive);
  const symbol = findType(model, self, written.path, written.absolute);
  if (symbol !== undefined) return { kind: 'struct', type: model.typeIds.get(symbol) ?? null };
  if (self.file.opaqueTypes) return NO_STRUCT;
  const name = written.path.join('::');
  const help = sink.suggest(name, () => visibleTypeNames(model, self));
  sink.report('spec/unknown-type', placeOf(context, written.range), { name, from: typeName(self) }, { help });
  return POISON;
}

/** The type of values that a type's name stands for; of a user type, nothing is known here. */
export function primitiveType(name: TypeName): ValueType {
  switch (name.kind) {
    case 'number':
      if (name.numberKind === 'f') return FLOAT;
      return name.numberKind === 'u' ? unsignedType(8 * name.octets) : signedType(8 * name.octets);
    case 'bits':
      return name.width === 1 ? BOOL : unsignedType(name.width);
    case 'str':
      return STRING;
    case 'bytes':
      return BYTES;
    case 'bool':
      return BOOL;
    case 'io':
      return IO;
    case 'struct':
      return NO_STRUCT;
    case 'any':
      return { kind: 'any' };
    case 'array':
      return { kind: 'array', element: primitiveType(name.element) };
    case 'user':
      return NO_STRUCT;
    case 'broken':
      return POISON;
  }
}

/** `sizeof<type>`, `bitsizeof<type>`: a constant. */
export function checkSizeof(ast: Extract<ExprAst, { kind: 'sizeof' }>, context: CheckContext): Expr {
  const { path, absolute } = ast.type;
  const type = elementType({ ...ast.type, array: false }, context);
  if (isPoison(type)) return BAD;
  const primitive = path.length === 1 && !absolute ? valueTypeName(path[0] ?? '') : undefined;
  const bits = primitive === undefined ? structBits(type, context) : primitiveBits(primitive);
  return constantSize(bits, ast.unit, { what: `The type "${path.join('::')}"`, range: ast.range }, context);
}

function primitiveBits(name: TypeName): number | undefined {
  if (name.kind === 'number') return 8 * name.octets;
  return name.kind === 'bits' ? name.width : undefined;
}

function structBits(type: ValueType, context: CheckContext): number | undefined {
  const { queries } = context;
  const symbol =
    type.kind === 'struct' && type.type !== null ? queries.model.typesById[type.type] : undefined;
  return symbol === undefined ? undefined : queries.typeBits(symbol);
}

/** `object._sizeof`: octets of the object, or of one element of a list. */
export function checkSizeofValue(object: Expr, range: TextRange, context: CheckContext): Expr {
  if (isPoison(object.type)) return BAD;
  return constantSize(valueBits(object, context), 'octets', { what: 'This', range }, context);
}

function valueBits(object: Expr, context: CheckContext): number | undefined {
  const { queries } = context;
  if (object.kind === 'member') {
    const owner = queries.model.typesById[object.owner];
    const member = owner?.members.get(object.member.id);
    if (member !== undefined && member.kind !== 'param') return queries.memberBits(member);
  }
  return structBits(object.type, context);
}

function constantSize(
  bits: number | undefined,
  unit: 'octets' | 'bits',
  what: { readonly what: string; readonly range: TextRange },
  context: CheckContext,
): Expr {
  if (bits === undefined) {
    context.queries.sink.report('spec/no-static-size', placeOf(context, what.range), { what: what.what });
    return BAD;
  }
  const value = BigInt(unit === 'bits' ? bits : Math.ceil(bits / 8));
  return { kind: 'int', value, type: { kind: 'int', min: value, max: value } };
}
