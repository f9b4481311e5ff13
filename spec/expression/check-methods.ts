import type { Expr, Method } from '../ir/expression.ts';
import type { ValueType } from '../ir/value-type.ts';
import { BAD, placeOf } from './check-context.ts';
import type { CheckContext } from './check-context.ts';
import { canonicalEncoding, knownEncodings, readableEncoding } from './encodings.ts';
import type { ExprAst } from './expression-ast.ts';
import { ANY_INT, BOOL, BYTES, describeType, isPoison, OCTET, POSITION, STRING } from './value-types.ts';

/** What a value of some kind can be asked. `args`: kinds of the arguments, `'encoding'` = a literal name. */
interface MethodRule {
  readonly method: Method;
  readonly args: readonly ('int' | 'encoding')[];
  /** How many of the arguments may be left away. */
  readonly optional: number;
  readonly ours: boolean;
  readonly result: (receiver: ValueType) => ValueType;
}

function rule(method: Method, result: ValueType, args: MethodRule['args'] = [], optional = 0): MethodRule {
  return { method, args, optional, ours: false, result: () => result };
}

function ofElement(method: Method): MethodRule {
  return {
    ...rule(method, ANY_INT),
    result: (receiver) => (receiver.kind === 'array' ? receiver.element : OCTET),
  };
}

const ENDS = {
  first: ofElement('first'),
  last: ofElement('last'),
  min: ofElement('min'),
  max: ofElement('max'),
};

const RULES: Readonly<Record<ValueType['kind'], Readonly<Partial<Record<string, MethodRule>>>>> = {
  int: { to_s: rule('to-s', STRING) },
  float: { to_i: rule('to-i', ANY_INT) },
  bool: { to_i: rule('to-i', { kind: 'int', min: 0n, max: 1n }) },
  enum: {
    to_i: rule('to-i', ANY_INT),
    name: { ...rule('name', STRING), ours: true },
  },
  string: {
    length: rule('length', POSITION),
    reverse: rule('reverse', STRING),
    to_i: rule('to-i', ANY_INT, ['int'], 1),
    substring: rule('substring', STRING, ['int', 'int']),
    to_b: rule('to-b', BYTES, ['encoding']),
  },
  bytes: {
    length: rule('length', POSITION),
    size: rule('length', POSITION),
    to_s: rule('to-s', STRING, ['encoding']),
    ...ENDS,
    is_utf8: { ...rule('is-utf8', BOOL), ours: true },
  },
  array: { size: rule('size', POSITION), ...ENDS },
  io: { pos: rule('pos', POSITION), size: rule('size', POSITION), eof: rule('eof', BOOL) },
  struct: {},
  any: {},
};

/** `object.id` of something that is no struct. */
export function checkProperty(
  ast: Extract<ExprAst, { kind: 'member' }>,
  object: Expr,
  context: CheckContext,
): Expr {
  const found = findRule(ast, object, context);
  if (found === undefined) return BAD;
  if (found.args.length > found.optional) return refuseArguments(ast, found, 'nothing', context);
  return call(found, object, [], context);
}

/** `object.method(arguments)`. */
export function checkCall(
  ast: Extract<ExprAst, { kind: 'call' }>,
  context: CheckContext,
  check: (inner: ExprAst) => Expr,
): Expr {
  const { callee } = ast;
  if (callee.kind !== 'member') {
    const params = { type: 'a value by itself', name: '(...)' };
    context.queries.sink.report('spec/unknown-method', placeOf(context, ast.range), params);
    return BAD;
  }
  const object = check(callee.object);
  const args = ast.args.map(check);
  if (isPoison(object.type)) return BAD;
  const found = findRule(callee, object, context);
  if (found === undefined) return BAD;
  if (!fits(found, args)) {
    const { model } = context.queries;
    const given = args.map((argument) => describeType(argument.type, model)).join(', ');
    return refuseArguments(callee, found, given === '' ? 'nothing' : given, context);
  }
  warnOfEncodings(ast, found, args, context);
  return call(found, object, args, context);
}

function warnOfEncodings(
  ast: Extract<ExprAst, { kind: 'call' }>,
  { args: kinds }: MethodRule,
  args: readonly Expr[],
  context: CheckContext,
): void {
  for (const [index, argument] of args.entries()) {
    if (kinds[index] !== 'encoding' || argument.kind !== 'string') continue;
    if (canonicalEncoding(argument.value) !== undefined) continue;
    const params = { found: argument.value, readAs: readableEncoding(argument.value) };
    const place = placeOf(context, ast.args[index]?.range ?? ast.range);
    const help = context.queries.sink.suggest(argument.value, knownEncodings);
    context.queries.sink.report('spec/unknown-encoding', place, params, { help });
  }
}

function findRule(
  ast: Extract<ExprAst, { kind: 'member' }>,
  object: Expr,
  context: CheckContext,
): MethodRule | undefined {
  const { model, sink } = context.queries;
  const rules = RULES[object.type.kind];
  const found = Object.hasOwn(rules, ast.id) ? rules[ast.id] : undefined;
  if (found !== undefined && (!found.ours || context.scope.wire)) return found;
  const known = Object.keys(rules).filter((name) => context.scope.wire || rules[name]?.ours !== true);
  const all = known.length > 0 ? `It has: ${known.join(', ')}.` : undefined;
  const help =
    found !== undefined
      ? 'It can be used inside "-wireshark" only: the official compiler does not know it.'
      : (sink.suggest(ast.id, () => known) ?? all);
  const params = { type: describeType(object.type, model), name: ast.id };
  sink.report('spec/unknown-method', placeOf(context, ast.idRange), params, { help });
  return undefined;
}

function fits(found: MethodRule, args: readonly Expr[]): boolean {
  if (args.length > found.args.length || args.length < found.args.length - found.optional) return false;
  return args.every((argument, index) => {
    if (isPoison(argument.type)) return true;
    return found.args[index] === 'encoding' ? argument.kind === 'string' : argument.type.kind === 'int';
  });
}

function refuseArguments(
  ast: Extract<ExprAst, { kind: 'member' }>,
  found: MethodRule,
  given: string,
  context: CheckContext,
): Expr {
  const words = found.args.map((kind) =>
    kind === 'int' ? 'an integer' : 'the name of an encoding in quotes',
  );
  const expected = words.length === 0 ? 'no arguments' : `(${words.join(', ')})`;
  const params = { method: ast.id, expected, found: given };
  context.queries.sink.report('spec/wrong-arguments', placeOf(context, ast.range), params);
  return BAD;
}

function call(found: MethodRule, object: Expr, args: readonly Expr[], context: CheckContext): Expr {
  const checkedArgs = args.map((argument, index) =>
    found.args[index] === 'encoding' && argument.kind === 'string'
      ? { ...argument, value: readableEncoding(argument.value) }
      : argument,
  );
  // The number of an enum's value is any that its field can hold: the data need not obey the enum.
  const type =
    object.type.kind === 'enum' && found.method === 'to-i'
      ? context.queries.enumInterval(object)
      : found.result(object.type);
  return { kind: 'call', method: found.method, object, args: checkedArgs, type };
}
