import type { Expr, Method } from '../../spec/index.ts';
import { binary, call, comparison, PRECEDENCE, prefix, primary, within } from '../lua/lua-expr.ts';
import type { LuaExpr } from '../lua/lua-expr.ts';
import { Unsupported } from '../unsupported.ts';
import { isWide } from './compile.ts';
import type { Compile } from './compile.ts';
import type { CompileContext, Scope } from './context.ts';

type CallExpr = Expr & { readonly kind: 'call' };

/** A method call; what a method does depends on its receiver (see `Method` in the IR). */
export function compileMethod(
  context: CompileContext,
  scope: Scope,
  expr: CallExpr,
  compile: Compile,
): LuaExpr {
  switch (expr.object.type.kind) {
    case 'int':
      return ofInt(context, expr, compile);
    case 'enum':
      return ofEnum(context, expr, compile);
    case 'bool':
      return binary(
        'or',
        PRECEDENCE.or,
        binary('and', PRECEDENCE.and, compile(expr.object), primary('1')),
        primary('0'),
      );
    case 'float':
      return call(context.helpers.use('truncate'), [compile(expr.object)], true);
    case 'bytes':
      return ofBytes(context, expr, compile);
    case 'string':
      return ofString(context, expr, compile);
    case 'array':
      return ofArray(context, expr, compile);
    case 'io':
      return ofStream(context, scope, expr, compile);
    case 'struct':
    case 'any':
      throw new Unsupported(`the method "${expr.method}" of an object`);
  }
}

function ofInt(context: CompileContext, expr: CallExpr, compile: Compile): LuaExpr {
  const object = compile(expr.object);
  if (expr.method !== 'to-s') return object;
  if (isWide(expr.object.type)) return call(context.helpers.use('wide_text'), [object]);
  return call('format', [primary('"%d"'), object]);
}

function ofEnum(context: CompileContext, expr: CallExpr, compile: Compile): LuaExpr {
  const object = compile(expr.object);
  if (expr.method !== 'name' || expr.object.type.kind !== 'enum') return object;
  context.namedEnums.add(expr.object.type.enum);
  return call(context.helpers.use('name_of'), [
    primary(`names.${context.plan.names.enum(expr.object.type.enum)}`),
    object,
  ]);
}

interface Receiver {
  readonly context: CompileContext;
  readonly expr: CallExpr;
  readonly object: LuaExpr;
  readonly args: readonly LuaExpr[];
}
type Methods = Readonly<Partial<Record<Method, (receiver: Receiver) => LuaExpr>>>;

const BYTES_METHODS: Methods = {
  length: ({ object }) => lengthOf(object),
  size: ({ object }) => lengthOf(object),
  'is-utf8': ({ context, object }) => call(context.helpers.use('is_utf8'), [object]),
  'to-s': decodeText,
  first: octetExtreme,
  last: octetExtreme,
  min: octetExtreme,
  max: octetExtreme,
};

const STRING_METHODS: Methods = {
  length: ({ context, object }) => call(context.helpers.use('text_length'), [object]),
  'to-i': ({ context, object, args }) => call(context.helpers.use('parse_int'), [object, ...args], true),
  reverse: ({ context, object }) => call(context.helpers.use('text_reverse'), [object]),
  substring: ({ context, object, args }) =>
    call(context.helpers.use('text_substring'), [object, ...args], true),
  'to-b': decodeText,
  'to-s': ({ object }) => object,
};

function ofBytes(context: CompileContext, expr: CallExpr, compile: Compile): LuaExpr {
  return applied(BYTES_METHODS, context, expr, compile);
}

function ofString(context: CompileContext, expr: CallExpr, compile: Compile): LuaExpr {
  return applied(STRING_METHODS, context, expr, compile);
}

function applied(methods: Methods, context: CompileContext, expr: CallExpr, compile: Compile): LuaExpr {
  const method = methods[expr.method];
  if (method === undefined) throw new Unsupported(`the method "${expr.method}" of ${expr.object.type.kind}`);
  return method({ context, expr, object: compile(expr.object), args: expr.args.map(compile) });
}

/** Texts are kept as their octets in UTF-8; ASCII is a part of it. */
function decodeText({ expr, object }: Receiver): LuaExpr {
  const encoding = expr.args[0];
  if (encoding?.kind === 'string' && /^(utf-8|ascii)$/iu.test(encoding.value)) return object;
  throw new Unsupported('decoding text other than UTF-8 and ASCII in an expression');
}

function octetExtreme({ context, expr, object }: Receiver): LuaExpr {
  context.helpers.use('octet_extremes');
  return call(`octets_${expr.method}`, [object], true);
}

function ofArray(context: CompileContext, expr: CallExpr, compile: Compile): LuaExpr {
  const object = compile(expr.object);
  if (expr.method === 'size' || expr.method === 'length') return lengthOf(object);
  const element = expr.object.type.kind === 'array' ? expr.object.type.element : expr.type;
  if (isWide(element)) throw new Unsupported('comparing array elements beyond 53 bits');
  context.helpers.use('array_extremes');
  return call(`array_${expr.method}`, [object], true);
}

/** `_io.pos` and the like. While the object itself is being read the position is in a local. */
function ofStream(context: CompileContext, scope: Scope, expr: CallExpr, compile: Compile): LuaExpr {
  const stream = compile(expr.object);
  const here = expr.object.kind === 'io' && expr.object.object.kind === 'self';
  const position = here && scope.position !== null ? scope.position : `${prefix(stream)}.at`;
  const end = `#${prefix(stream)}.bytes`;
  if (expr.method === 'eof') return comparison('>', primary(position, stream.fallible), primary(end));
  if (expr.method === 'size') return { text: end, precedence: PRECEDENCE.unary, fallible: stream.fallible };
  return binary('-', PRECEDENCE.add, primary(position, stream.fallible), primary(`${prefix(stream)}.first`));
}

function lengthOf(object: LuaExpr): LuaExpr {
  return {
    text: `#${within(object, PRECEDENCE.unary)}`,
    precedence: PRECEDENCE.unary,
    fallible: object.fallible,
  };
}
