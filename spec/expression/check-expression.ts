import type { Expr } from '../ir/expression.ts';
import type { ValueType } from '../ir/value-type.ts';
import { findEnum, visibleEnumNames } from '../passes/find-names.ts';
import { typeName } from '../passes/symbols.ts';
import { checkCast, checkSizeof } from './check-cast.ts';
import { BAD, placeOf } from './check-context.ts';
import type { CheckContext } from './check-context.ts';
import { checkMember, checkName } from './check-members.ts';
import { checkCall } from './check-methods.ts';
import { checkArithmetic, checkCompare, checkLogic, checkUnary } from './check-operators.ts';
import type { ExprAst } from './expression-ast.ts';
import {
  BOOL,
  BYTES,
  commonType,
  describeType,
  FLOAT,
  isPoison,
  OCTET,
  POISON,
  STRING,
} from './value-types.ts';

type Checkers = {
  readonly [K in ExprAst['kind']]: (ast: Extract<ExprAst, { kind: K }>, context: CheckContext) => Expr;
};

const CHECKERS: Checkers = {
  int: ({ value }) => ({ kind: 'int', value, type: { kind: 'int', min: value, max: value } }),
  float: ({ value }) => ({ kind: 'float', value, type: FLOAT }),
  bool: ({ value }) => ({ kind: 'bool', value, type: BOOL }),
  string: ({ value }) => ({ kind: 'string', value, type: STRING }),
  format: checkFormat,
  list: checkList,
  name: (ast, context) => checkName(ast.id, ast.range, context),
  enum: checkEnumValue,
  unary: (ast, context) => checkUnary(ast, checkExpression(ast.operand, context), context),
  logic: (ast, context) => checkLogic(ast, pair(ast, context), context),
  arithmetic: (ast, context) => checkArithmetic(ast, pair(ast, context), context),
  compare: (ast, context) => checkCompare(ast, pair(ast, context), context),
  choose: checkChoose,
  subscript: checkSubscript,
  member: (ast, context) => checkMember(ast, checkExpression(ast.object, context), context),
  call: (ast, context) => checkCall(ast, context, (inner) => checkExpression(inner, context)),
  cast: checkCastOf,
  sizeof: checkSizeof,
};

/** Resolves the names of an expression and types it. Wrong parts are reported and become `BAD`. */
export function checkExpression(ast: ExprAst, context: CheckContext): Expr {
  const check = CHECKERS[ast.kind] as (ast: ExprAst, context: CheckContext) => Expr;
  return check(ast, context);
}

function pair(
  ast: { readonly left: ExprAst; readonly right: ExprAst },
  context: CheckContext,
): readonly [Expr, Expr] {
  return [checkExpression(ast.left, context), checkExpression(ast.right, context)];
}

function checkFormat(ast: Extract<ExprAst, { kind: 'format' }>, context: CheckContext): Expr {
  const parts = ast.parts.map((part) => {
    const checked = checkExpression(part, context);
    const printable = checked.type.kind === 'int' || checked.type.kind === 'string' || isPoison(checked.type);
    if (!printable) {
      context.queries.sink.report('spec/type-mismatch', placeOf(context, part.range), {
        what: 'A part of an f-string',
        expected: 'text or an integer',
        found: describeType(checked.type, context.queries.model),
      });
    }
    return checked;
  });
  return { kind: 'format', parts, type: STRING };
}

/** A list of octets is a byte array; any other list has elements of one type. */
function checkList(ast: Extract<ExprAst, { kind: 'list' }>, context: CheckContext): Expr {
  const elements = ast.elements.map((element) => checkExpression(element, context));
  if (elements.length === 0) {
    context.queries.sink.report('spec/operand-types', placeOf(context, ast.range), {
      operator: '[]',
      operands: 'no element at all: the type of an empty list is not known',
    });
    return BAD;
  }
  return elements.every(isOctet) ? bytesOf(elements) : arrayOf(elements, ast, context);
}

/** An octet, as Kaitai understands a list of numbers: written from -128 to 255, or read as `u1` or `s1`. */
function isOctet(element: Expr): boolean {
  if (element.type.kind !== 'int') return false;
  const { min, max } = element.type;
  if (element.kind === 'int') return min >= 0n && max <= 255n;
  if (element.kind === 'negate') return element.operand.kind === 'int' && min >= -128n;
  const isRead = element.kind === 'member' || element.kind === 'subscript' || element.kind === 'call';
  if (!isRead && element.kind !== 'cast') return false;
  return (min === 0n && max === 255n) || (min === -128n && max === 127n);
}

export function bytesOf(elements: readonly Expr[]): Expr {
  const constant = elements.map((element) =>
    element.type.kind === 'int' && element.type.min === element.type.max ? element.type.min : undefined,
  );
  if (constant.every((octet) => octet !== undefined)) {
    return {
      kind: 'bytes',
      value: Uint8Array.from(constant, (octet) => Number(BigInt.asUintN(8, octet))),
      type: BYTES,
    };
  }
  return { kind: 'byte-list', elements, type: BYTES };
}

function arrayOf(elements: readonly Expr[], ast: ExprAst, context: CheckContext): Expr {
  const [first, ...others] = elements;
  let element: ValueType = first?.type ?? POISON;
  for (const other of others) {
    const common = commonType(element, other.type);
    if (common === undefined) {
      const { model, sink } = context.queries;
      const operands = `${describeType(element, model)} and ${describeType(other.type, model)}`;
      sink.report('spec/operand-types', placeOf(context, ast.range), { operator: '[ , ]', operands });
      return BAD;
    }
    element = common;
  }
  return { kind: 'array', elements, type: { kind: 'array', element } };
}

function checkEnumValue(ast: Extract<ExprAst, { kind: 'enum' }>, context: CheckContext): Expr {
  const { model, sink } = context.queries;
  const { self } = context.scope;
  const path = [...ast.typePath, ast.enum];
  const symbol = findEnum(model, self, path, ast.absolute);
  if (symbol === undefined) {
    const help = sink.suggest(ast.enum, () => visibleEnumNames(self));
    const params = { name: path.join('::'), from: typeName(self) };
    sink.report('spec/unknown-enum', placeOf(context, ast.range), params, { help });
    return BAD;
  }
  const member = symbol.decl.values.find((candidate) => candidate.id.value === ast.member);
  if (member === undefined) {
    const help = sink.suggest(ast.member, () => symbol.decl.values.map((candidate) => candidate.id.value));
    const params = { enum: path.join('::'), name: ast.member };
    const notes = [{ message: 'The enum is defined here.', place: symbol.decl.place }];
    sink.report('spec/unknown-enum-member', placeOf(context, ast.range), params, { help, notes });
    return BAD;
  }
  return {
    kind: 'enum',
    enum: symbol.id,
    value: member.value,
    name: ast.member,
    type: { kind: 'enum', enum: symbol.id },
  };
}

function checkChoose(ast: Extract<ExprAst, { kind: 'choose' }>, context: CheckContext): Expr {
  const { model, sink } = context.queries;
  const condition = checkExpression(ast.condition, context);
  const yes = checkExpression(ast.yes, context);
  const no = checkExpression(ast.no, context);
  if (condition.type.kind !== 'bool' && !isPoison(condition.type)) {
    sink.report('spec/type-mismatch', placeOf(context, ast.condition.range), {
      what: 'The condition before "?"',
      expected: 'a boolean',
      found: describeType(condition.type, model),
    });
  }
  const type = commonType(yes.type, no.type);
  if (type === undefined) {
    const operands = `${describeType(yes.type, model)} and ${describeType(no.type, model)}`;
    sink.report('spec/operand-types', placeOf(context, ast.range), { operator: '? :', operands });
    return BAD;
  }
  return { kind: 'choose', condition, yes, no, type };
}

function checkSubscript(ast: Extract<ExprAst, { kind: 'subscript' }>, context: CheckContext): Expr {
  const { model, sink } = context.queries;
  const object = checkExpression(ast.object, context);
  const index = checkExpression(ast.index, context);
  if (index.type.kind !== 'int' && !isPoison(index.type)) {
    const found = describeType(index.type, model);
    const params = { what: 'A subscript', expected: 'an integer', found };
    sink.report('spec/type-mismatch', placeOf(context, ast.index.range), params);
  }
  if (isPoison(object.type)) return BAD;
  if (object.type.kind === 'array') return { kind: 'subscript', object, index, type: object.type.element };
  if (object.type.kind === 'bytes') return { kind: 'subscript', object, index, type: OCTET };
  const operands = describeType(object.type, model);
  sink.report('spec/operand-types', placeOf(context, ast.range), { operator: '[ ]', operands });
  return BAD;
}

/** A list that is cast chooses by the cast whether it is octets or numbers; an empty one has no other type. */
function checkCastOf(ast: Extract<ExprAst, { kind: 'cast' }>, context: CheckContext): Expr {
  const isEmptyList = ast.operand.kind === 'list' && ast.operand.elements.length === 0;
  const operand: Expr = isEmptyList
    ? { kind: 'array', elements: [], type: { kind: 'array', element: { kind: 'any' } } }
    : checkExpression(ast.operand, context);
  return checkCast(ast, operand, context, bytesOf);
}
